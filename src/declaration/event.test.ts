import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  bytesFrom,
  commitment,
  day,
  hex32,
  nearMisses,
  organisations,
  RUNS,
} from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import {
  type ActEvent,
  type EventOf,
  encodeEvent,
  isAct,
  type LogEvent,
  parseEvent,
} from './event.ts'
import type { Authority } from './event-lines.ts'
import { EVENT_TABLE } from './event-table.ts'
import { EVIDENCE } from './evidence.ts'

const refusesEvent = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_event'
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true })
const count = fc.nat({ max: 500_000_000 })
const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const signed: fc.Arbitrary<Authority> = record({
  kind: fc.constant('author-signed' as const),
  seq: fc.integer({ min: 1, max: 999 }),
  signature: bytes(64),
  author: bytes(32),
  salt: fc.oneof(fc.constant(null), bytes(32)),
})
const byDesk: fc.Arbitrary<Authority> = fc.constant({ kind: 'author-by-desk' })
const byOperator: fc.Arbitrary<Authority> = record({
  kind: fc.constant('operator' as const),
  reason: id,
  country: fc.constantFrom(null, 'CA', 'TW'),
})
const head = { day, size: count }
const act = { ...head, index: count, leaf: hex32 }
const range = record({ first: count, length: fc.integer({ min: 1, max: 9999 }) }).map(
  ({ first, length }) => ({ first, end: first + length }),
)
const shown = fc.option(record({ name: fc.boolean(), text: fc.boolean() }))
const newValues = {
  shown,
  body: fc.option(fc.oneof(commitment, fc.constant('-' as const))),
  name: fc.option(fc.oneof(commitment, fc.constant('-' as const))),
  about: fc.option(commitment),
}
const is = <const T extends string>(type: T) => fc.constant(type)
const codes = fc.array(record({ code: id, count }), { maxLength: 5 })
const ranges = fc.array(range, { minLength: 1, maxLength: 5 })

const acts: fc.Arbitrary<ActEvent> = fc.oneof(
  record({ type: is('withdraw'), ...act, by: fc.oneof(signed, byDesk) }),
  record({ type: is('restore'), ...act, by: fc.oneof(signed, byDesk) }),
  record({ type: is('confirm'), ...act, by: signed }),
  record({ type: is('rekey'), ...act, newAuthor: bytes(32), by: signed }),
  record({
    type: is('correct'),
    ...act,
    orgs: fc.option(organisations),
    evidence: fc.option(fc.constantFrom(...EVIDENCE)),
    ...newValues,
    by: fc.oneof(signed, byDesk, byOperator),
  }),
  record({ type: is('redact'), ...act, ...newValues, by: fc.oneof(signed, byDesk, byOperator) }),
)
const others: fc.Arbitrary<LogEvent> = fc.oneof(
  record({ type: is('form'), ...head, form: hex32, id, version: count }),
  record({ type: is('translation'), ...act, language: fc.constant('en'), translation: commitment }),
  record({ type: is('flag'), ...head, ranges, reason: id }),
  record({ type: is('unflag'), ...head, ranges, reason: id }),
  record({
    type: is('batch'),
    ...head,
    range,
    statements: count,
    claimed: count,
    approvals: hex32,
  }),
  record({
    type: is('import'),
    ...head,
    range,
    file: hex32,
    manifest: hex32,
    rows: count,
    mismatches: count,
    claimed: count,
  }),
  record({ type: is('tally'), ...head, events: count, tally: hex32 }),
  record({
    type: is('desk'),
    ...head,
    from: day,
    to: day,
    rejected: codes,
    keptOut: codes,
    claimed: count,
  }),
  record({
    type: is('centres'),
    ...head,
    directory: hex32,
    countries: count,
    centres: count,
    volunteers: count,
  }),
  record({ type: is('mirrors'), ...head, registry: hex32, mirrors: count }),
  record({
    type: is('bulletin'),
    ...head,
    bulletin: id,
    edition: count,
    language: fc.constant('zh-hant'),
    source: hex32,
  }),
  record({
    type: is('material'),
    ...head,
    material: id,
    edition: count,
    language: fc.constant('en'),
    file: hex32,
  }),
  record({
    type: is('app'),
    ...head,
    files: fc.array(record({ name: fc.constant('assets/desk.js'), hash: hex32 }), { maxLength: 4 }),
  }),
  record({
    type: is('key'),
    ...head,
    subject: fc.constantFrom('directory', 'policy', 'recipient', 'log', 'witness'),
    hash: hex32,
  }),
  record({
    type: is('audit'),
    ...head,
    batch: count,
    rootSize: count,
    root: hex32,
    auditor: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?$/),
    drawn: fc.array(count, { maxLength: 9 }),
    missing: fc.array(count, { maxLength: 3 }),
    signature: bytes(64),
  }),
  record({ type: is('incident'), ...head, incident: id, notice: hex32 }),
)
const events = fc.oneof(acts, others)

test('every event reads back as it was written', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(events, (event) => {
      seen.add(event.type)
      assert.deepEqual(parseEvent(encodeEvent(event)), event)
    }),
    { numRuns: 20 * RUNS },
  )
  assert.deepEqual(Array.from(seen).toSorted(), Object.keys(EVENT_TABLE).toSorted())
})

test('any bytes are refused as an event or are the one spelling of what they say', () => {
  fc.assert(
    fc.property(nearMisses(events.map(encodeEvent)), (bytes) => {
      try {
        assert.deepEqual(encodeEvent(parseEvent(bytes)), bytes)
      } catch (error) {
        if (!refusesEvent(error)) throw error
      }
    }),
    { numRuns: 20 * RUNS },
  )
})

test('the acts are the events that name one declaration and an authority', () => {
  fc.assert(
    fc.property(events, (event) => {
      assert.equal(isAct(event), 'by' in event)
    }),
    { numRuns: 3 * RUNS },
  )
})

const WITHDRAW: EventOf<'withdraw'> = {
  type: 'withdraw',
  day: '2026-11-22',
  size: 20,
  index: 17,
  leaf: 'ab'.repeat(32),
  by: {
    kind: 'author-signed',
    seq: 1,
    signature: new Uint8Array(64),
    author: bytesFrom('author'),
    salt: bytesFrom('salt'),
  },
}

test('an event is written as the format says', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  assert.equal(
    fromUtf8(encodeEvent(WITHDRAW)),
    `avow/event/v1\ntype withdraw\nday 2026-11-22\nsize 20\nindex 17\nleaf ${'ab'.repeat(32)}\n` +
      `by author-signed 1 ${base64(new Uint8Array(64))} ${base64(bytesFrom('author'))} ${base64(bytesFrom('salt'))}\n`,
  )
  assert.equal(
    fromUtf8(
      encodeEvent({
        type: 'desk',
        day: '2026-11-22',
        size: 20,
        from: '2026-11-15',
        to: '2026-11-21',
        rejected: [
          { code: 'spam', count: 3 },
          { code: 'test', count: 1 },
        ],
        keptOut: [],
        claimed: 111,
      }),
    ),
    'avow/event/v1\ntype desk\nday 2026-11-22\nsize 20\nfrom 2026-11-15\nto 2026-11-21\nrejected spam 3\nrejected test 1\nclaimed 111\n',
  )
})

test('each act stands on the authorities its type allows and on no other', () => {
  const values = { shown: null, body: null, name: null, about: null }
  const act = { day: '2026-11-22', size: 20, index: 17, leaf: 'ab'.repeat(32) }
  const allowed = (['author-signed', 'author-by-desk', 'operator'] as const).map((kind) => {
    const operator = { kind: 'operator' as const, reason: 'spam', country: null }
    const desk = { kind: 'author-by-desk' as const }
    const by = kind === 'operator' ? operator : kind === 'author-by-desk' ? desk : WITHDRAW.by
    const acts: readonly ActEvent[] = [
      { ...act, type: 'withdraw', by },
      { ...act, type: 'restore', by },
      { ...act, type: 'confirm', by },
      { ...act, type: 'rekey', newAuthor: new Uint8Array(32), by },
      { ...act, type: 'correct', orgs: null, evidence: null, ...values, by },
      { ...act, type: 'redact', ...values, by },
    ]
    return acts.filter(isWritten).map(({ type }) => type)
  })
  assert.deepEqual(allowed, [
    ['withdraw', 'restore', 'confirm', 'rekey', 'correct', 'redact'],
    ['withdraw', 'restore', 'correct', 'redact'],
    ['correct', 'redact'],
  ])
})

function isWritten(event: LogEvent): boolean {
  try {
    encodeEvent(event)
    return true
  } catch (error) {
    if (refusesEvent(error)) return false
    throw error
  }
}

const withdraw = fromUtf8(encodeEvent(WITHDRAW))
for (const [what, from, to] of [
  ['of an unknown type', 'type withdraw', 'type delete'],
  ['of a type that objects inherit', 'type withdraw', 'type toString'],
  ['of a newer version', 'avow/event/v1', 'avow/event/v2'],
  ['with a day that does not exist', 'day 2026-11-22', 'day 2026-11-31'],
  ['with a leading zero', 'index 17', 'index 017'],
  ['with an index no safe integer holds', 'index 17', 'index 9007199254740993'],
  ['with a line twice', 'index 17\n', 'index 17\nindex 17\n'],
  ['without a line', 'index 17\n', ''],
  ['with lines of another order', /(index 17\n)(leaf .*\n)/, '$2$1'],
  ['with a line of another type', /\n$/, '\nreason x\n'],
  ['by an authority that its type does not allow', /by .*/, 'by operator spam'],
  ['with the first act numbered 0', 'signed 1', 'signed 0'],
] as const) {
  test(`an event ${what} is refused`, () => {
    const changed = withdraw.replace(from, to)
    assert.notEqual(changed, withdraw)
    assert.throws(() => parseEvent(utf8(changed)), refusesEvent)
  })
}

test('an empty range, a line too often and an event too long are refused', () => {
  const flag = (...ranges: { first: number; end: number }[]): LogEvent => ({
    type: 'flag',
    day: '2026-11-22',
    size: 9,
    ranges,
    reason: 'invented',
  })
  assert.throws(() => encodeEvent(flag({ first: 3, end: 3 })), refusesEvent)
  const many = (length: number) => flag(...Array.from({ length }, () => ({ first: 3, end: 4 })))
  assert.deepEqual(parseEvent(encodeEvent(many(256))), many(256))
  assert.throws(() => encodeEvent(many(257)), refusesEvent)
  assert.throws(() => encodeEvent(many(5000)), refusesEvent)
})
