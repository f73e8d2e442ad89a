import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixedBytes } from '../../test/support/tiny-log.ts'
import { utf8 } from '../encoding/bytes.ts'
import { treeHash } from '../tlog/hash.ts'
import { VerifyError } from './error.ts'
import { formatLatest, type Pair, parseLatest } from './latest.ts'

const PAIR: Pair = {
  declarations: { size: 467_000_000, root: treeHash(fixedBytes('declarations')) },
  events: { size: 3, root: treeHash(fixedBytes('events')) },
}

test('a pair reads back as it was written', () => {
  assert.deepEqual(parseLatest(formatLatest(PAIR)), PAIR)
})

test('another order, spelling or number of lines is refused', () => {
  const text = new TextDecoder().decode(formatLatest(PAIR))
  const [header, declarations, events] = text.split('\n')
  const lies = [
    `${header}\n${events}\n${declarations}\n`,
    `${header}\n${declarations}\n`,
    `${text}\n`,
    text.slice(0, -1),
    text.replace('467000000', '0467000000'),
    text.replace('467000000', '1e9'),
    text.replace(' 3 ', '  3 '),
    text.replaceAll('\n', '\r\n'),
    '',
  ]
  for (const lie of lies) assert.throws(() => parseLatest(utf8(lie)), { code: 'bad_latest' })
})

test('any bytes read as a pair that is written the same way, or are refused', () => {
  const valid = formatLatest(PAIR)
  const near = fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), near), (some) => {
      const bytes =
        some instanceof Uint8Array
          ? some
          : Uint8Array.from(valid).fill(some[1], some[0], some[0] + 1)
      try {
        assert.deepEqual(formatLatest(parseLatest(bytes)), Uint8Array.from(bytes))
      } catch (error) {
        assert.ok(error instanceof VerifyError && error.code === 'bad_latest', String(error))
      }
    }),
  )
})
