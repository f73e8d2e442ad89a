import { SUBMISSION_MAX_BYTES, SUBMISSION_MAX_PERSONS } from '../declaration/submission.ts'
import { pad } from '../sealing/padding.ts'
import { IntakeError } from './error.ts'

/** What a channel hands in. Everything but `plaintext` stays readable on disk, so nothing finer may go there. */
export interface Envelope {
  readonly plaintext: Uint8Array
  /** 32 bytes that the sender's second try repeats: it makes the second try harmless. */
  readonly id: Uint8Array
  readonly centre: string
  readonly line: string
  readonly channel: string
  readonly language: string
  readonly receipts: readonly EnvelopeReceipt[]
}

export interface EnvelopeReceipt {
  /** SHA-256 of the look-up id. */
  readonly lookupHash: Uint8Array
  /** Index of the person in the submission. */
  readonly person: number
  /** The submission speaks for no other person, with a receipt or without. */
  readonly alone?: boolean
}

/** A bounded, padded envelope: what it weighs is all that can still be told of its content. */
export interface PaddedEnvelope extends Omit<Envelope, 'plaintext'> {
  readonly padded: Uint8Array
}

/** What its sender sealed to the centre with age: stored as it came. Whether anybody can read it shows at the desk. */
export interface SealedEnvelope extends Omit<Envelope, 'plaintext'> {
  readonly file: Uint8Array
  readonly sizeClass: number
}

export type StorableEnvelope = PaddedEnvelope | SealedEnvelope

const CLEAR_WORD = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** Throws `bad_envelope` for what the database would refuse, so that one odd envelope never fails the rows beside it. */
export function padEnvelope(envelope: Envelope): PaddedEnvelope {
  const { plaintext, ...clear } = envelope
  if (plaintext.length === 0 || plaintext.length > SUBMISSION_MAX_BYTES) throw bad('content size')
  requireClear(clear)
  return { ...clear, padded: pad(plaintext) }
}

/** Throws `bad_envelope`. */
export function requireClear(clear: Omit<Envelope, 'plaintext'>): void {
  if (clear.id.length !== 32) throw bad('id')
  for (const word of [clear.centre, clear.line, clear.channel, clear.language]) {
    if (!CLEAR_WORD.test(word)) throw bad('a clear column')
  }
  if (clear.receipts.length > SUBMISSION_MAX_PERSONS) throw bad('more receipts than persons')
  for (const { lookupHash, person } of clear.receipts) {
    if (lookupHash.length !== 32) throw bad('look-up hash')
    if (!Number.isInteger(person) || person < 0 || person >= SUBMISSION_MAX_PERSONS)
      throw bad('person')
  }
}

function bad(what: string): IntakeError {
  return new IntakeError('bad_envelope', what)
}
