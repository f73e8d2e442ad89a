import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { type Commitment, commitmentFromBase64 } from './commitment.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import { EVIDENCE, type Evidence } from './evidence.ts'
import {
  BASE64_32_BYTES,
  BASE64_64_BYTES,
  COUNT,
  DAY,
  HEX_32_BYTES,
  ID,
  LANGUAGE,
  ORGANISATIONS,
} from './grammar.ts'
import { formatShown, parseShown, type Shown } from './leaf.ts'
import { formatOrganisations, parseOrganisations } from './organisations.ts'

/**
 * How the value of one line is spelled. `read` sees only what `pattern` matched whole, and may still throw.
 * Methods, so that a table may hold values of many types: what is written is read back before it is used.
 */
export type LineValue<T> = {
  readonly pattern: string
  read(written: string): T
  write(value: T): string
}

/** A half-open range of declaration indices: `first` is in it, `end` is not. */
export type IndexRange = { readonly first: number; readonly end: number }
export type CodeCount = { readonly code: string; readonly count: number }
export type NamedHash = { readonly name: string; readonly hash: string }

/** On whose word an act stands. */
export type Authority =
  | {
      readonly kind: 'author-signed'
      /** The acts of this leaf that its author signed, this one included: 1, 2, 3 … */
      readonly seq: number
      readonly signature: Uint8Array
      readonly author: Uint8Array
      /** Opens the leaf's author commitment; null once a `rekey` event has named the key in clear. */
      readonly salt: Uint8Array | null
    }
  /** Two volunteers on the declarant's word, without a receipt. */
  | { readonly kind: 'author-by-desk' }
  | { readonly kind: 'operator'; readonly reason: string; readonly country: string | null }
export type AuthorityKind = Authority['kind']

export const id = plain(ID)
/** Of the directory. */
export const volunteer = plain('[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?')
export const language = plain(LANGUAGE)
export const hash = plain(HEX_32_BYTES)

export const day: LineValue<string> = {
  pattern: DAY,
  read: (written) => {
    if (!isCalendarDay(written)) throw new DeclarationError('bad_event', 'day does not exist')
    return written
  },
  write: (value) => value,
}

export const count: LineValue<number> = { pattern: COUNT, read: Number, write: String }

export const range: LineValue<IndexRange> = {
  pattern: `(?:${COUNT}) (?:${COUNT})`,
  read: (written) => {
    const [first = 0, end = 0] = written.split(' ').map(Number)
    if (first >= end) throw new DeclarationError('bad_event', 'an empty range')
    return { first, end }
  },
  write: ({ first, end }) => `${first} ${end}`,
}

export const codeCount: LineValue<CodeCount> = {
  pattern: `${ID} (?:${COUNT})`,
  read: (written) => {
    const [code = '', number = ''] = written.split(' ')
    return { code, count: Number(number) }
  },
  write: (value) => `${value.code} ${value.count}`,
}

export const namedHash: LineValue<NamedHash> = {
  pattern: `[a-z0-9][a-z0-9._/-]{0,127} ${HEX_32_BYTES}`,
  read: (written) => {
    const [name = '', digest = ''] = written.split(' ')
    return { name, hash: digest }
  },
  write: (value) => `${value.name} ${value.hash}`,
}

export const organisations: LineValue<readonly string[]> = {
  pattern: ORGANISATIONS,
  read: parseOrganisations,
  write: formatOrganisations,
}

export const shown: LineValue<Shown> = {
  pattern: '-|name|text|name,text',
  read: parseShown,
  write: formatShown,
}

export const evidence: LineValue<Evidence> = {
  pattern: EVIDENCE.join('|'),
  read: (written) => EVIDENCE.find((level) => level === written) ?? 'legacy',
  write: (value) => value,
}

export const commitment: LineValue<Commitment> = {
  pattern: BASE64_32_BYTES,
  read: commitmentFromBase64,
  write: toBase64,
}

/** A new commitment, or `-`: the field is no more. */
export const commitmentOrNone: LineValue<Commitment | '-'> = {
  pattern: `${BASE64_32_BYTES}|-`,
  read: (written) => (written === '-' ? '-' : commitmentFromBase64(written)),
  write: (value) => (value === '-' ? '-' : toBase64(value)),
}

export const publicKey: LineValue<Uint8Array> = {
  pattern: BASE64_32_BYTES,
  read: fromBase64,
  write: toBase64,
}

export const signature: LineValue<Uint8Array> = {
  pattern: BASE64_64_BYTES,
  read: fromBase64,
  write: toBase64,
}

export function oneOf<const T extends string>(members: readonly T[]): LineValue<T> {
  return {
    pattern: members.join('|'),
    read: (written) => {
      const found = members.find((member) => member === written)
      if (found === undefined) throw new DeclarationError('bad_event', 'value outside the list')
      return found
    },
    write: (value) => value,
  }
}

const AUTHORITY_PATTERNS: Readonly<Record<AuthorityKind, string>> = {
  'author-signed': `author-signed [1-9]\\d{0,8} ${BASE64_64_BYTES} ${BASE64_32_BYTES} (?:${BASE64_32_BYTES}|-)`,
  'author-by-desk': 'author-by-desk',
  operator: `operator ${ID}(?: [A-Z]{2})?`,
}

/** The kinds of authority that an act of this type may stand on. */
export function authority(kinds: readonly AuthorityKind[]): LineValue<Authority> {
  return {
    pattern: kinds.map((kind) => AUTHORITY_PATTERNS[kind]).join('|'),
    read: readAuthority,
    write: writeAuthority,
  }
}

function readAuthority(written: string): Authority {
  const [kind, first = '', second = '', third = '', fourth = '-'] = written.split(' ')
  if (kind === 'author-by-desk') return { kind }
  if (kind === 'operator') {
    return { kind, reason: first, country: second === '' ? null : second }
  }
  return {
    kind: 'author-signed',
    seq: Number(first),
    signature: fromBase64(second),
    author: fromBase64(third),
    salt: fourth === '-' ? null : fromBase64(fourth),
  }
}

function writeAuthority(by: Authority): string {
  switch (by.kind) {
    case 'author-by-desk':
      return by.kind
    case 'operator':
      return by.country === null ? `operator ${by.reason}` : `operator ${by.reason} ${by.country}`
    case 'author-signed': {
      const salt = by.salt === null ? '-' : toBase64(by.salt)
      return `author-signed ${by.seq} ${toBase64(by.signature)} ${toBase64(by.author)} ${salt}`
    }
  }
}

function plain(pattern: string): LineValue<string> {
  return { pattern, read: (written) => written, write: (value) => value }
}
