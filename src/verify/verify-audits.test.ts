import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, verifyTiny } from '../../test/support/find-lie.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { fixedBytes, sha256 } from '../../test/support/tiny-log.ts'
import type { StagedEvent, TinyRegister } from '../../test/support/tiny-register.ts'
import { drawIndices } from '../declaration/audit-draw.ts'
import { toHex } from '../encoding/hex.ts'
import { parseLatest } from './latest.ts'

type StagedAudit = Extract<StagedEvent, { type: 'audit' }>

/** A register with a batch of thirty and a later one, and a true audit of the former. */
async function auditable(): Promise<{ register: TinyRegister; audit: StagedAudit }> {
  const register = await standardRegister()
  await register.declare(...somePersons(9, 39)).publish('2026-01-04')
  await register.declare(...somePersons(39, 41)).publish('2026-01-05')
  const batch = register.events.findIndex(
    (event) => event.type === 'batch' && event.range.end === 39,
  )
  const { declarations } = parseLatest(register.files.get('log/latest') ?? new Uint8Array(0))
  const root = toHex(declarations.root)
  const draw = { root, rootSize: 41, batch, range: { first: 9, end: 39 }, count: 20 }
  const drawn = drawIndices(draw, sha256)
  const signature = new Uint8Array(64)
  const found = { batch, rootSize: 41, root, auditor: 'grey-wren', drawn, missing: [], signature }
  return { register, audit: { type: 'audit', ...found } }
}

test('an audit that drew what a later root says verifies', async () => {
  const { register, audit } = await auditable()
  register.log({ ...audit, missing: audit.drawn.slice(0, 1) })
  await register.publish('2026-01-06')
  assert.equal((await verifyTiny(register)).pair.declarations.size, 41)
})

test('an audit that chose its indices, its root or its batch is a finding', async () => {
  const lies: readonly [Partial<StagedAudit>, RegExp][] = [
    [{ drawn: Array.from({ length: 20 }, (_, i) => 9 + i) }, /other indices/],
    [{ drawn: [] }, /too few/],
    [{ missing: [40] }, /not among the drawn/],
    [{ root: toHex(fixedBytes('root')) }, /another root/],
    [{ rootSize: 39 }, /another root/],
    [{ rootSize: 42 }, /beyond the size/],
    [{ batch: 0 }, /no batch/],
  ]
  for (const [lie, message] of lies) {
    const { register, audit } = await auditable()
    register.log({ ...audit, ...lie })
    await register.publish('2026-01-06')
    const file = `log/events/tile/entries/000.p/${register.events.length}`
    await assertLie(register, 'event_refused', file, message)
  }
})

test('an audit by a size at which nothing was published is a finding', async () => {
  const { register, audit } = await auditable()
  register.log({ ...audit, rootSize: 40 })
  await register.publish('2026-01-06')
  await assertLie(register, 'missing_file', 'log/checkpoints/declarations/40')
})
