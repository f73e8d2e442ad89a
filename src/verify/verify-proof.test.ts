import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { flipBit } from '../../test/support/find-lie.ts'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import { createTinyLog, fixedBytes, sha256 } from '../../test/support/tiny-log.ts'
import { proofOf } from '../../test/support/tiny-proof.ts'
import { TINY_REGISTER, type TinyRegister } from '../../test/support/tiny-register.ts'
import { saltOf } from '../declaration/commitment.ts'
import { encodeLeaf } from '../declaration/leaf.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { formatTlogProof, parseTlogProof } from '../tlog/tlog-proof.ts'
import { VerifyError } from './error.ts'
import { formatProofExtra, parseProofExtra } from './proof-extra.ts'
import { type ProofEvidence, verifyProof } from './verify-proof.ts'

function verify(
  proof: Uint8Array,
  { policyText }: Pick<TinyRegister, 'policyText'>,
): ProofEvidence {
  return verifyProof(proof, { policy: parsePolicy(policyText), sha256, file: 'a.tlog-proof' })
}

/** Declaration 4 keeps its name; its holder may open it all the same. */
function openingsOf(register: TinyRegister, index: number) {
  const body = { kind: 'own', language: 'en', text: 'I have thought about it 1 times.' } as const
  const about = { language: 'en', voice: 'own-words', channel: 'web', few: false }
  return {
    body: { salt: register.salt(index, 'body'), value: encodeBody(body) },
    name: { salt: register.salt(index, 'name'), value: encodeName(`Person ${index}`) },
    about: { salt: register.salt(index, 'about'), value: encodeAbout(about) },
    author: {
      salt: register.salt(index, 'author'),
      value: nobleEd25519.publicKey(fixedBytes(`author ${index}`)),
    },
  }
}

test('a proof shows one declaration and what its holder disclosed', async () => {
  const register = await standardRegister({ witnesses: 1 })
  const evidence = verify(await proofOf(register, 4, openingsOf(register, 4)), register)
  assert.equal(evidence.register, 'register.example/tiny')
  assert.deepEqual([evidence.index, evidence.size, evidence.leaf.day], [4, 9, '2026-01-02'])
  assert.equal(evidence.name, 'Person 4')
  assert.equal(
    evidence.text?.kind === 'own' && evidence.text.text,
    'I have thought about it 1 times.',
  )
  assert.equal(evidence.about?.channel, 'web')
  assert.deepEqual(evidence.author, openingsOf(register, 4).author.value)
  assert.deepEqual(evidence.independent, [{ name: 'w0', day: '2026-01-03' }])
})

test('a proof discloses nothing but what its holder opened', async () => {
  const register = await standardRegister()
  const { text, name, about, author, independent } = verify(await proofOf(register, 0), register)
  assert.deepEqual([text, name, about, author, independent], [null, null, null, null, []])
})

test('an opening of another value, salt, field or leaf is refused', async () => {
  const register = await standardRegister()
  const { name, about } = openingsOf(register, 4)
  const other = openingsOf(register, 3)
  const lies = [
    { name: { ...name, value: encodeName('Person 5') } },
    { name: { ...name, salt: saltOf(fixedBytes('another salt')) } },
    { body: about },
    { about: other.about },
  ]
  for (const openings of lies) {
    const proof = await proofOf(register, 4, openings)
    assert.throws(() => verify(proof, register), { name: 'VerifyError', code: 'bad_proof' })
  }
})

test('a name for a leaf without one is refused', async () => {
  const register = await standardRegister()
  await register.declare({}).publish('2026-01-04')
  const { name } = openingsOf(register, 9)
  const proof = await proofOf(register, 9, { name })
  assert.throws(() => verify(proof, register), /name that the leaf does not have/)
})

test('every changed bit of a proof is refused', async () => {
  const register = await standardRegister()
  const proof = await proofOf(register, 4, openingsOf(register, 4))
  for (let at = 0; at < proof.length; at++) {
    const flipped = flipBit(proof, at, at % 8)
    assert.throws(() => verify(flipped, register), VerifyError, `byte ${at}`)
  }
})

test('a proof of an event, of another log or without its leaf is refused', async () => {
  const register = await standardRegister()
  const proof = parseTlogProof(await proofOf(register, 4))
  const events = register.files.get('log/events/checkpoint') ?? new Uint8Array()
  for (const change of [{ checkpoint: events }, { extra: null }, { index: 5 }]) {
    const changed = formatTlogProof({ ...proof, ...change })
    assert.throws(() => verify(changed, register), { code: 'bad_proof' })
  }
})

test('a leaf that stands in the event log is no declaration', async () => {
  const register = await standardRegister()
  const files = new Map<string, Uint8Array>()
  const events = createTinyLog('events', TINY_REGISTER, [], files)
  const [leaf] = register.leaves.map(encodeLeaf)
  events.append(leaf === undefined ? [] : [leaf])
  events.publish(0)
  const proof = formatTlogProof({
    extra: formatProofExtra({ leaf: leaf ?? utf8(''), openings: {} }),
    index: 0,
    proof: [],
    checkpoint: files.get('log/events/checkpoint') ?? utf8(''),
  })
  assert.throws(() => verify(proof, register), /it is of another log/)
})

test('a cosignature from before the declaration’s day is refused', async () => {
  const register = await standardRegister({ witnesses: 1 })
  await register.declare({}).publish('2026-01-06', { cosignedOn: '2026-01-04' })
  const proof = await proofOf(register, 9)
  assert.throws(() => verify(proof, register), { code: 'day_not_witnessed' })
})

test('any bytes are a proof that holds or a VerifyError', async () => {
  const register = await standardRegister()
  const text = fromUtf8(await proofOf(register, 4))
  const lines = text.split('\n')
  const mixed = fc
    .array(fc.oneof(fc.constantFrom(...lines), fc.string()), { maxLength: 12 })
    .map((some) => utf8(some.join('\n').toWellFormed()))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mixed), (bytes) => {
      try {
        verify(bytes, register)
      } catch (error) {
        assert.ok(error instanceof VerifyError, String(error))
      }
    }),
  )
})

test('what a proof carries reads back as it was written, in one spelling', async () => {
  const register = await standardRegister()
  const extra = { leaf: utf8('a leaf'), openings: openingsOf(register, 4) }
  const bytes = formatProofExtra(extra)
  assert.deepEqual(parseProofExtra(bytes), extra)
  assert.throws(() => parseProofExtra(utf8(` ${fromUtf8(bytes)}`)))
  assert.throws(() => parseProofExtra(utf8(fromUtf8(bytes).replace('extra/v1', 'extra/v2'))))
})
