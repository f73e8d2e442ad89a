import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js'
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import { actMessage } from '../../../src/declaration/act.ts'
import { armourSignedAct, findSignedActs } from '../../../src/declaration/act-armour.ts'
import { verifyApprovalsRoot, verifyLeafApproval } from '../../../src/declaration/approval.ts'
import { parseApprovalOpening } from '../../../src/declaration/approval-opening.ts'
import {
  approveMessage,
  parseApprovedItem,
  proposeMessage,
  verifyApprovedItem,
} from '../../../src/declaration/approved-item.ts'
import { type Draw, drawIndices } from '../../../src/declaration/audit-draw.ts'
import {
  type CommittedField,
  commitmentFromBase64,
  saltFromBase64,
  verifyOpening,
} from '../../../src/declaration/commitment.ts'
import { encodeContentLine, parseContentLine } from '../../../src/declaration/content.ts'
import { DeclarationError } from '../../../src/declaration/error.ts'
import { encodeEvent, isAct, parseEvent } from '../../../src/declaration/event.ts'
import { EVENT_TABLE } from '../../../src/declaration/event-table.ts'
import { encodeLeaf, parseLeaf } from '../../../src/declaration/leaf.ts'
import {
  encodeApprovedOrder,
  orderHash,
  parseApprovedOrder,
  verifyApprovedOrder,
} from '../../../src/declaration/order.ts'
import { leafOfDeclaration, parseProposal } from '../../../src/declaration/proposal.ts'
import { proposalHash } from '../../../src/declaration/proposal-hash.ts'
import {
  lookupHash,
  parseReceipt,
  receiptSecrets,
  receiptToDigits,
  receiptToWords,
} from '../../../src/declaration/receipt.ts'
import { ReceiptError } from '../../../src/declaration/receipt-error.ts'
import { encodeSignedAct, parseSignedAct } from '../../../src/declaration/signed-act.ts'
import { formatTally, parseTally } from '../../../src/declaration/tally.ts'
import { parseAbout, parseAuthor, parseBody, parseName } from '../../../src/declaration/values.ts'
import { toBase64 } from '../../../src/encoding/base64.ts'
import { fromUtf8, utf8 } from '../../../src/encoding/bytes.ts'
import { fromHex, toHex } from '../../../src/encoding/hex.ts'
import { nobleEd25519 } from '../../../src/tlog/ed25519.ts'
import { leafHash } from '../../../src/tlog/hash.ts'
import { sha256 } from '../../support/declaration-examples.ts'
import { tally } from '../../support/whole-tally.ts'

const [firstOrder]: { proposerKey: string; deciderKey: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'order.json'), 'utf8'),
).valid
const ORDER_KEYS = [firstOrder?.proposerKey ?? '', firstOrder?.deciderKey ?? ''] as const

function verifyOrder(approved: string, keys: readonly [string, string]): void {
  verifyApprovedOrder(parseApprovedOrder(utf8(approved)), {
    register: 'localhost/quit-ccp',
    findVolunteer: (id) => ({
      signingKey: fromHex(id === 'a' ? keys[0] : keys[1]),
      roles: ['reviewer'],
      centre: 'global',
    }),
    ed25519Verify: nobleEd25519.verify,
    sha256,
  })
}

type Refused<Case> = Case & { readonly comment: string; readonly code: string }

/** Runs both halves of a vector file; a file that lost its cases is a failure, not a success. */
function vectors<Valid, Invalid>(
  name: string,
  accept: (valid: Valid) => void | Promise<void>,
  refuse: (invalid: Refused<Invalid>) => void | Promise<void>,
): void {
  const file: { valid: Valid[]; invalid: Refused<Invalid>[] } = JSON.parse(
    readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'),
  )
  test(`${name}: valid vectors`, async () => {
    assert.ok(file.valid.length > 0)
    for (const valid of file.valid) await accept(valid)
  })
  test(`${name}: invalid vectors`, async () => {
    assert.ok(file.invalid.length > 0)
    for (const invalid of file.invalid) {
      await assert.rejects(
        async () => refuse(invalid),
        (error) =>
          (error instanceof DeclarationError || error instanceof ReceiptError) &&
          error.code === invalid.code,
        invalid.comment,
      )
    }
  })
}

type LeafVector = { readonly [field: string]: unknown } & { entry: string; leafHash: string }
vectors<LeafVector, { entry: string }>(
  'leaf',
  ({ comment: _comment, entry, leafHash: hash, ...fields }) => {
    const { body, name, about, author, ...rest } = parseLeaf(utf8(entry))
    const commitments = {
      body: body === undefined ? null : toBase64(body),
      name: name === undefined ? null : toBase64(name),
      about: toBase64(about),
      author: toBase64(author),
    }
    assert.deepEqual({ ...rest, ...commitments }, fields)
    assert.equal(fromUtf8(encodeLeaf(parseLeaf(utf8(entry)))), entry)
    assert.equal(toHex(leafHash(utf8(entry), sha256)), hash)
  },
  ({ entry }) => {
    parseLeaf(utf8(entry))
  },
)

type OpeningVector = { field: CommittedField; salt: string; value: string; commitment: string }
function open({ field, salt, value, commitment }: OpeningVector): void {
  const opening = { salt: saltFromBase64(salt), value: fromHex(value) }
  verifyOpening(commitmentFromBase64(commitment), field, opening, sha256)
}
function readValue({ field, value }: OpeningVector): void {
  const parsers = { body: parseBody, name: parseName, about: parseAbout, author: parseAuthor }
  assert.ok(field !== 'translation')
  parsers[field](fromHex(value))
}
vectors<OpeningVector, OpeningVector>(
  'commitment',
  (vector) => {
    readValue(vector)
    open(vector)
  },
  (vector) => {
    readValue(vector)
    open(vector)
  },
)

const LISTS = { english, japanese, simplified, traditional }
type ReceiptVector = {
  receipt: string
  digits: string
  lookup: string
  lookupHash: string
  author: string
  age: string
  submission: string
  readAs: string[]
} & { [list in keyof typeof LISTS]: string }
vectors<ReceiptVector, { text: string; position?: number }>(
  'receipt',
  (vector) => {
    const receipt = fromHex(vector.receipt)
    assert.equal(receiptToDigits(receipt).join(' '), vector.digits)
    for (const [name, list] of Object.entries(LISTS)) {
      const words = receiptToWords(receipt, list).join(' ')
      assert.equal(words, Object.entries(vector).find(([key]) => key === name)?.[1])
      vector.readAs.push(words)
    }
    const secrets = receiptSecrets(receipt)
    assert.equal(lookupHash(secrets.lookupId, sha256), vector.lookupHash)
    assert.deepEqual(
      [secrets.lookupId, secrets.authorSeed, secrets.ageSeed, secrets.submissionId].map(toHex),
      [vector.lookup, vector.author, vector.age, vector.submission],
    )
    for (const text of [vector.digits, ...vector.readAs]) {
      assert.deepEqual(parseReceipt(text, Object.values(LISTS)), receipt, text)
    }
  },
  ({ text, position }) => {
    try {
      parseReceipt(text, Object.values(LISTS))
    } catch (error) {
      assert.ok(error instanceof ReceiptError)
      assert.equal(error.position, position)
      throw error
    }
  },
)

type EventVector = { event: string; type: string } & (
  | { signedOrigin?: undefined }
  | { signedOrigin: string; signedText: string; authorKey: string; signature: string }
)
const seenTypes = new Set<string>()
vectors<EventVector, { event: string }>(
  'event',
  (vector) => {
    const event = parseEvent(utf8(vector.event))
    assert.equal(event.type, vector.type)
    assert.equal(fromUtf8(encodeEvent(event)), vector.event)
    seenTypes.add(event.type)
    if (vector.signedOrigin === undefined) return
    assert.ok(isAct(event) && event.by.kind === 'author-signed')
    const message = actMessage(vector.signedOrigin, event, event.by.seq)
    assert.equal(fromUtf8(message), vector.signedText)
    assert.deepEqual(
      [toHex(event.by.author), toHex(event.by.signature)],
      [vector.authorKey, vector.signature],
    )
    assert.ok(nobleEd25519.verify(event.by.signature, message, event.by.author))
  },
  ({ event }) => {
    parseEvent(utf8(event))
  },
)
test('event: every type has a vector', () => {
  assert.deepEqual(Array.from(seenTypes).toSorted(), Object.keys(EVENT_TABLE).toSorted())
})

type TallyVector = {
  origin: string
  leaves: string[]
  events: string[]
  tally: string
  findings: number[]
}
vectors<TallyVector, { tally: string }>(
  'tally',
  async ({ origin, leaves, events, tally: expected, findings }) => {
    const found: number[] = []
    const counted = await tally(
      leaves.map((entry) => parseLeaf(utf8(entry))),
      events.map((entry) => parseEvent(utf8(entry))),
      { origin, sha256, ed25519Verify: nobleEd25519.verify },
      ({ event }) => found.push(event),
    )
    assert.equal(formatTally(counted), expected)
    assert.deepEqual(parseTally(utf8(expected)), counted)
    assert.deepEqual(
      found.toSorted((a, b) => a - b),
      findings,
    )
  },
  ({ tally: text }) => {
    parseTally(utf8(text))
  },
)

vectors<{ line: string; index: number; parts: string[] }, { line: string }>(
  'content',
  ({ line, index, parts }) => {
    const { index: read, ...visible } = parseContentLine(line)
    assert.deepEqual([read, Object.keys(visible)], [index, parts])
    assert.equal(encodeContentLine(parseContentLine(line)), line)
  },
  ({ line }) => {
    parseContentLine(line)
  },
)

type SignedActVector = {
  type: string
  act: string
  signedText: string
  authorKey: string
  id: string
  lookupHash: string
  armour: string
}
vectors<SignedActVector, { act: string }>(
  'signed-act',
  (vector) => {
    const bytes = utf8(vector.act)
    const { origin, event, lookup } = parseSignedAct(bytes)
    assert.equal(fromUtf8(encodeSignedAct(parseSignedAct(bytes))), vector.act)
    assert.deepEqual([event.type, toHex(event.by.author)], [vector.type, vector.authorKey])
    const message = actMessage(origin, event, event.by.seq)
    assert.equal(fromUtf8(message), vector.signedText)
    assert.ok(nobleEd25519.verify(event.by.signature, message, event.by.author))
    assert.deepEqual([toHex(sha256(bytes)), toHex(sha256(lookup))], [vector.id, vector.lookupHash])
    assert.equal(armourSignedAct(bytes), vector.armour)
    assert.deepEqual(findSignedActs(vector.armour), [bytes])
  },
  ({ act }) => {
    parseSignedAct(utf8(act))
  },
)

type ApprovalVector = {
  opening: string
  approvals: string
  index: number
  leaf: string
  keys: { [id: string]: string }
}
function verifyApproval({ opening, approvals, index, leaf, keys }: ApprovalVector): void {
  const opened = parseApprovalOpening(fromHex(opening))
  verifyApprovalsRoot(opened, fromHex(approvals), sha256)
  const findVolunteer = (id: string) => ({
    signingKey: fromHex(keys[id] ?? ''),
    roles: ['reviewer'],
    centre: 'centre-north',
  })
  const trust = { findVolunteer, ed25519Verify: nobleEd25519.verify, sha256 }
  verifyLeafApproval(index, utf8(leaf), opened, trust)
}
vectors<ApprovalVector, ApprovalVector>('approvals', verifyApproval, verifyApproval)

vectors<Draw & { drawn: readonly number[] }, Draw>(
  'audit-draw',
  (vector) => assert.deepEqual(drawIndices(vector, sha256), vector.drawn),
  (vector) => {
    drawIndices(vector, sha256)
  },
)

type OrderVector = { approved: string; hash: string; proposerKey: string; deciderKey: string }
vectors<OrderVector, { approved: string }>(
  'order',
  (vector) => {
    const approved = parseApprovedOrder(utf8(vector.approved))
    assert.equal(fromUtf8(encodeApprovedOrder(approved)), vector.approved)
    assert.equal(orderHash(approved.order, sha256), vector.hash)
    verifyOrder(vector.approved, [vector.proposerKey, vector.deciderKey])
  },
  ({ approved }) => verifyOrder(approved, ORDER_KEYS),
)

type ProposalVector = {
  proposal: string
  proposalHash: string
  proposeMessage: string
  approveMessage: string
  proposerKey: string
  proposedSignature: string
  deciderKey: string
  approvedSignature: string
  leafAtLevel0: string
  leafAtLevel3: string
}
/** Two volunteers of the proposal's centre, whatever it is, and a check of signatures that is given. */
function verifyProposal(
  proposal: string,
  keys: readonly [string, string],
  signatures: readonly [string, string],
  ed25519Verify: typeof nobleEd25519.verify,
): void {
  const { register, centre } = parseProposal(utf8(proposal))
  const [proposedSignature, approvedSignature] = signatures.map((hex) => toBase64(fromHex(hex)))
  const item = {
    approvedBy: 'b',
    approvedSignature,
    proposal: 0,
    proposedBy: 'a',
    proposedSignature,
  }
  const bytes = utf8(JSON.stringify(item).replace('"proposal":0', () => `"proposal":${proposal}`))
  const findVolunteer = (id: string) => {
    const signingKey = fromHex(id === 'a' ? keys[0] : keys[1])
    return { signingKey, roles: ['reviewer'], centre }
  }
  verifyApprovedItem(parseApprovedItem(bytes), { register, findVolunteer, ed25519Verify, sha256 })
}
vectors<ProposalVector, { proposal: string }>(
  'proposal',
  (vector) => {
    const proposal = parseProposal(utf8(vector.proposal))
    const hash = proposalHash(proposal, sha256)
    assert.equal(hash, vector.proposalHash)
    assert.equal(fromUtf8(proposeMessage(hash)), vector.proposeMessage)
    assert.equal(fromUtf8(approveMessage(hash)), vector.approveMessage)
    verifyProposal(
      vector.proposal,
      [vector.proposerKey, vector.deciderKey],
      [vector.proposedSignature, vector.approvedSignature],
      nobleEd25519.verify,
    )
    const [first] = proposal.statements[0]?.declarations ?? []
    assert.ok(first !== undefined)
    const leafAt = (level: 0 | 3) =>
      fromUtf8(encodeLeaf(leafOfDeclaration(proposal.form, '2026-11-22', first, level)))
    assert.deepEqual([leafAt(0), leafAt(3)], [vector.leafAtLevel0, vector.leafAtLevel3])
  },
  ({ proposal }) => {
    // Only what the proposal itself says is judged here, so every signature passes.
    const anyone = ['00'.repeat(32), '01'.repeat(32)] as const
    verifyProposal(proposal, anyone, ['00'.repeat(64), '00'.repeat(64)], () => true)
  },
)
