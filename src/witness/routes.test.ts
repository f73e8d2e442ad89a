import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_ADD_CHECKPOINT_BYTES } from '../tlog/witness-message.ts'
import { WitnessError } from './error.ts'
import { createWitnessRoutes } from './routes.ts'
import type { Witness } from './witness.ts'

const vkey = 'w.example+00000000+AAAA'

function routesOf(addCheckpoint: Witness['addCheckpoint'], faults: string[] = []) {
  return createWitnessRoutes({ vkey, addCheckpoint }, (code) => faults.push(code))
}

const post = (body: string | Uint8Array<ArrayBuffer>) => ({ method: 'POST', body })

test('a conflict is answered with the size in its own content type', async () => {
  const routes = routesOf(async () => ({ outcome: 'conflict', size: 12 }))
  const response = await routes.request('/add-checkpoint', post('x'))
  assert.equal(response.status, 409)
  assert.equal(response.headers.get('content-type'), 'text/x.tlog.size')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(await response.text(), '12\n')
})

test('each refusal has the status of the specification', async () => {
  const statuses = [
    ['malformed', 400],
    ['bad_signature', 403],
    ['unknown_log', 404],
    ['inconsistent', 422],
  ] as const
  for (const [reason, status] of statuses) {
    const routes = routesOf(async () => ({ outcome: 'refused', reason }))
    const response = await routes.request('/add-checkpoint', post('x'))
    assert.equal(response.status, status)
    assert.equal(await response.text(), `${reason}\n`)
  }
})

test('a body above the bound is turned away unread by the witness', async () => {
  let asked = 0
  const routes = routesOf(async () => {
    asked++
    return { outcome: 'refused', reason: 'malformed' }
  })
  const large = new Uint8Array(MAX_ADD_CHECKPOINT_BYTES + 1)
  const refused = await routes.request('/add-checkpoint', post(large))
  assert.deepEqual([refused.status, asked], [413, 0])
  const fitting = await routes.request('/add-checkpoint', post(large.subarray(1)))
  assert.deepEqual([fitting.status, asked], [400, 1])
})

test('what fails on our side is told by its code, to the operator too', async () => {
  const faults: string[] = []
  const busy = routesOf(() => Promise.reject(new WitnessError('busy', 'm')), faults)
  const full = routesOf(() => Promise.reject(new WitnessError('not_stored', 'm')), faults)
  const odd = routesOf(() => Promise.reject(new Error('secret path')), faults)
  const answers = []
  for (const routes of [busy, full, odd]) {
    const response = await routes.request('/add-checkpoint', post('x'))
    answers.push([response.status, await response.text()])
  }
  assert.deepEqual(answers, [
    [503, 'busy\n'],
    [500, 'not_stored\n'],
    [500, 'unexpected\n'],
  ])
  assert.deepEqual(faults, ['busy', 'not_stored', 'unexpected'])
})

test('the key is shown, everything else is not found', async () => {
  const routes = routesOf(async () => ({ outcome: 'conflict', size: 1 }))
  assert.equal(await (await routes.request('/')).text(), `${vkey}\n`)
  assert.equal((await routes.request('/add-checkpoint')).status, 404)
  assert.equal((await routes.request('/other', post('x'))).status, 404)
})
