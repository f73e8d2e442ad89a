import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  openRegisterHouse,
  ownStatement,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { fromBase64 } from '../encoding/base64.ts'
import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { generateIdentity, openWith, recipientOf } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import { appendLeafHashes, emptyEdge } from '../tlog/edge.ts'
import { leafHash } from '../tlog/hash.ts'
import { commitApprovals, sealApprovals } from './approval-evidence.ts'

const APPROVALS = ['one\n', 'two\n', 'one\n']

test('whoever holds the opening can show each approval under the committed root', async () => {
  const identity = await generateIdentity()
  const { root, opening } = commitApprovals(7, APPROVALS, random(32), sha256)
  const sealed = await sealApprovals(opening, [await recipientOf(identity)])
  assert.equal(Buffer.from(sealed).indexOf('one'), -1)

  const opened: unknown = JSON.parse(fromUtf8(unpad(await openWith([identity], sealed))))
  assert.ok(typeof opened === 'object' && opened !== null)
  const { first, secret, approvals, leaves } = opened as {
    first: number
    secret: string
    approvals: string[]
    leaves: number[]
  }
  assert.equal(first, 7)
  const hashes = leaves.map((which, i) => {
    const place = new Uint8Array(4)
    new DataView(place.buffer).setUint32(0, i)
    const salt = sha256(concatBytes(fromBase64(secret), place))
    return leafHash(concatBytes(salt, utf8(approvals[which] ?? '')), sha256)
  })
  assert.deepEqual(
    leaves.map((which) => approvals[which]),
    APPROVALS,
  )
  assert.deepEqual(appendLeafHashes(emptyEdge(), hashes, sha256).root, root)
})

test('equal approvals do not show as equal', () => {
  const [a, b] = [random(32), random(32)].map((secret) =>
    toHex(commitApprovals(0, APPROVALS, secret, sha256).root),
  )
  assert.notEqual(a, b)
})

test('a batch keeps its approvals sealed, and its event names their root', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  await house.approve([ownStatement('one')])
  await publisher.runRound()
  const [row] = await house.owner.selectFrom('avow.approval_evidence').selectAll().execute()
  assert.equal(row?.size, 1)
  assert.ok((row?.sealed.length ?? 0) > 1000)
  assert.equal(Buffer.from(row?.sealed ?? []).indexOf('plum-otter'), -1)
  await house.check()
})
