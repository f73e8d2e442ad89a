import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { MainError } from './error.ts'

export interface Service extends AsyncDisposable {
  readonly port: number
}

/** How long a request in progress may take after Ctrl-C before its connection is cut. */
const CLOSE_GRACE_MS = 5000

/** Serves on one address. Slow senders are cut off by Node's own limits; nothing about a connection is logged. */
export async function serve(
  app: Hono,
  address: { readonly host: string; readonly port: number },
): Promise<Service> {
  const server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      maxHeaderSize: 16_384,
      keepAliveTimeout: 10_000,
    },
    getRequestListener(app.fetch),
  )
  await listen(server, address)
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    [Symbol.asyncDispose]: () => close(server),
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is in use: is Avow running already? Set AVOW_PORT for another`
          : `cannot listen on ${host}:${port}`
      reject(new MainError('cannot_listen', why, { cause }))
    })
    server.listen(port, host, resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
