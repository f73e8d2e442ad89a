import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  openRegisterHouse,
  ownStatement,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { verifyApprovalsRoot } from '../declaration/approval.ts'
import { parseApprovalOpening } from '../declaration/approval-opening.ts'
import { commitmentOf } from '../declaration/commitment.ts'
import { ladderOf } from '../declaration/minimum-group.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { generateIdentity, openWith, recipientOf } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import { treeHash } from '../tlog/hash.ts'
import { commitApprovals, sealApprovals } from './approval-evidence.ts'
import type { ItemApproval } from './reviewed-item.ts'
import type { OrderedDeclaration } from './write-batch.ts'

const PLACE = { register: 'localhost/test', first: 7 }

/** What an item of two declarations is, as far as approvals go: the bytes are told apart and mean nothing. */
function orderedDeclarations(): OrderedDeclaration[] {
  const approval: ItemApproval = {
    lines: utf8('both'),
    proposal: {
      form: 'ab'.repeat(32),
      centre: 'global',
      frame: 'cd'.repeat(32),
      declarations: [treeHash(random(32)), treeHash(random(32))],
      proposedBy: 'plum-otter',
      proposedSignature: `${'A'.repeat(86)}==`,
      approvedBy: 'blue-heron',
      approvedSignature: `${'A'.repeat(86)}==`,
    },
  }
  const item = {
    caseId: random(16),
    form: 'ab'.repeat(32),
    claimed: 0,
    keptOut: [],
    approval,
    statements: 1,
    texts: [],
    declarations: [],
    importKeys: [],
  }
  return [1, 0].map((place) => ({
    item,
    declaration: {
      statement: 'one',
      ladder: ladderOf('lang en\nvoice own\nchannel web\n'),
      few: false,
      kept: null,
      textId: null,
      approved: {
        place,
        whole: random(32),
        about: [1, 2, 3, 4].map(() => commitmentOf(random(32))),
      },
      write: () => assert.fail('nothing is written here'),
    },
  }))
}

test('whoever is an auditor then can open what the batch commits to, and nobody else', async () => {
  const identity = await generateIdentity()
  const ordered = orderedDeclarations()
  const { opening } = commitApprovals(PLACE, ordered, random(32), sha256)
  const sealed = await sealApprovals(opening, [await recipientOf(identity)])
  assert.equal(Buffer.from(sealed).indexOf('plum-otter'), -1)
  const opened = parseApprovalOpening(unpad(await openWith([identity], sealed)))
  assert.equal(opened.first, 7)
  assert.deepEqual(
    opened.leaves.map(({ place }) => place),
    [1, 0],
  )
  await assert.rejects(openWith([await generateIdentity()], sealed))
})

test('equal approvals do not show as equal', () => {
  const ordered = orderedDeclarations()
  const [a, b] = [random(32), random(32)].map((secret) =>
    toHex(commitApprovals(PLACE, ordered, secret, sha256).root),
  )
  assert.notEqual(a, b)
})

test('a declaration that nobody approved is never sequenced as one of volunteers', () => {
  const [one] = orderedDeclarations()
  assert.ok(one !== undefined)
  const lost = { ...one, declaration: { ...one.declaration, approved: null } }
  assert.throws(() => commitApprovals(PLACE, [lost], random(32), sha256))
})

test('a batch keeps its approvals sealed, and its event names their root', async () => {
  await using house = await openRegisterHouse()
  const identity = await generateIdentity()
  await house.changeDirectory({
    change: 'volunteer',
    id: 'grey-wren',
    roles: ['auditor'],
    centre: 'global',
    recipient: await recipientOf(identity),
    signingKey: random(32),
  })
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await publisher.runRound()
  const [row] = await house.owner.selectFrom('avow.approval_evidence').selectAll().execute()
  assert.equal(row?.size, 1)
  assert.equal(Buffer.from(row?.sealed ?? []).indexOf('plum-otter'), -1)
  const opened = await openWith([identity], Uint8Array.from(row?.sealed ?? []))
  verifyApprovalsRoot(parseApprovalOpening(unpad(opened)), row?.root ?? random(32), sha256)
  await house.check()
})
