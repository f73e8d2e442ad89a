import {
  type Authority,
  type AuthorityKind,
  authority,
  codeCount,
  commitment,
  commitmentOrNone,
  count,
  day,
  evidence,
  hash,
  id,
  type LineValue,
  language,
  namedHash,
  oneOf,
  organisations,
  publicKey,
  range,
  shown,
  signature,
  volunteer,
} from './event-lines.ts'

/** One line of an event, a line that may be missing (null), or a line that may stand up to 256 times. */
export type EventLine<T, Times extends 'one' | 'maybe' | 'many'> = {
  readonly line: string
  readonly times: Times
  readonly value: LineValue<T>
}

/** What every act on one declaration names: its place, and its leaf hash so that no other log's leaf is meant. */
const declaration = { index: one('index', count), leaf: one('leaf', hash) }

/** What a correction may set; a missing line leaves the value as it is. */
const newValues = {
  shown: maybe('shown', shown),
  body: maybe('body', commitmentOrNone),
  name: maybe('name', commitmentOrNone),
  about: maybe('about', commitment),
}

/** Every event type with its lines in their order, after the four that all events begin with. */
export const EVENT_TABLE = {
  form: { form: one('form', hash), id: one('id', id), version: one('version', count) },

  withdraw: { ...declaration, by: by('author-signed', 'author-by-desk') },
  restore: { ...declaration, by: by('author-signed', 'author-by-desk') },
  confirm: { ...declaration, by: by('author-signed') },
  rekey: { ...declaration, newAuthor: one('new-author', publicKey), by: by('author-signed') },
  correct: {
    ...declaration,
    orgs: maybe('orgs', organisations),
    evidence: maybe('evidence', evidence),
    ...newValues,
    by: by('author-signed', 'author-by-desk', 'operator'),
  },
  redact: { ...declaration, ...newValues, by: by('author-signed', 'author-by-desk', 'operator') },
  translation: {
    ...declaration,
    language: one('language', language),
    translation: one('translation', commitment),
  },

  flag: { ranges: many('range', range), reason: one('reason', id) },
  unflag: { ranges: many('range', range), reason: one('reason', id) },

  batch: {
    range: one('range', range),
    statements: one('statements', count),
    claimed: one('claimed', count),
    approvals: one('approvals', hash),
  },
  import: {
    range: one('range', range),
    file: one('file', hash),
    manifest: one('manifest', hash),
    rows: one('rows', count),
    mismatches: one('mismatches', count),
    claimed: one('claimed', count),
  },
  tally: { events: one('events', count), tally: one('tally', hash) },
  desk: {
    from: one('from', day),
    to: one('to', day),
    rejected: many('rejected', codeCount),
    keptOut: many('kept-out', codeCount),
    claimed: one('claimed', count),
  },
  centres: {
    directory: one('directory', hash),
    countries: one('countries', count),
    centres: one('centres', count),
    volunteers: one('volunteers', count),
  },
  mirrors: { registry: one('registry', hash), mirrors: one('mirrors', count) },
  bulletin: {
    bulletin: one('bulletin', id),
    edition: one('edition', count),
    language: one('language', language),
    source: one('source', hash),
  },
  material: {
    material: one('material', id),
    edition: one('edition', count),
    language: one('language', language),
    file: one('file', hash),
  },
  app: { files: many('file', namedHash) },
  key: {
    subject: one('subject', oneOf(['directory', 'policy', 'recipient', 'log', 'witness'])),
    hash: one('hash', hash),
  },
  audit: {
    batch: one('batch', count),
    rootSize: one('root-size', count),
    root: one('root', hash),
    auditor: one('auditor', volunteer),
    drawn: many('drawn', count),
    missing: many('missing', count),
    signature: one('signature', signature),
  },
  incident: { incident: one('incident', id), notice: one('notice', hash) },
} as const satisfies { readonly [type: string]: { readonly [key: string]: AnyEventLine } }

export type AnyEventLine = EventLine<unknown, 'one' | 'maybe' | 'many'>

function one<T>(line: string, value: LineValue<T>): EventLine<T, 'one'> {
  return { line, times: 'one', value }
}

function maybe<T>(line: string, value: LineValue<T>): EventLine<T, 'maybe'> {
  return { line, times: 'maybe', value }
}

function many<T>(line: string, value: LineValue<T>): EventLine<T, 'many'> {
  return { line, times: 'many', value }
}

function by(...kinds: readonly AuthorityKind[]): EventLine<Authority, 'one'> {
  return one('by', authority(kinds))
}
