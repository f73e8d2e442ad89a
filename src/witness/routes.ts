import { Hono } from 'hono'
import { HttpError } from '../http/error-response.ts'
import { readBody } from '../http/read-body.ts'
import { formatAddCheckpointResponse, MAX_ADD_CHECKPOINT_BYTES } from '../tlog/witness-message.ts'
import { WitnessError } from './error.ts'
import type { Witness } from './witness.ts'

/** The submission prefix of a witness. `onFault` is told the code of what went wrong on our side, and nothing of who asked. */
export function createWitnessRoutes(witness: Witness, onFault: (code: string) => void): Hono {
  const routes = new Hono()
  routes.get('/', () => text(200, `${witness.vkey}\n`))
  routes.post('/add-checkpoint', async (c) => {
    const body = await readBody(c.req.raw, MAX_ADD_CHECKPOINT_BYTES)
    const answer = formatAddCheckpointResponse(await witness.addCheckpoint(body))
    return new Response(Uint8Array.from(answer.body), {
      status: answer.status,
      headers: { 'content-type': answer.contentType, 'cache-control': 'no-store' },
    })
  })
  routes.notFound(() => text(404, 'not found\n'))
  routes.onError((error) => {
    if (error instanceof HttpError) return text(error.status, `${error.code}\n`)
    const code = error instanceof WitnessError ? error.code : 'unexpected'
    onFault(code)
    return text(code === 'busy' ? 503 : 500, `${code}\n`)
  })
  return routes
}

function text(status: number, body: string): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
