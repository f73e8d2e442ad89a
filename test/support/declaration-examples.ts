import { createHash } from 'node:crypto'
import fc from 'fast-check'
import {
  type Commitment,
  commitmentOf,
  type Salt,
  saltOf,
} from '../../src/declaration/commitment.ts'
import { EVIDENCE, KEY_ORIGINS, keyFitsEvidence } from '../../src/declaration/evidence.ts'
import type { Leaf } from '../../src/declaration/leaf.ts'
import { tidyLine, tidyText } from '../../src/declaration/text.ts'
import type { About } from '../../src/declaration/values.ts'

export const RUNS = process.env['SLOW'] === '1' ? 3000 : 100

export const sha256 = (bytes: Uint8Array) =>
  new Uint8Array(createHash('sha256').update(bytes).digest())

/** 32 bytes that look random and are the same in every run. */
export function bytesFrom(label: string): Uint8Array {
  return sha256(new TextEncoder().encode(label))
}

export function commitmentFrom(label: string): Commitment {
  return commitmentOf(bytesFrom(label))
}

export function saltFrom(label: string): Salt {
  return saltOf(bytesFrom(label))
}

export const EXAMPLE_LEAF: Leaf = {
  form: 'ab'.repeat(32),
  day: '2026-11-22',
  orgs: ['league', 'pioneers'],
  evidence: 'self',
  key: 'own',
  shown: { name: false, text: true },
  body: commitmentFrom('body'),
  about: commitmentFrom('about'),
  author: commitmentFrom('author'),
}

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/)
export const organisations = fc.oneof(
  fc.constant(['unstated']),
  fc
    .uniqueArray(
      id.filter((name) => name !== 'unstated'),
      { minLength: 1, maxLength: 8 },
    )
    .map((ids) => ids.toSorted()),
)
export const day = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
export const hex32 = fc.stringMatching(/^[0-9a-f]{64}$/)
export const commitment = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => commitmentOf(bytes))

const shownOrNot = fc.record({ name: fc.boolean(), text: fc.boolean() }, { noNullPrototype: true })

export const leaf: fc.Arbitrary<Leaf> = fc
  .record({
    form: hex32,
    day,
    orgs: organisations,
    evidence: fc.constantFrom(...EVIDENCE),
    key: fc.constantFrom(...KEY_ORIGINS),
    shown: shownOrNot,
    body: commitment,
    name: commitment,
    about: commitment,
    author: commitment,
    kept: shownOrNot,
  })
  .filter(({ evidence, key }) => keyFitsEvidence(evidence, key))
  .map(({ body, name, kept, ...rest }) => ({
    ...rest,
    ...(rest.shown.text || kept.text ? { body } : {}),
    ...(rest.shown.name || kept.name ? { name } : {}),
  }))

/** Lines and texts of many scripts, brought to the form the parsers accept. */
export const line = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .map(tidyLine)
    .filter((text) => text !== '' && Array.from(text).length <= maxLength)
export const ownText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 400 })
  .map(tidyText)
  .filter((text) => text !== '')

export const about: fc.Arbitrary<About> = fc.record(
  {
    language: fc.constantFrom('zh-hans', 'zh-hant', 'en', 'ug'),
    sector: id,
    standing: id,
    position: line(20),
    region: id,
    voice: id,
    channel: id,
    claimedDay: day,
    few: fc.boolean(),
  },
  { requiredKeys: ['language', 'voice', 'channel', 'few'], noNullPrototype: true },
)

/**
 * Bytes near valid ones: a byte changed, bytes cut, repeated or put in, two lines exchanged. Purely
 * random bytes would be refused by the first check and test nothing behind it.
 */
export function nearMisses(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: 1 << 20 })
  return fc.oneof(
    fc.uint8Array({ maxLength: 700 }),
    fc.tuple(valid, place, fc.nat({ max: 255 })).map(([bytes, at, byte]) => {
      const changed = new Uint8Array(bytes)
      changed[at % bytes.length] = byte
      return changed
    }),
    fc.tuple(valid, place, place).map(([bytes, at, length]) => {
      const from = at % bytes.length
      return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + (length % 40))])
    }),
    fc.tuple(valid, place, fc.uint8Array({ maxLength: 8 })).map(([bytes, at, more]) => {
      const from = at % bytes.length
      return Uint8Array.from([...bytes.subarray(0, from), ...more, ...bytes.subarray(from)])
    }),
    fc.tuple(valid, place, place).map(([bytes, a, b]) => {
      const lines = new TextDecoder().decode(bytes).split('\n')
      const [i, j] = [a % lines.length, b % lines.length]
      const exchanged = lines.with(i, lines[j] ?? '').with(j, lines[i] ?? '')
      return new TextEncoder().encode(exchanged.join('\n'))
    }),
  )
}
