import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entropyToMnemonic } from '@scure/bip39'
import { wordlist as czech } from '@scure/bip39/wordlists/czech.js'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js'
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js'
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js'
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js'
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import fc from 'fast-check'
import { bytesFrom, RUNS } from '../../test/support/declaration-examples.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import { parseReceipt, receiptSecrets, receiptToDigits, receiptToWords } from './receipt.ts'
import { ReceiptError } from './receipt-error.ts'

const NAMED = {
  czech,
  english,
  french,
  italian,
  japanese,
  korean,
  portuguese,
  simplified,
  spanish,
  traditional,
}
const LISTS = Object.values(NAMED)
const receipts = fc.uint8Array({ minLength: 16, maxLength: 16 })
const example = bytesFrom('receipt').slice(0, 16)

function codeOf(text: string, lists: readonly (readonly string[])[] = LISTS): ReceiptError {
  try {
    parseReceipt(text, lists)
  } catch (error) {
    if (error instanceof ReceiptError) return error
    throw error
  }
  throw new assert.AssertionError({ message: 'the receipt was read' })
}

for (const [name, list] of Object.entries(NAMED)) {
  test(`a receipt is read from ${name} words whichever lists are offered with it`, () => {
    fc.assert(
      fc.property(receipts, (receipt) => {
        const words = receiptToWords(receipt, list)
        assert.equal(words.join(' '), entropyToMnemonic(receipt, list).replaceAll('\u3000', ' '))
        assert.deepEqual(parseReceipt(words.join(' '), LISTS), receipt)
        assert.deepEqual(parseReceipt(words.join(' '), [list]), receipt)
      }),
      { numRuns: RUNS },
    )
  })
}

test('a receipt is read from its digits however they are grouped and spelled', () => {
  fc.assert(
    fc.property(receipts, (receipt) => {
      const groups = receiptToDigits(receipt)
      const wide = groups
        .join('')
        .replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
      const arabic = groups
        .join(' ')
        .replaceAll(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
      for (const text of [
        groups.join(' '),
        groups.join('-'),
        groups.join(''),
        groups.join('、\u3000'),
        groups.join(' ').replaceAll(/(\d\d)/g, '$1.'),
        groups.map((group) => Number(group)).join(', '),
        wide,
        arabic,
      ]) {
        assert.deepEqual(parseReceipt(text, LISTS), receipt, text)
      }
    }),
    { numRuns: RUNS },
  )
})

test('the digits of every script are digits', () => {
  const groups = receiptToDigits(example).join(' ')
  const zeros: number[] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    const isDigit = /^\p{Nd}$/u.test(String.fromCodePoint(code))
    if (isDigit && (zeros.at(-1) ?? -10) + 10 <= code) zeros.push(code)
  }
  assert.ok(zeros.length > 60)
  for (const zero of zeros) {
    const written = groups.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
    assert.deepEqual(parseReceipt(written, LISTS), example, written)
  }
})

test('words and digits say the same numbers', () => {
  const words = receiptToWords(example, simplified)
  const numbers = receiptToDigits(example).map(Number)
  assert.deepEqual(
    words.map((word) => simplified.indexOf(word) + 1),
    numbers,
  )
})

test('Chinese words are read without spaces, with other separators, and from both scripts mixed', () => {
  const simple = receiptToWords(example, simplified)
  const complex = receiptToWords(example, traditional)
  assert.notDeepEqual(simple, complex)
  const mixed = simple.map((word, i) => (i % 2 === 0 ? word : complex[i]))
  for (const text of [
    simple.join(''),
    complex.join('\u3000'),
    simple.join('、'),
    mixed.join(''),
    simple.map((word, i) => `${i + 1}.${word}`).join('\n'),
  ]) {
    assert.deepEqual(parseReceipt(text, LISTS), example, text)
  }
})

test('the Chinese lists agree where they overlap, so that reading them as one is safe', () => {
  const numbers = new Map(simplified.map((word, i) => [word, i]))
  const shared = traditional.filter((word) => numbers.has(word))
  assert.ok(shared.length > 1000)
  for (const word of shared) assert.equal(traditional.indexOf(word), numbers.get(word), word)
})

test('no list has two words that only accents tell apart', () => {
  for (const [name, list] of Object.entries(NAMED)) {
    if (!/^\p{Script=Latin}/u.test(list[0] ?? '')) continue
    const bare = list.map((word) => word.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
    assert.equal(new Set(bare).size, 2048, name)
  }
})

test('case, composed letters and missing accents do not matter', () => {
  const words = receiptToWords(fromHex('00'.repeat(16)), french)
  const accented = receiptToWords(bytesFrom('accents').slice(0, 16), spanish).join(' ')
  assert.deepEqual(parseReceipt(words.join(' ').toUpperCase(), LISTS), new Uint8Array(16))
  for (const text of [
    accented.normalize('NFC'),
    accented.normalize('NFD'),
    accented.normalize('NFD').replaceAll(/\p{M}/gu, ''),
  ]) {
    assert.deepEqual(parseReceipt(text, [spanish]), bytesFrom('accents').slice(0, 16))
  }
})

test('what does not read says why', () => {
  const words = receiptToWords(example, english)
  const [first = '', ...rest] = words
  assert.equal(codeOf(' \u3000\n').code, 'empty')
  assert.equal(codeOf('…').code, 'empty')
  assert.equal(codeOf(rest.join(' ')).code, 'word_count')
  assert.equal(codeOf(words.toReversed().join(' ')).code, 'checksum')
  const misspelled = codeOf([first.replace(/.$/, 'q'), ...rest].join(' '))
  assert.deepEqual([misspelled.code, misspelled.position], ['unknown_word', 1])
  assert.ok(misspelled.nearest?.includes(first))
  const other = codeOf([...words.slice(0, 6), 'xqxqxqxq', ...words.slice(7)].join(' '))
  assert.deepEqual([other.code, other.position, other.nearest], ['unknown_word', 7, []])
  assert.equal(codeOf(words.join(' ').repeat(100)).code, 'word_count')
})

test('digits that are no receipt say which group is wrong', () => {
  const groups = receiptToDigits(example)
  assert.equal(codeOf(groups.slice(1).join(' ')).code, 'digits')
  const wrong = (group: string) => codeOf(groups.with(4, group).join(' '))
  for (const group of ['0000', '2049', '9999']) {
    assert.deepEqual([wrong(group).code, wrong(group).position], ['digits', 5])
  }
  assert.equal(codeOf(groups.toReversed().join(' ')).code, 'checksum')
})

test('a mistyped word finds its neighbours, the likeliest first', () => {
  const nearest = (word: string, list: readonly string[]) =>
    codeOf([word, ...receiptToWords(example, list).slice(1)].join(' '), [list]).nearest?.[0]
  assert.equal(nearest('abandno', english), 'abandon')
  assert.equal(nearest('baandonn', english), 'abandon')
  assert.equal(nearest('zebr', english), 'zebra')
  assert.equal(nearest('recieve', english), 'receive')
  assert.equal(nearest('あいこくしい', japanese), 'あいこくしん')
})

test('any text is read or refused with a receipt error that does not quote it', () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(fc.oneof(fc.constantFrom(...english, ...simplified), fc.string({ maxLength: 8 })), {
        maxLength: 14,
      })
      .map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(noise, (text) => {
      try {
        assert.equal(parseReceipt(text, LISTS).length, 16)
      } catch (error) {
        if (!(error instanceof ReceiptError)) throw error
        assert.equal(error.message, error.code)
      }
    }),
    { numRuns: 3 * RUNS },
  )
})

test('the four secrets of a receipt differ and are fixed by it', () => {
  const secrets = Object.values(receiptSecrets(example)).map(toHex)
  assert.equal(new Set(secrets).size, 4)
  assert.deepEqual(Object.values(receiptSecrets(new Uint8Array(example))).map(toHex), secrets)
  assert.throws(() => receiptSecrets(new Uint8Array(15)), RangeError)
})
