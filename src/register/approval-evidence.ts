import { toBase64 } from '../encoding/base64.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { RECIPIENTS_MAX, sealTo } from '../sealing/age.ts'
import { pad } from '../sealing/padding.ts'
import { appendLeafHashes, emptyEdge } from '../tlog/edge.ts'
import { HASH_BYTES, type Sha256, type TreeHash, treeHash } from '../tlog/hash.ts'

const PLACE_BYTES = 4

export type ApprovalEvidence = {
  readonly root: TreeHash
  /** What an auditor needs to show the approvals behind any index; says which leaves belong together, so it is sealed. */
  readonly opening: Uint8Array
}

/**
 * One salted hash a leaf, in index order, under an RFC 6962 root: showing the approvals of one drawn index tells
 * nothing about another. The salt of the i-th leaf is SHA-256(secret ‖ uint32 i), its tree entry salt ‖ approval.
 */
export function commitApprovals(
  first: number,
  approvals: readonly string[],
  secret: Uint8Array,
  sha256: Sha256,
): ApprovalEvidence {
  const distinct = [...new Set(approvals)]
  const number = new Map(distinct.map((approval, i) => [approval, i]))
  const preimages = new Map(distinct.map((approval) => [approval, approvalPreimage(approval)]))
  const saltPreimage = concatBytes(secret, new Uint8Array(PLACE_BYTES))
  const place = new DataView(saltPreimage.buffer, secret.length)
  const hashes = approvals.map((approval, i) => {
    const preimage = preimages.get(approval) ?? approvalPreimage(approval)
    place.setUint32(0, i)
    preimage.set(sha256(saltPreimage), 1)
    return treeHash(sha256(preimage))
  })
  const { root } = appendLeafHashes(emptyEdge(), hashes, sha256)
  const opening = {
    format: 'avow/approvals/v1',
    first,
    secret: toBase64(secret),
    approvals: distinct,
    leaves: approvals.map((approval) => number.get(approval) ?? 0),
  }
  return { root, opening: utf8(JSON.stringify(opening)) }
}

/** Sealed to those who may be asked to show it. Until somebody holds such a role there is nothing to show either. */
export async function sealApprovals(
  opening: Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array> {
  if (recipients.length === 0) return new Uint8Array(0)
  return sealTo(recipients.slice(0, RECIPIENTS_MAX), pad(opening))
}

/** RFC 6962's leaf: 0x00 ‖ salt ‖ approval, the salt still to be filled in. */
function approvalPreimage(approval: string): Uint8Array {
  return concatBytes(new Uint8Array(1 + HASH_BYTES), utf8(approval))
}
