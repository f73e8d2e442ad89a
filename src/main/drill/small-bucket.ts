import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

export interface SmallBucket extends AsyncDisposable {
  readonly url: string
}

/** As much of an object store as the publisher asks of one, on a folder that the drill can search. Takes any key. */
export async function startSmallBucket(folder: string): Promise<SmallBucket> {
  await mkdir(folder, { recursive: true })
  const server = createServer((request, response) => {
    answer(folder, request).then(
      ({ status, body }) => response.writeHead(status).end(body),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  folder: string,
  request: IncomingMessage,
): Promise<{ readonly status: number; readonly body?: Uint8Array }> {
  const path = join(folder, decodeURIComponent(request.url ?? '/'))
  switch (request.method) {
    case 'GET':
      return existsSync(path) ? { status: 200, body: await readFile(path) } : { status: 404 }
    case 'PUT': {
      const chunks: Buffer[] = await request.toArray()
      if (request.headers['if-none-match'] === '*' && existsSync(path)) return { status: 412 }
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, Buffer.concat(chunks))
      return { status: 200 }
    }
    case 'DELETE':
      await rm(path, { force: true })
      return { status: 204 }
    default:
      return { status: 501 }
  }
}
