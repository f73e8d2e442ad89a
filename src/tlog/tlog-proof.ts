import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, utf8 } from '../encoding/bytes.ts'
import { parseLines } from '../encoding/lines.ts'
import { type Ed25519Verify, nobleEd25519 } from './ed25519.ts'
import { TlogError, tlogErrorFrom } from './error.ts'
import { leafHash, type Sha256, type TreeHash, treeHashFromBase64 } from './hash.ts'
import { type Policy, type VerifiedCheckpoint, verifyCheckpoint } from './policy.ts'
import { MAX_PROOF_HASHES, type VerifiedInclusion, verifyInclusion } from './proof.ts'
import { MAX_NOTE_BYTES } from './signed-note.ts'
import { splitAtEmptyLine } from './split-at-empty-line.ts'
import { parseTreeSize } from './tree-size.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'

/** Room for the openings of every field of a declaration, twice over. */
export const MAX_EXTRA_BYTES = 256 * 1024
const MAX_HEAD_BYTES = 2 * MAX_EXTRA_BYTES

/** C2SP tlog-proof: everything needed to check one entry offline, but the policy. */
export type TlogProof = {
  /** Not authenticated by anything. */
  readonly extra: Uint8Array | null
  readonly index: number
  readonly proof: readonly TreeHash[]
  /** The signed note, verbatim. */
  readonly checkpoint: Uint8Array
}

export type VerifiedEntry = VerifiedInclusion & VerifiedCheckpoint

/** The entry stands at this index of the log, in a checkpoint that the policy accepts. */
export function verifyTlogProof(
  { index, proof, checkpoint }: TlogProof,
  entry: Uint8Array,
  policy: Policy,
  sha256: Sha256,
  verify: Ed25519Verify = nobleEd25519.verify,
): VerifiedEntry {
  const verified = verifyCheckpoint(checkpoint, policy, verify)
  const { size, root } = verified.checkpoint
  const claim = { leafHash: leafHash(entry, sha256), index, size, root, proof }
  return { ...verified, ...verifyInclusion(claim, sha256) }
}

export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): Uint8Array {
  const lines = [
    HEADER,
    ...(extra === null ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...proof.map(toBase64),
    '',
  ]
  const bytes = concatBytes(utf8(lines.map((line) => `${line}\n`).join('')), checkpoint)
  parseTlogProof(bytes)
  return bytes
}

/** The checkpoint is split off, not parsed. Throws TlogError `bad_proof`. */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  try {
    const [head, checkpoint] = splitAtEmptyLine(bytes, MAX_HEAD_BYTES)
    if (checkpoint.length > MAX_NOTE_BYTES) throw badProof('checkpoint too long')
    const [header, ...lines] = parseLines(head, MAX_HEAD_BYTES)
    if (header !== HEADER) throw badProof(`not ${HEADER}`)
    const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines[0].slice(6)) : null
    if (extra !== null && extra.length > MAX_EXTRA_BYTES) throw badProof('extra data too long')
    const [index, ...hashes] = extra === null ? lines : lines.slice(1)
    if (!index?.startsWith('index ')) throw badProof('no index line')
    if (hashes.length > MAX_PROOF_HASHES) throw badProof('proof too long')
    const proof = hashes.map(treeHashFromBase64)
    return { extra, index: parseTreeSize(index.slice(6)), proof, checkpoint }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_proof', 'not a tlog-proof')
  }
}

function badProof(message: string): TlogError {
  return new TlogError('bad_proof', message)
}
