import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMap } from '../../test/support/read-map.ts'
import { somePersons } from '../../test/support/tiny-examples.ts'
import { sha256 } from '../../test/support/tiny-log.ts'
import { TinyRegister } from '../../test/support/tiny-register.ts'
import { nativeEd25519Verify } from '../main/native-ed25519.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { formatMonitorState, type MonitorState, parseMonitorState } from './monitor-state.ts'
import { verifySince } from './verify-since.ts'

/** Seven bundles, and what a look at them reads of the declarations. */
async function watched() {
  const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
  await register.declare(...somePersons(0, 1600)).publish('2026-01-02')
  const look = async (state: MonitorState | null, recheckBundles: number) => {
    const { read } = readMap(register.files)
    const paths: string[] = []
    const counting = (path: string, maxBytes: number) => {
      paths.push(path)
      return read(path, maxBytes)
    }
    const { state: next } = await verifySince(state, counting, {
      policy: parsePolicy(register.policyText),
      sha256,
      ed25519Verify: nativeEd25519Verify,
      now: 0,
      maxAgeSeconds: 1,
      recheckBundles,
    })
    const numbers = (folder: RegExp) =>
      paths.flatMap((path) => folder.exec(path)?.[1] ?? []).toSorted()
    return {
      state: parseMonitorState(formatMonitorState(next)),
      entries: numbers(/^log\/declarations\/tile\/entries\/(\d{3})(?:\.p\/88)?$/),
      content: numbers(/^content\/(\d{3})$/),
    }
  }
  return { register, look }
}

test('a look reads the bundles that are new or that new events speak of', async () => {
  const { register, look } = await watched()
  const { state } = await look(null, 0)
  register.act({ type: 'withdraw', index: 300 }, { kind: 'author-by-desk' })
  register.hide(300, 'body', 'name', 'about')
  register.log({ type: 'flag', reason: 'spam', ranges: [{ first: 1000, end: 1030 }] })
  await register.declare(...somePersons(0, 200)).publish('2026-01-03')
  const { content } = await look(state, 0)
  assert.deepEqual(content, ['001', '003', '004', '006', '007'])
})

test('the old content is read again in turns', async () => {
  const { look } = await watched()
  let { state } = await look(null, 0)
  const seen: string[][] = []
  for (let i = 0; i < 4; i++) {
    const turn = await look(state, 2)
    seen.push(turn.content.filter((bundle) => bundle !== '006'))
    state = turn.state
  }
  // The last bundle, which is not full, is read every time.
  assert.deepEqual(seen, [['000', '001'], ['002', '003'], ['004', '005'], ['000']])
})

test('what a look counts on from the last state is what a look from the beginning counts', async () => {
  const { register, look } = await watched()
  let { state } = await look(null, 0)
  for (let i = 0; i < 4; i++) {
    register.act({ type: 'withdraw', index: 10 * i }, { kind: 'author-by-desk' })
    register.hide(10 * i, 'body', 'name', 'about')
    const flag = i % 2 === 0 ? ('flag' as const) : ('unflag' as const)
    register.log({ type: flag, reason: 'spam', ranges: [{ first: 5 * i, end: 700 }] })
    await register.declare(...somePersons(0, 90)).publish(`2026-01-0${3 + i}`)
    state = (await look(state, 0)).state
    assert.deepEqual(state.tally, (await look(null, 0)).state.tally)
  }
})
