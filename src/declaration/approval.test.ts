import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RUNS, sha256 } from '../../test/support/declaration-examples.ts'
import {
  AUDITED_FIRST,
  exampleApprovals,
  exampleTrust,
} from '../../test/support/example-approvals.ts'
import { exampleProposal } from '../../test/support/example-proposal.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { verifyApprovalsRoot, verifyLeafApproval } from './approval.ts'
import {
  type ApprovalOpening,
  encodeApprovalOpening,
  parseApprovalOpening,
} from './approval-opening.ts'
import { DeclarationError } from './error.ts'
import { encodeLeaf, parseLeaf } from './leaf.ts'
import { digestProposal, proposalHash } from './proposal-hash.ts'

const refuses = (code: DeclarationError['code']) => (error: unknown) =>
  error instanceof DeclarationError && error.code === code
const { opening, entries, root } = exampleApprovals()
const entryAt = (i: number) => entries[i] ?? new Uint8Array(0)
const leafAt = (i: number) => opening.leaves[i] ?? assert.fail('no such leaf')
const withLeaves = (leaves: ApprovalOpening['leaves']): ApprovalOpening => ({ ...opening, leaves })

test('each leaf leads to the two people who approved exactly it', () => {
  const read = parseApprovalOpening(encodeApprovalOpening(opening))
  assert.deepEqual(read, opening)
  verifyApprovalsRoot(read, root, sha256)
  for (const [i, entry] of entries.entries()) {
    assert.deepEqual(verifyLeafApproval(AUDITED_FIRST + i, entry, read, exampleTrust()), {
      proposedBy: 'mei',
      approvedBy: 'jun',
    })
  }
})

test('approvals of two leaves that changed places fit neither the batch nor the leaves', () => {
  // Across two cases, and within one, where both signatures are the same.
  for (const [one, other] of [[0, 3] as const, [0, 1] as const]) {
    const order = [0, 1, 2, 3].map((i) => (i === one ? other : i === other ? one : i))
    const swapped = withLeaves(order.map(leafAt))
    assert.throws(() => verifyApprovalsRoot(swapped, root, sha256), refuses('approval_refused'))
    for (const i of [one, other]) {
      assert.throws(
        () => verifyLeafApproval(AUDITED_FIRST + i, entryAt(i), swapped, exampleTrust()),
        refuses('approval_refused'),
      )
    }
  }
})

test('a leaf that says anything else than was approved is found', () => {
  const leaf = parseLeaf(entryAt(0))
  for (const changed of [
    { orgs: ['league'] },
    { evidence: 'relayed', key: 'handed' } as const,
    { shown: { name: false, text: true } },
    { form: 'cd'.repeat(32) },
    { author: parseLeaf(entryAt(1)).author },
    { about: parseLeaf(entryAt(1)).about },
    { about: leaf.author },
  ]) {
    const forged = encodeLeaf({ ...leaf, ...changed })
    assert.throws(
      () => verifyLeafApproval(AUDITED_FIRST, forged, opening, exampleTrust()),
      refuses('approval_refused'),
      JSON.stringify(Object.keys(changed)),
    )
  }
})

test('every level of the ladder was approved, and the day is the publisher’s', () => {
  const [first] = exampleProposal().statements[0]?.declarations ?? []
  const leaf = parseLeaf(entryAt(0))
  for (const [level] of (first?.about ?? []).entries()) {
    const about = leafAt(0).about[level] ?? new Uint8Array(0)
    const entry = fromUtf8(encodeLeaf({ ...leaf, day: '2027-01-01' })).replace(
      /about .*/,
      `about ${Buffer.from(about).toString('base64')}`,
    )
    verifyLeafApproval(AUDITED_FIRST, utf8(entry), opening, exampleTrust())
  }
})

test('one person who signed twice, or had no such task then, approved nothing', () => {
  const alone = exampleApprovals(['mei', 'mei'])
  assert.throws(
    () => verifyLeafApproval(AUDITED_FIRST, entryAt(0), alone.opening, exampleTrust()),
    refuses('approval_refused'),
  )
  assert.throws(
    () => verifyLeafApproval(AUDITED_FIRST, entryAt(0), opening, exampleTrust(['translator'])),
    refuses('approval_refused'),
  )
})

test('one approved declaration cannot stand for two leaves', () => {
  const twice = encodeApprovalOpening(withLeaves([leafAt(0), leafAt(0)]))
  assert.throws(() => parseApprovalOpening(twice), refuses('bad_approvals'))
  const nobody = encodeApprovalOpening(withLeaves([{ ...leafAt(0), place: 99 }]))
  assert.throws(() => parseApprovalOpening(nobody), refuses('bad_approvals'))
})

test('what is kept opens nothing: no salt, value, text, case or receipt stands in it', () => {
  const bytes = Buffer.from(encodeApprovalOpening(opening))
  const { case: caseId, statements } = exampleProposal()
  const [first] = statements[0]?.declarations ?? []
  const hidden = [
    caseId,
    statements[0]?.id,
    first?.lookup,
    first?.body?.salt,
    first?.name?.salt,
    first?.name?.value,
    first?.about[0]?.value,
    ...(first?.about.map(({ salt }) => salt) ?? []),
  ]
  for (const secret of hidden) {
    assert.ok(secret !== undefined && secret !== null)
    assert.equal(bytes.includes(secret), false)
    assert.equal(bytes.includes(Buffer.from(secret, 'base64')), false)
    assert.equal(bytes.includes(Buffer.from(secret, 'hex')) && /^[0-9a-f]+$/.test(secret), false)
  }
})

test('two people sign every member of a proposal', () => {
  const proposal = exampleProposal()
  const hash = proposalHash(proposal, sha256)
  const [statement] = proposal.statements
  const [first, ...others] = statement?.declarations ?? []
  assert.ok(statement !== undefined && first !== undefined)
  const changes = [
    { register: 'localhost/other' },
    { form: 'cd'.repeat(32) },
    { case: 'cd'.repeat(16) },
    { centre: 'other' },
    { claimed: 112 },
    { keptOut: [] },
    { statements: [] },
    { statements: [{ ...statement, id: 'cd'.repeat(16) }] },
    { statements: [{ ...statement, text: null }] },
    ...[
      { person: 77 },
      { orgs: ['league'] },
      { few: true },
      { bulletin: true },
      { broadcast: true },
      { lookup: null },
      { sealed: null },
      { author: { commitment: first.about[0]?.commitment ?? '' } },
      { body: null },
      { name: null },
      { about: first.about.toReversed() },
    ].map((change) => ({
      statements: [{ ...statement, declarations: [{ ...first, ...change }, ...others] }],
    })),
    { statements: [{ ...statement, declarations: [...others, first] }] },
  ]
  for (const change of changes) {
    const changed = proposalHash({ ...proposal, ...change }, sha256)
    assert.notEqual(changed, hash, JSON.stringify(change).slice(0, 60))
  }
  assert.equal(digestProposal(proposal, sha256).declarations.length, 3)
})

test('any bytes are read as an opening or refused with our error', () => {
  const valid = encodeApprovalOpening(opening)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc
          .tuple(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 }))
          .map(([at, flip]) => valid.map((byte, i) => (i === at ? byte ^ flip : byte))),
        fc.nat(valid.length).map((end) => valid.slice(0, end)),
      ),
      (bytes) => {
        try {
          assert.deepEqual(encodeApprovalOpening(parseApprovalOpening(bytes)), bytes)
        } catch (error) {
          if (!(error instanceof DeclarationError)) throw error
          assert.equal(error.code, 'bad_approvals')
        }
      },
    ),
    { numRuns: RUNS },
  )
})
