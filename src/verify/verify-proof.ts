import type { Commitment, Opening, Sha256 } from '../declaration/commitment.ts'
import { verifyOpening } from '../declaration/commitment.ts'
import { type Leaf, parseLeaf } from '../declaration/leaf.ts'
import {
  type About,
  parseAbout,
  parseAuthor,
  parseBody,
  parseName,
  type StatementText,
} from '../declaration/values.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { TreeHash } from '../tlog/hash.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import type { Policy } from '../tlog/policy.ts'
import { parseTlogProof, verifyTlogProof } from '../tlog/tlog-proof.ts'
import { VerifyError } from './error.ts'
import { type ProofExtra, parseProofExtra } from './proof-extra.ts'
import { registerOrigins } from './register-origins.ts'
import { DAY_SECONDS, utcDay } from './witnessed-days.ts'

export type ProofOptions = {
  readonly policy: Policy
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
  /** As findings name it. */
  readonly file: string
}

/** What a proof shows of one declaration, as it was when the checkpoint was signed. */
export type ProofEvidence = {
  readonly register: string
  readonly index: number
  readonly size: number
  readonly leaf: Leaf
  readonly leafHash: TreeHash
  readonly quorum: string
  /** Witnesses of other operators, and the day on which each saw the declaration. */
  readonly independent: readonly { readonly name: string; readonly day: string }[]
  /** What its holder disclosed, each the very value that the leaf commits to. */
  readonly text: StatementText | null
  readonly name: string | null
  readonly about: About | null
  readonly author: Uint8Array | null
}

/** One declaration, offline. Throws VerifyError `bad_proof`, and `day_not_witnessed`. */
export function verifyProof(bytes: Uint8Array, options: ProofOptions): ProofEvidence {
  return orBadProof(options.file, () => {
    // 1. The proof reads, and carries the leaf it is about.
    const proof = parseTlogProof(bytes)
    if (proof.extra === null) throw new Error('it does not carry the leaf it is about')
    const extra = parseProofExtra(proof.extra)
    const leaf = parseLeaf(extra.leaf)

    // 2. The leaf stands at its index in a checkpoint that the policy accepts, of the declaration log.
    const { policy, sha256, ed25519Verify, file } = options
    const entry = verifyTlogProof(proof, extra.leaf, policy, sha256, ed25519Verify)
    const origins = registerOrigins(policy)
    if (entry.checkpoint.origin !== origins.declarations) throw new Error('it is of another log')

    // 3. No witness saw it before its day. A later checkpoint than the first is as good a proof of all but the day.
    for (const { name, time } of entry.cosignatures) {
      if (leaf.day > utcDay(time + DAY_SECONDS)) {
        throw new VerifyError(
          'day_not_witnessed',
          file,
          `${name} saw it before its day ${leaf.day}`,
        )
      }
    }

    // 4. What is disclosed is what the leaf commits to.
    const opened = openFields(leaf, extra, sha256)
    const { index, size, leafHash, quorum, cosignatures } = entry
    const others = independentWitnesses(policy, cosignatures)
    const independent = cosignatures
      .filter(({ name }) => others.includes(name))
      .map(({ name, time }) => ({ name, day: utcDay(time) }))
    return {
      register: origins.register,
      index,
      size,
      leaf,
      leafHash,
      quorum,
      independent,
      ...opened,
    }
  })
}

function openFields(leaf: Leaf, { openings }: ProofExtra, sha256: Sha256) {
  const { body, name, about, author } = openings
  return {
    text: body === undefined ? null : parseBody(open(leaf.body, 'body', body, sha256)),
    name: name === undefined ? null : parseName(open(leaf.name, 'name', name, sha256)),
    about: about === undefined ? null : parseAbout(open(leaf.about, 'about', about, sha256)),
    author: author === undefined ? null : parseAuthor(open(leaf.author, 'author', author, sha256)),
  }
}

function open(
  commitment: Commitment | undefined,
  field: 'body' | 'name' | 'about' | 'author',
  opening: Opening,
  sha256: Sha256,
): Uint8Array {
  if (commitment === undefined) throw new Error(`it opens a ${field} that the leaf does not have`)
  return verifyOpening(commitment, field, opening, sha256).value
}

function orBadProof<T>(file: string, prove: () => T): T {
  try {
    return prove()
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_proof', file, `the proof does not hold: ${reason}`, { cause })
  }
}
