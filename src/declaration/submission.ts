import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { CHANNELS, type Channel } from './channel.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import {
  EVIDENCE,
  type Evidence,
  KEY_ORIGINS,
  type KeyOrigin,
  keyFitsEvidence,
} from './evidence.ts'
import { BASE64_32_BYTES, DAY, HEX_32_BYTES, ID, LANGUAGE, whole } from './grammar.ts'
import {
  boolean,
  byKind,
  checkedText,
  integer,
  listOf,
  nullable,
  object,
  oneOf,
  parseCanonicalJson,
  parseJson,
  type Shape,
  text,
} from './json-shape.ts'
import { parseOrganisations } from './organisations.ts'
import { checkLine, checkText, NAME_MAX_CHARS, POSITION_MAX_CHARS } from './text.ts'
import type { StatementText } from './values.ts'

export const SUBMISSION_MAX_BYTES = 4 * 1024 * 1024
export const SUBMISSION_MAX_PERSONS = 500
/** Bare further persons ("and 111 others"): they make no declarations, so a bound is enough. */
export const CLAIMED_MAX = 1_000_000

/** What a declarant sent, as it stands inside the seal. */
export type Submission = {
  readonly format: 'avow/submission/v1'
  readonly form: string
  readonly language: string
  readonly channel: Channel
  readonly who: 'self' | 'group' | 'asked'
  /** The submission id this one takes the place of, when the sender went back and edited. */
  readonly replaces: string | null
  readonly claimed: number
  readonly statement: StatementText
  readonly persons: readonly SubmittedPerson[]
}

export type SubmittedPerson = {
  readonly name: { readonly kind: 'real' | 'alias' | 'generated'; readonly value: string } | null
  readonly organisations: readonly string[]
  readonly about: {
    readonly sector?: string
    readonly standing?: string
    readonly position?: string
    readonly region?: string
    readonly voice: string
    readonly claimedDay?: string
  }
  readonly consents: {
    readonly text: boolean
    readonly name: boolean
    readonly position: boolean
    readonly few: boolean
    readonly bulletin: boolean
    readonly broadcast: boolean
  }
  readonly evidence: Evidence
  readonly key: KeyOrigin
  /** What the service must know to serve the receipt; null when it was declined. */
  readonly receipt: {
    readonly lookup: string
    readonly author: string
    readonly age: string
  } | null
}

const id = text(32, whole(ID))
const language = text(35, whole(LANGUAGE))

export const statementShape: Shape<StatementText> = byKind<StatementText>({
  own: object({ kind: oneOf(['own']), language, text: checkedText(checkText) }),
  standard: object({ kind: oneOf(['standard']), language, id }),
})

const personShape: Shape<SubmittedPerson> = object({
  name: nullable(
    object({
      kind: oneOf(['real', 'alias', 'generated']),
      value: checkedText((name) => checkLine(name, NAME_MAX_CHARS)),
    }),
  ),
  organisations: organisationsShape(),
  about: object(
    { voice: id },
    {
      sector: id,
      standing: id,
      position: checkedText((position) => checkLine(position, POSITION_MAX_CHARS)),
      region: id,
      claimedDay: text(10, whole(DAY)),
    },
  ),
  consents: object({
    text: boolean,
    name: boolean,
    position: boolean,
    few: boolean,
    bulletin: boolean,
    broadcast: boolean,
  }),
  evidence: oneOf(EVIDENCE),
  key: oneOf(KEY_ORIGINS),
  receipt: nullable(
    object({
      lookup: text(64, whole(HEX_32_BYTES)),
      author: text(44, whole(BASE64_32_BYTES)),
      age: text(4096, /^age1[a-z0-9]+$/),
    }),
  ),
})

const submissionShape: Shape<Submission> = object({
  format: oneOf(['avow/submission/v1']),
  form: text(64, whole(HEX_32_BYTES)),
  language,
  channel: oneOf(CHANNELS),
  who: oneOf(['self', 'group', 'asked']),
  replaces: nullable(text(64, whole(HEX_32_BYTES))),
  claimed: integer(0, CLAIMED_MAX),
  statement: statementShape,
  persons: listOf(personShape, 1, SUBMISSION_MAX_PERSONS),
})

export function encodeSubmission(submission: Submission): Uint8Array {
  const text = canonicalJson(submission)
  // Sealed at once and opened days later by somebody else: what does not read back would be lost. What is read keeps the
  // order of a text that is canonical already, so the platform's own writer tells whether it is the same.
  const read = checkSubmission(parseJson(text, submissionShape, 'bad_submission'))
  if (JSON.stringify(read) !== text) throw bad('does not read back')
  return utf8(text)
}

/** Throws `bad_submission`. The bytes are attacker-controlled. */
export function parseSubmission(bytes: Uint8Array): Submission {
  return checkSubmission(
    parseCanonicalJson(bytes, SUBMISSION_MAX_BYTES, submissionShape, 'bad_submission'),
  )
}

function checkSubmission(submission: Submission): Submission {
  const lookups = new Set<string>()
  for (const person of submission.persons) {
    if (!keyFitsEvidence(person.evidence, person.key)) throw bad('key does not fit evidence')
    const { claimedDay } = person.about
    if (claimedDay !== undefined && !isCalendarDay(claimedDay)) throw bad('no such day')
    if (person.receipt === null) continue
    if (lookups.has(person.receipt.lookup)) throw bad('one receipt for two persons')
    lookups.add(person.receipt.lookup)
  }
  return submission
}

export function organisationsShape(): Shape<readonly string[]> {
  const list = listOf(id, 1, 16)
  return (value, path) => parseOrganisations(list(value, path).join(','))
}

function bad(message: string): DeclarationError {
  return new DeclarationError('bad_submission', message)
}
