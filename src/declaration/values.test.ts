import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { about, line, nearMisses, ownText, RUNS } from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { DeclarationError } from './error.ts'
import {
  type About,
  encodeAbout,
  encodeAuthor,
  encodeBody,
  encodeName,
  parseAbout,
  parseBody,
  parseName,
  type StatementText,
} from './values.ts'

const refusesValue = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_value'

const body: fc.Arbitrary<StatementText> = fc.oneof(
  ownText.map((text) => ({ kind: 'own' as const, language: 'zh-hant', text })),
  fc.constant({ kind: 'standard' as const, language: 'en', id: 'leave' }),
)

function hasOneSpelling<T>(
  valid: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  parse: (bytes: Uint8Array) => T,
): void {
  fc.assert(
    fc.property(valid, (value) => {
      assert.deepEqual(parse(encode(value)), value)
    }),
    { numRuns: RUNS },
  )
  fc.assert(
    fc.property(nearMisses(valid.map(encode)), (bytes) => {
      try {
        assert.deepEqual(encode(parse(bytes)), bytes)
      } catch (error) {
        if (!refusesValue(error)) throw error
      }
    }),
    { numRuns: 5 * RUNS },
  )
}

test('a body reads back, and any bytes are refused or are its one spelling', () => {
  hasOneSpelling(body, encodeBody, parseBody)
})

test('a name reads back, and any bytes are refused or are its one spelling', () => {
  hasOneSpelling(line(120), encodeName, parseName)
})

test('an about reads back, and any bytes are refused or are its one spelling', () => {
  hasOneSpelling(about, encodeAbout, parseAbout)
})

test('bodies are written as the format says', () => {
  const own = encodeBody({ kind: 'own', language: 'zh-hans', text: '我退出。\n\n李明' })
  assert.equal(fromUtf8(own), 'own zh-hans\n我退出。\n\n李明')
  const standard = encodeBody({ kind: 'standard', language: 'en', id: 'leave' })
  assert.equal(fromUtf8(standard), 'standard en leave\n')
})

test('an about is written in the order of the format, absent lines left out', () => {
  const full: About = {
    language: 'zh-hans',
    sector: 'police',
    standing: 'retired',
    position: '派出所所长',
    region: 'cn-sichuan',
    voice: 'own',
    channel: 'fax',
    claimedDay: '2004-12-03',
    few: true,
  }
  assert.equal(
    fromUtf8(encodeAbout(full)),
    'lang zh-hans\nsector police\nstanding retired\nposition 派出所所长\nregion cn-sichuan\n' +
      'voice own\nchannel fax\nclaimed-day 2004-12-03\nfew consented\n',
  )
  const least = encodeAbout({ language: 'en', voice: 'standard', channel: 'web', few: false })
  assert.equal(fromUtf8(least), 'lang en\nvoice standard\nchannel web\n')
})

for (const [what, written] of [
  ['without voice', 'lang en\nchannel web\n'],
  ['with lines in another order', 'lang en\nchannel web\nvoice own\n'],
  ['with a line twice', 'lang en\nlang en\nvoice own\nchannel web\n'],
  ['with an unknown line', 'lang en\nvoice own\nchannel web\nphone 1\n'],
  [
    'with a claimed day that does not exist',
    'lang en\nvoice own\nchannel web\nclaimed-day 2001-04-31\n',
  ],
  ['with another consent', 'lang en\nvoice own\nchannel web\nfew refused\n'],
  ['with an upper-case tag', 'lang zh-Hans\nvoice own\nchannel web\n'],
  [
    'with a position of 61 characters',
    `lang en\nposition ${'长'.repeat(61)}\nvoice own\nchannel web\n`,
  ],
  ['without its last line end', 'lang en\nvoice own\nchannel web'],
] as const) {
  test(`an about ${what} is refused`, () => {
    assert.throws(() => parseAbout(utf8(written)), refusesValue)
  })
}

for (const [what, name] of [
  ['empty', ''],
  ['of two lines', '李\n明'],
  ['that turns its reading direction', 'ab\u202ecd'],
  ['inside a direction isolate', '\u2066ab\u2069'],
  ['with a zero byte', 'a\0b'],
  ['with a C1 control', 'a\u0085b'],
  ['with a line separator', 'a\u2028b'],
  ['that begins with white space', ' ab'],
  ['that ends with an ideographic space', 'ab\u3000'],
  ['not in NFC', 'e\u0301'],
  ['with a byte order mark', '\ufeffab'],
  ['of 121 characters', '名'.repeat(121)],
] as const) {
  test(`a name ${what} is refused`, () => {
    assert.throws(() => encodeName(name), refusesValue)
    assert.throws(() => parseName(utf8(name)), refusesValue)
  })
}

test('characters are code points: 120 of the supplementary planes are a name, 121 are not', () => {
  assert.equal(parseName(encodeName('𠀀'.repeat(120))), '𠀀'.repeat(120))
  assert.throws(() => encodeName('𠀀'.repeat(121)), refusesValue)
})

test('a text of 20,000 characters is taken and one of 20,001 is refused', () => {
  const text = '声'.repeat(20_000)
  assert.deepEqual(parseBody(utf8(`own zh-hans\n${text}`)), {
    kind: 'own',
    language: 'zh-hans',
    text,
  })
  assert.throws(() => parseBody(utf8(`own zh-hans\n${text}声`)), refusesValue)
})

for (const [what, written] of [
  ['with a carriage return', 'own en\na\r\nb'],
  ['with a tab', 'own en\na\tb'],
  ['of white space only', 'own en\n \n '],
  ['that is empty', 'own en\n'],
  ['without a language', 'own\ntext'],
  ['that is neither kind', 'said en\ntext'],
  ['that names a standard text and goes on', 'standard en leave\nmore'],
] as const) {
  test(`a body ${what} is refused`, () => {
    assert.throws(() => parseBody(utf8(written)), refusesValue)
  })
}

test('bytes that are not UTF-8 are refused', () => {
  for (const parse of [parseBody, parseName, parseAbout]) {
    assert.throws(() => parse(Uint8Array.of(0x61, 0xff, 0x62)), refusesValue)
  }
})

test('an author value is the 32 bytes of the key and shares no memory with it', () => {
  const key = Buffer.alloc(32, 7)
  const value = encodeAuthor(key)
  key[0] = 0
  assert.equal(value[0], 7)
  assert.throws(() => encodeAuthor(new Uint8Array(33)), refusesValue)
})
