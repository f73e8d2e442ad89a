import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  bytesFrom,
  commitment,
  hex32,
  nearMisses,
  organisations,
  RUNS,
} from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { armourSignedAct, findSignedActs } from './act-armour.ts'
import { saltOf } from './commitment.ts'
import { DeclarationError } from './error.ts'
import {
  type AuthorSigned,
  encodeSignedAct,
  parseSignedAct,
  SIGNED_ACT_MAX_BYTES,
  type SignedAct,
  type UnplacedAct,
} from './signed-act.ts'

const refusesAct = (error: unknown) => error instanceof DeclarationError && error.code === 'bad_act'
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { noNullPrototype: true })
const by: fc.Arbitrary<AuthorSigned> = record({
  kind: fc.constant('author-signed' as const),
  seq: fc.integer({ min: 1, max: 999 }),
  signature: bytes(64),
  author: bytes(32),
  salt: fc.option(bytes(32)),
})
const about = { index: fc.nat({ max: 500_000_000 }), leaf: hex32 }
const shown = fc.option(record({ name: fc.boolean(), text: fc.boolean() }))
const event: fc.Arbitrary<UnplacedAct> = fc.oneof(
  record({ type: fc.constant('withdraw' as const), ...about, by }),
  record({ type: fc.constant('restore' as const), ...about, by }),
  record({ type: fc.constant('confirm' as const), ...about, by }),
  record({ type: fc.constant('rekey' as const), ...about, newAuthor: bytes(32), by }),
  record({
    type: fc.constant('correct' as const),
    ...about,
    orgs: fc.option(organisations),
    evidence: fc.constant(null),
    shown,
    body: fc.constant(null),
    name: fc.option(fc.oneof(commitment, fc.constant('-' as const))),
    about: fc.constant(null),
    by,
  }),
)
const salt = bytes(32).map(saltOf)
const value = fc.uint8Array({ maxLength: 200 })
const signedAct: fc.Arbitrary<SignedAct> = record({
  origin: fc.constant('localhost/quit-ccp/log/declarations'),
  event,
  open: fc
    .tuple(fc.option(record({ salt, value })), fc.option(record({ salt, value })))
    .map(([body, name]) => [
      ...(body === null ? [] : [{ part: 'body' as const, ...body }]),
      ...(name === null ? [] : [{ part: 'name' as const, ...name }]),
    ]),
  kept: fc.option(fc.uint8Array({ minLength: 1, maxLength: 400 })),
  receipt: hex32,
  lookup: bytes(32),
  when: fc.constantFrom('now' as const, 'batch' as const),
}).map((act) => ({ ...act, receipt: act.event.type === 'rekey' ? act.receipt : null }))

test('a signed act reads back as it was written', () => {
  fc.assert(
    fc.property(signedAct, (act) => {
      const written = encodeSignedAct(act)
      assert.deepEqual(parseSignedAct(written), act)
      assert.deepEqual(encodeSignedAct(parseSignedAct(written)), written)
    }),
    { numRuns: RUNS },
  )
})

test('bytes that are not a signed act are refused, and what is accepted has one spelling', () => {
  fc.assert(
    fc.property(nearMisses(signedAct.map(encodeSignedAct)), (given) => {
      try {
        assert.deepEqual(encodeSignedAct(parseSignedAct(given)), given)
      } catch (error) {
        if (!refusesAct(error)) throw error
      }
    }),
    { numRuns: RUNS },
  )
})

const WITHDRAWAL: SignedAct = {
  origin: 'localhost/quit-ccp/log/declarations',
  event: {
    type: 'withdraw',
    index: 7,
    leaf: 'ab'.repeat(32),
    by: {
      kind: 'author-signed',
      seq: 1,
      signature: new Uint8Array(64),
      author: bytesFrom('author'),
      salt: bytesFrom('salt'),
    },
  },
  open: [],
  kept: null,
  receipt: null,
  lookup: bytesFrom('lookup'),
  when: 'batch',
}
const WRITTEN = fromUtf8(encodeSignedAct(WITHDRAWAL))

for (const [what, text] of [
  ['an act on nobody’s signature', WRITTEN.replace(/^by author-signed .*$/m, 'by author-by-desk')],
  ['an operator’s act', WRITTEN.replace(/^by author-signed .*$/m, 'by operator spam')],
  ['an event that is no act', WRITTEN.replace('type withdraw', 'type batch')],
  [
    'a new receipt without rekey',
    WRITTEN.replace('lookup ', `receipt ${'ab'.repeat(32)}\nlookup `),
  ],
  [
    'openings in another order',
    WRITTEN.replace('lookup ', `${opening('name')}${opening('body')}lookup `),
  ],
  ['one opening twice', WRITTEN.replace('lookup ', `${opening('body')}${opening('body')}lookup `)],
  ['no urgency', WRITTEN.replace('when batch\n', '')],
  ['another urgency', WRITTEN.replace('when batch', 'when soon')],
  ['a line after the last', `${WRITTEN}when now\n`],
  ['another version', WRITTEN.replace('/v1', '/v2')],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseSignedAct(utf8(text)), refusesAct)
  })
}

function opening(part: string): string {
  return `open ${part} ${'A'.repeat(43)}= AAAA\n`
}

test('a signed act is bounded before it is read', () => {
  const long = WRITTEN.replace('lookup ', `kept ${'A'.repeat(SIGNED_ACT_MAX_BYTES)}\nlookup `)
  assert.throws(() => parseSignedAct(utf8(long)), refusesAct)
})

test('armoured acts are found in a letter, quoted and re-wrapped', () => {
  const act = utf8(WRITTEN)
  const quoted = armourSignedAct(act)
    .split('\n')
    .map((line) => `> ${line}\r\n`)
    .join('')
  const letter = `Dear all,\n${quoted}\nand again\n${armourSignedAct(act)}bye`
  assert.deepEqual(findSignedActs(letter), [act, act])
})

test('half a block is passed over and hides no whole one', () => {
  const act = utf8(WRITTEN)
  const armoured = armourSignedAct(act)
  const half = armoured.slice(0, armoured.length / 2)
  assert.deepEqual(findSignedActs(`${half}\n${armoured}`), [act])
  assert.deepEqual(findSignedActs(half), [])
  assert.deepEqual(findSignedActs(armoured.replace('A', '!')), [])
})

test('any text either holds acts or none, and any act survives its armour', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300 }),
      signedAct,
      fc.string({ maxLength: 300 }),
      (before, act, after) => {
        const written = encodeSignedAct(act)
        const found = findSignedActs(`${before}\n${armourSignedAct(written)}${after}`)
        assert.ok(found.some((each) => Buffer.compare(each, written) === 0))
      },
    ),
    { numRuns: RUNS },
  )
})
