export const PARTICULAR_KINDS = [
  'identity',
  'card',
  'phone',
  'email',
  'account',
  'address',
  'plate',
  'birth',
  'name',
  'unit',
] as const
/** What a stretch of text seems to be. */
export type ParticularKind = (typeof PARTICULAR_KINDS)[number]

/** Why a stretch was marked, as a code that a catalogue has words for. */
export type ParticularReason =
  | 'checksum'
  | 'shape'
  | 'named-before'
  | 'title-beside'
  | 'place-words'
  | 'narrow-unit'

/** A stretch that may point at a person: UTF-16 units of the text as it was given. */
export type Particular = {
  readonly start: number
  readonly end: number
  readonly kind: ParticularKind
  readonly reason: ParticularReason
}
