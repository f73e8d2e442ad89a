import { DeskClientError, isServerRefusal } from './error.ts'

/** Sends one request below `/desk/api/`. A browser keeps the cookie itself; elsewhere `keepCookies` does. */
export type Transport = (path: string, init: RequestInit) => Promise<Response>

export interface Connection {
  readonly get: <Answer>(path: string) => Promise<Answer>
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>
}

/**
 * JSON both ways. The server is not trusted with more than carrying bytes: what matters in an answer is
 * opened or verified by whoever asked for it, so its shape is taken as declared.
 */
export function connect(transport: Transport): Connection {
  return {
    get: (path) => ask(transport, path, { method: 'GET' }),
    post: (path, body) =>
      ask(transport, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}

async function ask<Answer>(transport: Transport, path: string, init: RequestInit) {
  const response = await send(transport, path, init)
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Answer
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : ''
  throw new DeskClientError(isServerRefusal(code) ? code : 'unavailable', `HTTP ${response.status}`)
}

async function send(transport: Transport, path: string, init: RequestInit): Promise<Response> {
  try {
    return await transport(path, init)
  } catch (cause) {
    throw new DeskClientError('offline', 'the service does not answer', cause)
  }
}

/** The page's own server, with the cookie that scripts cannot see. */
export const browserTransport: Transport = (path, init) =>
  fetch(`/desk/api/${path}`, { ...init, credentials: 'same-origin', cache: 'no-store' })

/** For programs that are not browsers: remembers the session's cookie and says where it comes from. */
export function keepCookies(
  baseUrl: string,
  send: (url: string, init: RequestInit) => Promise<Response>,
): Transport {
  let cookie = ''
  return async (path, init) => {
    const headers = new Headers(init.headers)
    headers.set('origin', new URL(baseUrl).origin)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await send(`${baseUrl}/desk/api/${path}`, { ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      cookie = /max-age=0/i.test(set) ? '' : (set.split(';')[0] ?? '')
    }
    return response
  }
}
