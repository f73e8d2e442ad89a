import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesFrom, nearMisses, RUNS } from '../../test/support/declaration-examples.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import { DeclarationError } from './error.ts'
import {
  encodeSubmission,
  parseSubmission,
  SUBMISSION_MAX_BYTES,
  SUBMISSION_MAX_PERSONS,
  type Submission,
  type SubmittedPerson,
} from './submission.ts'

const refusesSubmission = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_submission'

const PERSON: SubmittedPerson = {
  name: { kind: 'generated', value: '晨曦山谷白鹭 482135' },
  organisations: ['league', 'pioneers'],
  about: { sector: 'education', position: '教师', region: 'cn-sichuan', voice: 'own' },
  consents: {
    text: true,
    name: false,
    position: true,
    few: false,
    bulletin: false,
    broadcast: false,
  },
  evidence: 'self',
  key: 'own',
  receipt: {
    lookup: toHex(bytesFrom('lookup')),
    author: toBase64(bytesFrom('author')),
    age: 'age1pq1example',
  },
}
const SUBMISSION: Submission = {
  format: 'avow/submission/v1',
  form: 'ab'.repeat(32),
  language: 'zh-hans',
  channel: 'web',
  who: 'self',
  replaces: null,
  claimed: 111,
  statement: { kind: 'own', language: 'zh-hans', text: '我退出。' },
  persons: [PERSON],
}
const spelled = (submission: unknown) => utf8(canonicalJson(JSON.parse(JSON.stringify(submission))))

test('a submission reads back as it was sealed', () => {
  assert.deepEqual(parseSubmission(encodeSubmission(SUBMISSION)), SUBMISSION)
  const bare: Submission = {
    ...SUBMISSION,
    statement: { kind: 'standard', language: 'en', id: 'leave' },
    replaces: toHex(bytesFrom('replaced')),
    persons: [{ ...PERSON, name: null, about: { voice: 'standard' }, receipt: null }],
  }
  assert.deepEqual(parseSubmission(encodeSubmission(bare)), bare)
})

test('five hundred persons with everything they may say fit', () => {
  const persons = Array.from(
    { length: SUBMISSION_MAX_PERSONS },
    (_, i): SubmittedPerson => ({
      ...PERSON,
      name: { kind: 'real', value: `"${'𠀀'.repeat(118)}"` },
      about: {
        ...PERSON.about,
        standing: 'retired',
        position: '𠀀'.repeat(60),
        claimedDay: '2004-12-03',
      },
      receipt: {
        lookup: toHex(bytesFrom(`lookup ${i}`)),
        author: toBase64(bytesFrom(`author ${i}`)),
        age: `age1pq1${'q'.repeat(1953)}`,
      },
    }),
  )
  const text = '"'.repeat(20_000)
  const full: Submission = {
    ...SUBMISSION,
    statement: { ...SUBMISSION.statement, kind: 'own', language: 'en', text },
    persons,
  }
  const bytes = encodeSubmission(full)
  assert.ok(bytes.length <= SUBMISSION_MAX_BYTES)
  assert.equal(parseSubmission(bytes).persons.length, 500)
  assert.throws(
    () => encodeSubmission({ ...full, persons: [...persons, PERSON] }),
    refusesSubmission,
  )
})

for (const [what, change] of [
  ['with an unknown member', { ip: '192.0.2.1' }],
  ['of another format', { format: 'avow/submission/v2' }],
  ['from an unknown channel', { channel: 'telex' }],
  ['without persons', { persons: [] }],
  ['with a negative claim', { claimed: -1 }],
  ['with a text not in NFC', { statement: { kind: 'own', language: 'en', text: 'e\u0301' } }],
  ['with a text of neither kind', { statement: { kind: 'said', language: 'en', text: 'x' } }],
  [
    'with unsorted organisations',
    { persons: [{ ...PERSON, organisations: ['pioneers', 'league'] }] },
  ],
  ['without organisations', { persons: [{ ...PERSON, organisations: [] }] }],
  ['with a name of two lines', { persons: [{ ...PERSON, name: { kind: 'real', value: 'a\nb' } }] }],
  ['with an import tier that has a receipt key', { persons: [{ ...PERSON, evidence: 'legacy' }] }],
  ['with one receipt for two persons', { persons: [PERSON, PERSON] }],
  [
    'with a claimed day that does not exist',
    { persons: [{ ...PERSON, about: { voice: 'own', claimedDay: '2001-02-30' } }] },
  ],
  [
    'with a consent left unanswered',
    { persons: [{ ...PERSON, consents: { ...PERSON.consents, name: null } }] },
  ],
] as const) {
  test(`a submission ${what} is refused`, () => {
    assert.throws(() => parseSubmission(spelled({ ...SUBMISSION, ...change })), refusesSubmission)
  })
}

test('a submission in another spelling, or with a member twice, is refused', () => {
  const canonical = fromUtf8(encodeSubmission(SUBMISSION))
  for (const respelled of [
    ` ${canonical}`,
    JSON.stringify(SUBMISSION, null, 1),
    canonical.replace('"claimed":111', '"claimed":1.11e2'),
    canonical.replace('"claimed":111', '"claimed":0.5'),
    canonical.replace('"claimed":111', '"claimed":7,"claimed":111'),
    canonical.replace('我', '\\u6211'),
  ]) {
    assert.notEqual(respelled, canonical)
    assert.throws(() => parseSubmission(utf8(respelled)), refusesSubmission)
  }
})

test('a submission without any one of its members is refused', () => {
  for (const member of Object.keys(SUBMISSION)) {
    const { [member]: _left, ...rest } = Object.fromEntries(Object.entries(SUBMISSION))
    assert.throws(() => parseSubmission(spelled(rest)), refusesSubmission, member)
  }
})

test('a submission longer than its bound is refused before it is read', () => {
  const bytes = new Uint8Array(SUBMISSION_MAX_BYTES + 1).fill(0xff)
  assert.throws(() => parseSubmission(bytes), /more than 4194304 bytes/)
})

test('any bytes are refused as a submission or are the one spelling of what they say', () => {
  fc.assert(
    fc.property(nearMisses(fc.constant(encodeSubmission(SUBMISSION))), (bytes) => {
      try {
        assert.deepEqual(encodeSubmission(parseSubmission(bytes)), bytes)
      } catch (error) {
        if (!refusesSubmission(error)) throw error
      }
    }),
    { numRuns: 5 * RUNS },
  )
})

test('deeply nested JSON is refused like any other', () => {
  const deep = utf8(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
  assert.throws(() => parseSubmission(deep), refusesSubmission)
})
