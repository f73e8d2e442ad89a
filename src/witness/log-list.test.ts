import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { COSIGNATURE_V1, ED25519, formatVerifierKey, signingKey } from '../tlog/note-key.ts'
import { WitnessError } from './error.ts'
import { parseLogList } from './log-list.ts'

const vkey = (name: string, byte = 1) =>
  formatVerifierKey(signingKey(name, ED25519, new Uint8Array(32).fill(byte)).key)

function originsOf(text: string): [string, number][] {
  return parseLogList(text).map(({ origin, keys }) => [origin, keys.length])
}

test('a list of the witness network names logs by key, and by origin where it differs', () => {
  const text = [
    '# List: small',
    'logs/v0',
    '',
    `vkey ${vkey('one.example')}`,
    'qpd 24',
    'contact nobody (at) one.example',
    '# the second',
    `vkey ${vkey('two.example')}`,
    'origin two.example - 12',
    '',
    `vkey ${vkey('three.example')}`,
    'origin none',
    'bastion none',
  ].join('\n')
  assert.deepEqual(originsOf(text), [
    ['one.example', 1],
    ['two.example - 12', 1],
    ['three.example', 1],
  ])
})

test('two keys of one origin are one log with two keys', () => {
  const text = `logs/v0\nvkey ${vkey('one.example', 1)}\nvkey ${vkey('one.example', 2)}\n`
  assert.deepEqual(originsOf(text), [['one.example', 2]])
})

test('an empty list is a list, no list is not', () => {
  assert.deepEqual(originsOf('logs/v0\n'), [])
  assert.throws(() => parseLogList(''), { code: 'bad_log_list' })
})

test('another header, a line before the first key, a bad key, a witness key and a key twice are refused', () => {
  const witness = signingKey('w.example', COSIGNATURE_V1, new Uint8Array(32).fill(3))
  const one = vkey('one.example')
  const lists = [
    `logs/v1\nvkey ${one}\n`,
    `vkey ${one}\n`,
    `logs/v0\norigin x\nvkey ${one}\n`,
    'logs/v0\nvkey\n',
    `logs/v0\nvkey ${one.slice(0, -2)}\n`,
    `logs/v0\nvkey ${formatVerifierKey(witness.key)}\n`,
    `logs/v0\nvkey ${one}\nvkey ${one}\n`,
  ]
  for (const text of lists) assert.throws(() => parseLogList(text), { code: 'bad_log_list' }, text)
})

test('any text is a list or refused', () => {
  const words = fc.constantFrom('logs/v0', 'vkey', 'origin', 'none', '\n', '#', vkey('a'))
  const likely = fc.array(words, { maxLength: 12 }).map((all) => all.join(' '))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), likely), (text) => {
      try {
        assert.ok(parseLogList(text).length >= 0)
      } catch (error) {
        assert.ok(error instanceof WitnessError && error.code === 'bad_log_list')
      }
    }),
    { numRuns: 500 },
  )
})
