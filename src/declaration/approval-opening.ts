import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { HASH_BYTES, type TreeHash, treeHash } from '../tlog/hash.ts'
import { DeclarationError } from './error.ts'
import { BASE64_32_BYTES, HEX_32_BYTES, ID, whole } from './grammar.ts'
import {
  checkedText,
  integer,
  listOf,
  object,
  oneOf,
  parseCanonicalJson,
  text,
} from './json-shape.ts'
import { CASE_MAX_PERSONS, registerName } from './proposal-shape.ts'
import { type TwoSignatures, twoSignatureShapes } from './two-people.ts'

const ABOUTS = 4
const LEAF_BYTES = 4 + 4 + HASH_BYTES * (1 + ABOUTS)
/** More than the publisher ever sequences together. */
const LEAVES_MAX = 100_000
export const APPROVAL_OPENING_MAX_BYTES = 64 * 1024 * 1024

/** One approved proposal, in digests; in `declarations` also those that were left out in the end. */
export type ApprovedProposal = TwoSignatures & {
  readonly form: string
  readonly centre: string
  readonly frame: string
  readonly declarations: readonly TreeHash[]
}

/** How one leaf belongs to what was approved. */
export type OpenedLeaf = {
  readonly proposal: number
  readonly place: number
  readonly whole: Uint8Array
  readonly about: readonly Uint8Array[]
}

/** What an auditor needs to show who approved any leaf of a batch. It says which leaves belong together, so it is sealed. */
export type ApprovalOpening = {
  readonly register: string
  readonly first: number
  readonly secret: Uint8Array
  readonly proposals: readonly ApprovedProposal[]
  readonly leaves: readonly OpenedLeaf[]
}

const hash32 = text(64, whole(HEX_32_BYTES))
const treeHashes = checkedText((written) => {
  if (written.length > CASE_MAX_PERSONS * 44) throw new RangeError('length')
  if (fromBase64(written).length % HASH_BYTES !== 0) throw new RangeError('length')
})

const headShape = object({
  format: oneOf(['avow/approvals/v1']),
  register: registerName,
  first: integer(0, Number.MAX_SAFE_INTEGER),
  secret: text(44, whole(BASE64_32_BYTES)),
  proposals: listOf(
    object({
      form: hash32,
      centre: text(32, whole(ID)),
      frame: hash32,
      declarations: treeHashes,
      ...twoSignatureShapes,
    }),
    0,
    LEAVES_MAX,
  ),
})

/**
 *   [0..4)     uint32 big-endian: length n of the head
 *   [4..4+n)   canonical JSON: everything but the leaves
 *   [4+n..)    168 bytes a leaf: uint32 proposal, uint32 place, whole[32], about[32] four times
 */
export function encodeApprovalOpening(opening: ApprovalOpening): Uint8Array {
  const { register, first, secret, proposals, leaves } = opening
  const head = utf8(
    canonicalJson({
      format: 'avow/approvals/v1',
      register,
      first,
      secret: toBase64(secret),
      proposals: proposals.map(({ declarations, ...rest }) => ({
        ...rest,
        declarations: toBase64(concatBytes(...declarations)),
      })),
    }),
  )
  const bytes = new Uint8Array(4 + head.length + leaves.length * LEAF_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, head.length)
  bytes.set(head, 4)
  let at = 4 + head.length
  for (const { proposal, place, whole: digest, about } of leaves) {
    view.setUint32(at, proposal)
    view.setUint32(at + 4, place)
    bytes.set(digest, at + 8)
    bytes.set(concatBytes(...about), at + 8 + HASH_BYTES)
    at += LEAF_BYTES
  }
  return bytes
}

/** Throws `bad_approvals`. Whoever owns the database may have written it: it proves nothing before `verifyApprovalsRoot`. */
export function parseApprovalOpening(bytes: Uint8Array): ApprovalOpening {
  if (bytes.length < 4 || bytes.length > APPROVAL_OPENING_MAX_BYTES) throw bad('length')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const headEnd = 4 + view.getUint32(0)
  const count = (bytes.length - headEnd) / LEAF_BYTES
  if (!Number.isInteger(count) || count < 0 || count > LEAVES_MAX) throw bad('not whole leaves')
  const head = parseCanonicalJson(
    bytes.subarray(4, headEnd),
    APPROVAL_OPENING_MAX_BYTES,
    headShape,
    'bad_approvals',
  )
  const proposals = head.proposals.map(({ declarations, ...rest }) => ({
    ...rest,
    declarations: splitHashes(fromBase64(declarations)).map(treeHash),
  }))
  const leaves = Array.from({ length: count }, (_, i) => {
    const at = headEnd + i * LEAF_BYTES
    const [digest = new Uint8Array(0), ...about] = splitHashes(bytes.slice(at + 8, at + LEAF_BYTES))
    return { proposal: view.getUint32(at), place: view.getUint32(at + 4), whole: digest, about }
  })
  const { register, first, secret } = head
  const opening = { register, first, secret: fromBase64(secret), proposals, leaves }
  requireOnePlaceEach(opening)
  return opening
}

/** What was approved once stands in the log once. */
function requireOnePlaceEach({ proposals, leaves }: ApprovalOpening): void {
  const seen = new Set<string>()
  for (const { proposal, place } of leaves) {
    if (proposals[proposal]?.declarations[place] === undefined) throw bad('no such declaration')
    const key = `${proposal} ${place}`
    if (seen.has(key)) throw bad('one declaration twice')
    seen.add(key)
  }
}

function splitHashes(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

function bad(message: string): DeclarationError {
  return new DeclarationError('bad_approvals', message)
}
