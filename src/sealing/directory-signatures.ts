import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { type DirectoryChange, formatChange, parseChange } from './directory-change.ts'
import { SealingError } from './error.ts'

/** Who stands behind an entry. A name proves nothing before the signature was checked under that person's key. */
export type EntrySignatures =
  | { readonly kind: 'root' | 'founder' | 'recovery'; readonly signature: Uint8Array }
  | { readonly kind: 'one'; readonly by: string; readonly signature: Uint8Array }
  | {
      readonly kind: 'two'
      readonly proposed: ProposalSignature
      readonly by: string
      readonly signature: Uint8Array
    }

/** The first person's word: it names the change and not its place, so that it can wait for the second person. */
export type ProposalSignature = {
  readonly by: string
  readonly nonce: string
  readonly day: string
  readonly signature: Uint8Array
}

export type DirectoryProposal = {
  readonly register: string
  readonly nonce: string
  readonly day: string
  readonly change: DirectoryChange
}

export const SIGNATURES_BYTES_MAX = 512
const ID = '[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?'
const NONCE = '[0-9a-f]{32}'
const DAY = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const SIGNATURE = '[A-Za-z0-9+/]{86}=='
const KEYS_ALONE = ['root', 'founder', 'recovery'] as const
const ALONE = new RegExp(`^(root|founder|recovery) (${SIGNATURE})\n$`)
const SIGNED = new RegExp(
  `^(?:proposed (${ID}) (${NONCE}) (${DAY}) (${SIGNATURE})\n)?signed (${ID}) (${SIGNATURE})\n$`,
)

export function formatSignatures(signatures: EntrySignatures): string {
  const text = draftSignatures(signatures)
  parseSignatures(text)
  return text
}

function draftSignatures(signatures: EntrySignatures): string {
  const signature = toBase64(signatures.signature)
  switch (signatures.kind) {
    case 'root':
    case 'founder':
    case 'recovery':
      return `${signatures.kind} ${signature}\n`
    case 'one':
      return `signed ${signatures.by} ${signature}\n`
    case 'two': {
      const { by, nonce, day, signature: first } = signatures.proposed
      const proposed = `proposed ${by} ${nonce} ${day} ${toBase64(first)}\n`
      return `${proposed}signed ${signatures.by} ${signature}\n`
    }
  }
}

/** `text` is attacker-controlled. One set of signatures has one spelling; anything else is `bad_entry`. */
export function parseSignatures(text: string): EntrySignatures {
  if (text.length > SIGNATURES_BYTES_MAX) throw new SealingError('too_large', 'signatures')
  const alone = ALONE.exec(text)
  if (alone) {
    const kind = KEYS_ALONE.find((name) => name === alone[1]) ?? 'root'
    return { kind, signature: signatureBytes(alone[2]) }
  }
  const signed = SIGNED.exec(text)
  if (!signed) throw new SealingError('bad_entry', 'signatures')
  const [, proposer, nonce = '', day = '', first, by = '', second] = signed
  const signature = signatureBytes(second)
  if (proposer === undefined) return { kind: 'one', by, signature }
  const proposed = { by: proposer, nonce, day, signature: signatureBytes(first) }
  return { kind: 'two', proposed, by, signature }
}

function signatureBytes(text: string | undefined): Uint8Array {
  try {
    return fromBase64(text ?? '')
  } catch (cause) {
    throw new SealingError('bad_entry', 'signature', cause)
  }
}

/** What the first of two people signs. */
export function proposalMessage({ register, nonce, day, change }: DirectoryProposal): Uint8Array {
  const lines = [
    'avow/directory-proposal/v1',
    `register ${register}`,
    `nonce ${nonce}`,
    `day ${day}`,
  ]
  return utf8([...lines, formatChange(change), ''].join('\n'))
}

/** A change that waits for its second signature, as the server keeps it: the change's line beside `proposed …`. */
export type PendingChange = { readonly line: string; readonly proposed: string }

const PROPOSED = new RegExp(`^proposed (${ID}) (${NONCE}) (${DAY}) (${SIGNATURE})\n$`)

export function formatPending(change: DirectoryChange, proposed: ProposalSignature): PendingChange {
  const { by, nonce, day, signature } = proposed
  const pending = {
    line: formatChange(change),
    proposed: `proposed ${by} ${nonce} ${day} ${toBase64(signature)}\n`,
  }
  parsePending(pending)
  return pending
}

/** Checks the shape alone; `requireProposal` of directory-authority.ts checks whose word it is. */
export function parsePending({ line, proposed }: PendingChange): {
  readonly change: DirectoryChange
  readonly proposed: ProposalSignature
} {
  if (proposed.length > SIGNATURES_BYTES_MAX) throw new SealingError('too_large', 'proposal')
  const match = PROPOSED.exec(proposed)
  if (!match) throw new SealingError('bad_entry', 'proposal')
  const [, by = '', nonce = '', day = '', signature] = match
  return {
    change: parseChange(line),
    proposed: { by, nonce, day, signature: signatureBytes(signature) },
  }
}
