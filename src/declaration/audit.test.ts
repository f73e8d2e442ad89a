import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesFrom, hex32, RUNS, sha256 } from '../../test/support/declaration-examples.ts'
import { exampleTrust, sign } from '../../test/support/example-approvals.ts'
import { fromBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import {
  type Audit,
  auditMessage,
  formatAudit,
  parseAudit,
  verifyAuditor,
  verifyDraw,
} from './audit.ts'
import { AUDIT_DRAWS, drawIndices } from './audit-draw.ts'
import { DeclarationError } from './error.ts'

const refuses = (code: DeclarationError['code']) => (error: unknown) =>
  error instanceof DeclarationError && error.code === code
const REGISTER = 'localhost/quit-ccp'
const RANGE = { first: 1000, end: 6000 }
const ROOT = toHex(bytesFrom('root'))
const DRAW = { root: ROOT, rootSize: 7000, batch: 12, range: RANGE, count: 20 }

function exampleAudit(changed: Partial<Audit> = {}): Audit {
  const unsigned = {
    type: 'audit',
    batch: 12,
    rootSize: 7000,
    root: ROOT,
    auditor: 'mei',
    drawn: drawIndices(DRAW, sha256),
    missing: [],
    ...changed,
  } as const
  return { ...unsigned, signature: fromBase64(sign('mei', auditMessage(unsigned, REGISTER))) }
}

test('a draw is of distinct indices of the batch, in order, and everything of it matters', () => {
  const drawn = drawIndices(DRAW, sha256)
  assert.equal(new Set(drawn).size, 20)
  assert.deepEqual(
    drawn.toSorted((a, b) => a - b),
    drawn,
  )
  assert.ok(drawn.every((index) => index >= RANGE.first && index < RANGE.end))
  assert.deepEqual(drawIndices(DRAW, sha256), drawn)
  for (const changed of [
    { root: toHex(bytesFrom('another')) },
    { rootSize: 7001 },
    { batch: 13 },
    { range: { first: 1000, end: 6001 } },
    { count: 21 },
  ]) {
    assert.notDeepEqual(drawIndices({ ...DRAW, ...changed }, sha256).slice(0, 20), drawn)
  }
})

test('a small batch is drawn whole', () => {
  const range = { first: 3, end: 9 }
  assert.deepEqual(drawIndices({ ...DRAW, range }, sha256), [3, 4, 5, 6, 7, 8])
})

test('every index is drawn about as often as any other', () => {
  const times = new Array<number>(100).fill(0)
  const rounds = 2000
  for (let batch = 0; batch < rounds; batch++) {
    const range = { first: 0, end: 100 }
    for (const index of drawIndices({ ...DRAW, range, batch, count: 10 }, sha256)) {
      times[index] = (times[index] ?? 0) + 1
    }
  }
  // 200 each, with a deviation of 13.4: five of them are never left by chance.
  assert.ok(
    times.every((drawn) => Math.abs(drawn - 200) < 68),
    times.join(),
  )
})

test('any draw stays within its range', () => {
  const input = fc.record({
    root: hex32,
    first: fc.nat(1e12),
    size: fc.integer({ min: 1, max: 1e6 }),
    later: fc.integer({ min: 1, max: 1e6 }),
    batch: fc.nat(1e9),
    count: fc.integer({ min: 1, max: 256 }),
  })
  fc.assert(
    fc.property(input, ({ root, first, size, later, batch, count }) => {
      const range = { first, end: first + size }
      const rootSize = range.end + later
      const drawn = drawIndices({ root, rootSize, batch, range, count }, sha256)
      assert.equal(new Set(drawn).size, Math.min(count, size))
      assert.ok(drawn.every((index) => index >= first && index < range.end))
    }),
    { numRuns: RUNS },
  )
})

test('nothing is drawn by a root that is not later than the batch', () => {
  assert.throws(() => drawIndices({ ...DRAW, rootSize: 6000 }, sha256), refuses('bad_draw'))
})

test('an audit is read as it was signed, and holds', () => {
  const audit = exampleAudit({ missing: drawIndices(DRAW, sha256).slice(2, 4) })
  assert.deepEqual(parseAudit(formatAudit(audit)), audit)
  verifyAuditor(audit, REGISTER, exampleTrust(['auditor']))
  verifyDraw(audit, { range: RANGE, root: ROOT }, sha256)
})

test('an audit by somebody else, for another register or changed afterwards is refused', () => {
  const audit = exampleAudit()
  const auditor = exampleTrust(['auditor'])
  const refused = refuses('audit_refused')
  assert.throws(() => verifyAuditor(audit, REGISTER, exampleTrust(['reviewer'])), refused)
  assert.throws(() => verifyAuditor(audit, 'localhost/other', auditor), refused)
  for (const changed of [
    { auditor: 'jun' },
    { batch: 13 },
    { rootSize: 7001 },
    { root: toHex(bytesFrom('another')) },
    { drawn: audit.drawn.slice(1) },
    { missing: audit.drawn.slice(0, 1) },
  ]) {
    assert.throws(() => verifyAuditor({ ...audit, ...changed }, REGISTER, auditor), refused)
  }
})

test('an audit of other indices than its root draws is refused', () => {
  const batch = { range: RANGE, root: ROOT }
  const refused = refuses('audit_refused')
  const { drawn } = exampleAudit()
  const moved = [...drawn.slice(0, -1), (drawn.at(-1) ?? 0) + 1]
  for (const changed of [
    { drawn: moved },
    { drawn: drawn.toReversed() },
    { drawn: drawIndices({ ...DRAW, count: AUDIT_DRAWS - 1 }, sha256) },
    { drawn: [] },
    { missing: [RANGE.end + 1] },
    { missing: drawn.slice(0, 2).toReversed() },
    { batch: 13 },
    { rootSize: 6000 },
    { root: toHex(bytesFrom('another')) },
  ]) {
    assert.throws(() => verifyDraw(exampleAudit(changed), batch, sha256), refused)
  }
})
