import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ArrivalPath } from '../intake/abuse/arrival-path.ts'
import { MainError } from './error.ts'

export interface Service extends AsyncDisposable {
  readonly port: number
}

export interface Listener {
  readonly host: string
  readonly port: number
  /** Which path requests on this address belong to; rooms find it in a request's environment. */
  readonly arrival?: ArrivalPath
}

/** How long a request in progress may take after Ctrl-C before its connection is cut. */
const CLOSE_GRACE_MS = 5000

/** Serves on one address. Slow senders are cut off by Node's own limits; nothing about a connection is logged. */
export async function serve(app: Hono, address: Listener): Promise<Service> {
  const environment = { arrival: address.arrival ?? 'plain' }
  const server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      maxHeaderSize: 16_384,
      keepAliveTimeout: 10_000,
    },
    getRequestListener((request) => app.fetch(request, environment)),
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
