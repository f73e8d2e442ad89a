import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sql } from 'kysely'
import {
  CENTRE,
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { type ApprovedItem, approveMessage } from '../declaration/approved-item.ts'
import type { Proposal } from '../declaration/proposal.ts'
import { proposalHash } from '../declaration/proposal-hash.ts'
import { toBase64 } from '../encoding/base64.ts'
import type { DirectoryPin } from '../sealing/directory.ts'

type Forgery = (house: RegisterHouse, item: ApprovedItem) => ApprovedItem

/** Signs again what was changed, so that only the change itself can be what is refused. */
const resigned =
  (change: (proposal: Proposal) => Proposal): Forgery =>
  (house, { proposal }) =>
    house.signed(change(proposal))

const withDeclaration = (change: object) =>
  resigned((proposal) => ({
    ...proposal,
    statements: proposal.statements.map((statement) => ({
      ...statement,
      declarations: statement.declarations.map((each) => ({ ...each, ...change })),
    })),
  }))

const FORGERIES: Readonly<Record<string, readonly [string, Forgery]>> = {
  'decided by its own proposer': [
    'approval_refused',
    ({ signers: [proposer] }, item) => ({
      ...item,
      approvedBy: proposer.id,
      approvedSignature: approvedWith(proposer.seed, item),
    }),
  ],
  'decided with a key that is not in the directory': [
    'approval_refused',
    (_house, item) => ({ ...item, approvedSignature: approvedWith(random(32), item) }),
  ],
  'decided by somebody who is not in the directory': [
    'approval_refused',
    (_house, item) => ({ ...item, approvedBy: 'nobody' }),
  ],
  'changed after it was signed': [
    'approval_refused',
    (_house, item) => ({ ...item, proposal: { ...item.proposal, claimed: 7 } }),
  ],
  'with kept openings that do not decode': [
    'bad_proposal',
    withDeclaration({ lookup: 'ab'.repeat(32), sealed: 'AAB=' }),
  ],
  'made for another register': [
    'approval_refused',
    resigned((proposal) => ({ ...proposal, register: 'localhost/another' })),
  ],
  'made for another form': [
    'approval_refused',
    resigned((proposal) => ({ ...proposal, form: 'ab'.repeat(32) })),
  ],
  'filed under another case': [
    'approval_refused',
    resigned((proposal) => ({ ...proposal, case: 'ab'.repeat(16) })),
  ],
  'of another centre': [
    'approval_refused',
    resigned((proposal) => ({ ...proposal, centre: 'elsewhere' })),
  ],
  'with an organisation the form does not have': [
    'approval_refused',
    withDeclaration({ orgs: ['no-such-organisation'] }),
  ],
  'that calls itself legacy': [
    'approval_refused',
    withDeclaration({ evidence: 'legacy', key: '-' }),
  ],
  'with an opening that does not fit': [
    'opening_mismatch',
    withDeclaration({
      name: { commitment: toBase64(random(32)), salt: toBase64(random(32)), value: 'x' },
    }),
  ],
}

for (const [what, [code, forge]] of Object.entries(FORGERIES)) {
  test(`an item ${what} is refused, its case goes back, and the others are published`, async () => {
    await using house = await openRegisterHouse()
    await using publisher = await house.start()
    const caseId = await house.approve([ownStatement('forged')], (item) => forge(house, item))
    await house.approve([ownStatement('honest')])
    assert.equal((await publisher.runRound()).declarations.size, 1)
    assert.deepEqual(await refusals(house), [code])
    const { rows } = await sql<{ state: string }>`
      SELECT state FROM avow."case" WHERE id = ${caseId}`.execute(house.owner)
    assert.equal(rows[0]?.state, 'returned')
    await house.check()
  })
}

test('what a volunteer approved before being revoked is refused', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await house.changeDirectory({ change: 'revoke', id: house.signers[1].id })
  assert.equal((await publisher.runRound()).declarations.size, 0)
  assert.deepEqual(await refusals(house), ['approval_refused'])
})

test('a directory row that does not verify is left out, said in health, and stops nothing', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await sql`
    INSERT INTO avow.directory_change SELECT max(seq) + 1, 'rubbish', ''
    FROM avow.directory_change`.execute(house.owner)
  await publisher.runRound()
  assert.equal(publisher.pair().declarations.size, 1)
  assert.deepEqual(publisher.health(), { state: 'running', directory: 'bad_entry' })
  await sql`DELETE FROM avow.directory_change WHERE body = 'rubbish'`.execute(house.owner)
  await publisher.runRound()
  assert.deepEqual(publisher.health(), { state: 'running' })
  assert.deepEqual(await refusals(house), [])
})

test('a directory that lost its newest entries stops publication until they are back', async () => {
  await using house = await openRegisterHouse()
  const kept: { pin?: DirectoryPin } = {}
  const pins = {
    find: async () => kept.pin,
    raise: async (pin: DirectoryPin) => {
      kept.pin = pin
    },
  }
  {
    await using publisher = await house.start({ pins })
    await publisher.runRound()
    await house.changeDirectory({ change: 'suspend', id: house.signers[1].id })
    await publisher.runRound()
  }
  const { rows } = await sql<{ seq: number; body: string; signatures: string }>`
    DELETE FROM avow.directory_change WHERE body LIKE ${'%suspend%'}
    RETURNING seq, body, signatures`.execute(house.owner)
  await house.approve([ownStatement('one')])
  await using publisher = await house.start({ pins })
  await assert.rejects(publisher.runRound(), { code: 'rolled_back' })
  assert.deepEqual(publisher.health(), { state: 'retrying', code: 'rolled_back' })
  for (const row of rows)
    await house.owner.insertInto('avow.directory_change').values(row).execute()
  await publisher.runRound()
  assert.deepEqual(await refusals(house), ['approval_refused'], 'the suspension still counts')
})

test('bytes that open to nothing are refused with what is wrong', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.file(random(16), random(500))
  await publisher.runRound()
  assert.deepEqual(await refusals(house), ['cannot_open'])
})

test('an item for a key that is gone waits to be sealed again', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await house.owner
    .updateTable('avow.approved_item')
    .set({ recipient_hash: sha256(random(8)) })
    .execute()
  assert.equal((await publisher.runRound()).declarations.size, 0)
  assert.deepEqual(await refusals(house), [])
})

test('a receipt belongs to one declaration, in one batch or in two', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const statement = { text: null, persons: [{ lookup: 'ab'.repeat(32) }] }
  await house.approve([statement])
  await house.approve([statement])
  assert.equal((await publisher.runRound()).declarations.size, 1)
  await house.approve([statement])
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.deepEqual(await refusals(house), ['bad_item', 'bad_item'])
  await house.check()
})

test('a statement id names one text for ever', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const id = 'ab'.repeat(16)
  await house.approve([{ ...ownStatement('one'), id }])
  await publisher.runRound()
  await house.approve([{ ...ownStatement('another'), id }])
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.deepEqual(await refusals(house), ['bad_item'])
  await house.check()
})

test('a case that was published is not taken again', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const caseId = await house.approve([ownStatement('one')])
  await publisher.runRound()
  await assert.rejects(house.file(caseId, random(10)))
})

function approvedWith(seed: Uint8Array, { proposal }: ApprovedItem): string {
  assert.equal(proposal.centre, CENTRE)
  return toBase64(ed25519.sign(approveMessage(proposalHash(proposal, sha256)), seed))
}

async function refusals(house: RegisterHouse): Promise<string[]> {
  const rows = await house.owner.selectFrom('avow.refused_item').select('code').execute()
  return rows.map(({ code }) => code)
}
