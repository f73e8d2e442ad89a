import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sql } from 'kysely'
import {
  openRegisterHouse,
  ownStatement,
  REGISTER,
  type RegisterHouse,
  random,
  type Signer,
  sha256,
} from '../../test/support/register-house.ts'
import { readServedEvents } from '../../test/support/served-events.ts'
import { type Audit, auditMessage, formatAudit } from '../declaration/audit.ts'
import { drawIndices } from '../declaration/audit-draw.ts'
import { parseEvent } from '../declaration/event.ts'
import { toHex } from '../encoding/hex.ts'
import type { Pair } from '../verify/latest.ts'

type Unsigned = Omit<Audit, 'signature'>

test('an audit that an auditor signed is logged, once however often it is filed', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const audit = await auditable(house, publisher)
  const [auditor] = house.signers
  const written = signed(audit, auditor)
  await file(house, written)
  await file(house, written)
  await publisher.runRound()
  assert.deepEqual(await audited(house), [audit.batch])
  await file(house, written)
  await publisher.runRound()
  assert.deepEqual(await audited(house), [audit.batch])
  assert.deepEqual(await left(house), { waiting: 0, refused: 0 })
  await house.check()
})

test('rows that whoever owns the database made up are counted and never logged', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const audit = await auditable(house, publisher)
  const [auditor, other] = house.signers
  const [first = 0] = audit.drawn
  const forged = [
    'avow/event/v1\ntype audit\n',
    signed(audit, other),
    signed(audit, auditor, 'localhost/other'),
    signed({ ...audit, auditor: 'nobody' }, auditor),
    signed({ ...audit, batch: 0 }, auditor),
    signed({ ...audit, batch: 99_999 }, auditor),
    signed({ ...audit, rootSize: audit.rootSize + 1 }, auditor),
    signed({ ...audit, root: 'ab'.repeat(32) }, auditor),
    signed({ ...audit, drawn: [first] }, auditor),
    signed({ ...audit, missing: [77] }, auditor),
    signed(audit, auditor).replace(`drawn ${first}\n`, ''),
  ]
  for (const written of forged) await file(house, written)
  await publisher.runRound()
  assert.deepEqual(await audited(house), [])
  assert.deepEqual(await left(house), { waiting: 0, refused: forged.length })
  await house.check()
})

/** An audit of the first batch by the root of the second; both are small and drawn whole. */
async function auditable(
  house: RegisterHouse,
  publisher: { readonly runRound: () => Promise<Pair> },
): Promise<Unsigned> {
  await house.approve([ownStatement('one'), ownStatement('two')])
  await publisher.runRound()
  await house.approve([ownStatement('three')])
  const { declarations } = await publisher.runRound()
  const events = (await readServedEvents(house.publicFolder)).map(parseEvent)
  const batch = events.findIndex(({ type }) => type === 'batch')
  const root = toHex(declarations.root)
  const draw = { root, rootSize: declarations.size, batch, range: { first: 0, end: 2 }, count: 2 }
  const [{ id: auditor }] = house.signers
  const { rootSize } = draw
  const drawn = drawIndices(draw, sha256)
  return { type: 'audit', batch, rootSize, root, auditor, drawn, missing: [] }
}

function signed(audit: Unsigned, { seed }: Signer, register = REGISTER): string {
  return formatAudit({ ...audit, signature: ed25519.sign(auditMessage(audit, register), seed) })
}

async function file(house: RegisterHouse, written: string): Promise<void> {
  await house.owner
    .insertInto('avow.signed_audit')
    .values({ id: random(16), written })
    .execute()
}

async function audited(house: RegisterHouse): Promise<number[]> {
  const events = (await readServedEvents(house.publicFolder)).map(parseEvent)
  return events.flatMap((event) => (event.type === 'audit' ? [event.batch] : []))
}

async function left(house: RegisterHouse): Promise<{ waiting: number; refused: number }> {
  const { rows } = await sql<{ waiting: number; refused: number }>`
    SELECT (SELECT count(*)::integer FROM avow.signed_audit) AS waiting,
      (SELECT coalesce(sum(acts), 0)::integer FROM avow.refused_act WHERE code = 'audit_refused') AS refused`.execute(
    house.owner,
  )
  return rows[0] ?? { waiting: -1, refused: -1 }
}
