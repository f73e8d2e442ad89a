import { challengeMessage } from '../declaration/act.ts'
import { type Authorship, parseAuthorship } from '../declaration/authorship.ts'
import { type Sha256, saltOf, verifyOpening } from '../declaration/commitment.ts'
import type { LeafState } from '../declaration/leaf-state.ts'
import { parseName } from '../declaration/values.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import { VerifyError } from './error.ts'

export type AuthorshipTrust = {
  /** Of the declaration log, and where the declaration stands in it: verified before. */
  readonly origin: string
  readonly index: number
  readonly state: LeafState
  /** What the verifier asked: an answer to another question proves nothing to them. */
  readonly nonce: string
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
  /** As findings name it. */
  readonly file: string
}

/** Who answered holds the key that speaks for the declaration now. */
export type AuthorshipEvidence = {
  readonly index: number
  readonly verifier: string
  readonly day: string
  readonly author: Uint8Array
  /** Opened to the verifier alone; the register need not show it. */
  readonly name: string | null
}

/** Throws VerifyError `bad_proof`. */
export function verifyAuthorship(bytes: Uint8Array, trust: AuthorshipTrust): AuthorshipEvidence {
  const { file, sha256 } = trust
  return orBadAnswer(file, () => {
    // 1. It is about this declaration of this register, and answers this question.
    const answer = parseAuthorship(bytes)
    const { index, challenge, author } = answer
    if (answer.origin !== trust.origin) throw new Error('it is about another register')
    if (index !== trust.index || answer.leaf !== trust.state.leafHash) {
      throw new Error('it is about another declaration')
    }
    if (challenge.nonce !== trust.nonce) throw new Error('it answers another question')

    // 2. The key is the one that speaks for the declaration.
    requireAuthorKey(answer, trust.state, sha256)

    // 3. That key signed the question.
    const verify = trust.ed25519Verify ?? nobleEd25519.verify
    if (!verify(answer.signature, challengeMessage(challenge), author)) {
      throw new Error('the signature does not verify')
    }

    // 4. A name that it opens is the declaration's.
    const { verifier, day } = challenge
    return { index, verifier, day, author, name: openedName(answer, trust.state, sha256) }
  })
}

function requireAuthorKey(answer: Authorship, state: LeafState, sha256: Sha256): void {
  const { author, salt } = answer
  if (state.rekeyed !== null) {
    if (!equalBytes(author, state.rekeyed)) throw new Error('the receipt was changed since')
    return
  }
  if (salt === null) throw new Error('it does not open the author commitment')
  verifyOpening(state.leaf.author, 'author', { salt: saltOf(salt), value: author }, sha256)
}

function openedName({ name }: Authorship, { leaf }: LeafState, sha256: Sha256): string | null {
  if (name === null) return null
  if (leaf.name === undefined) throw new Error('it opens a name that the declaration does not have')
  return parseName(verifyOpening(leaf.name, 'name', name, sha256).value)
}

function orBadAnswer<T>(file: string, prove: () => T): T {
  try {
    return prove()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new VerifyError('bad_proof', file, `the answer does not hold: ${reason}`, { cause })
  }
}
