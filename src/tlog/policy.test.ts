import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concatBytes } from '../encoding/bytes.ts'
import { formatCheckpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import { nobleEd25519 } from './ed25519.ts'
import { TlogError } from './error.ts'
import { treeHash } from './hash.ts'
import { COSIGNATURE_V1, ED25519, formatVerifierKey, signingKey } from './note-key.ts'
import { checkQuorum, parsePolicy, verifyCheckpoint } from './policy.ts'
import { formatSignatureLines, signNote } from './signed-note.ts'

const log = signingKey('log.example', ED25519, new Uint8Array(32).fill(1))
const witnesses = [0, 1, 2, 3].map((i) =>
  signingKey(`w${i}.example`, COSIGNATURE_V1, new Uint8Array(32).fill(10 + i)),
)
const root = treeHash(new Uint8Array(32).fill(9))
const checkpoint = { origin: 'log.example', size: 12, root }
const body = formatCheckpoint(checkpoint)

const POLICY = [
  `log ${formatVerifierKey(log.key)}`,
  ...witnesses.map(({ key }, i) => `witness W${i} ${formatVerifierKey(key)}`),
  'group pair 2 W0 W1 W2',
  'group both all pair W3',
  'quorum both',
  '',
].join('\n')

function cosignedBy(indices: readonly number[]): Uint8Array {
  const lines = indices.flatMap((i) => {
    const witness = witnesses[i]
    return witness === undefined
      ? []
      : [{ ...witness.key, signature: cosign(body, 1000 + i, witness) }]
  })
  return concatBytes(signNote(body, [log]), formatSignatureLines(lines))
}

test('a checkpoint with a quorum is returned with its cosignatures', () => {
  assert.deepEqual(verifyCheckpoint(cosignedBy([3, 0, 2]), parsePolicy(POLICY)), {
    checkpoint,
    cosignatures: [
      { name: 'W3', time: 1003 },
      { name: 'W0', time: 1000 },
      { name: 'W2', time: 1002 },
    ],
    quorum: 'both',
  })
})

test('whatever the witnesses, the quorum is reached exactly when the groups say so', () => {
  const policy = parsePolicy(POLICY)
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3]), (indices) => {
      const expected = indices.includes(3) && indices.filter((i) => i < 3).length >= 2
      const note = cosignedBy(indices)
      if (expected) assert.equal(verifyCheckpoint(note, policy).cosignatures.length, indices.length)
      else {
        assert.throws(() => verifyCheckpoint(note, policy), { code: 'quorum_not_met' })
      }
    }),
  )
})

test('the quorum none is reached by nobody and named as such', () => {
  const policy = parsePolicy(`log ${formatVerifierKey(log.key)}\nquorum none\n`)
  assert.equal(verifyCheckpoint(cosignedBy([]), policy).quorum, 'none')
  assert.equal(checkQuorum(policy, []), 'none')
})

test('a wrong cosignature of a known witness spoils the note although others reach the quorum', () => {
  const [first] = witnesses
  assert.ok(first)
  const wrong = formatSignatureLines([{ ...first.key, signature: cosign(`${body}x\n`, 1, first) }])
  const note = concatBytes(cosignedBy([1, 2, 3]), wrong)
  assert.throws(() => verifyCheckpoint(note, parsePolicy(POLICY)), { code: 'signature_mismatch' })
})

test('every signature of a known key goes through the verifier that was passed in', () => {
  const seen: number[] = []
  const verify: typeof nobleEd25519.verify = (signature, message, publicKey) => {
    seen.push(message.length)
    return nobleEd25519.verify(signature, message, publicKey)
  }
  verifyCheckpoint(cosignedBy([0, 1, 3]), parsePolicy(POLICY), verify)
  assert.equal(seen.length, 4)
  const never = () => false
  assert.throws(() => verifyCheckpoint(cosignedBy([0, 1, 3]), parsePolicy(POLICY), never))
})

test('any text is a policy or refused', () => {
  const words = fc.constantFrom(
    ...['log', 'witness', 'group', 'quorum', 'none', 'any', 'all', '2', 'a', 'b', '#', '\t', '\n'],
    ...witnesses.slice(0, 2).map(({ key }) => formatVerifierKey(key)),
    formatVerifierKey(log.key),
  )
  const likely = fc.array(words, { maxLength: 20 }).map((all) => `${all.join(' ')}\n`)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), likely), (text) => {
      try {
        assert.notEqual(parsePolicy(text).quorum, '')
      } catch (error) {
        assert.ok(error instanceof TlogError)
        assert.match(error.code, /^(?:bad_policy|bad_key|unknown_algorithm)$/)
      }
    }),
    { numRuns: 1000 },
  )
})

test('32 logs, 32 witnesses and 32 groups fit, a policy of more than 64 KiB does not', () => {
  const seed = (i: number) => new Uint8Array(32).fill(i)
  const lines = Array.from({ length: 32 }, (_, i) => [
    `log ${formatVerifierKey(signingKey(`l${i}`, ED25519, seed(100 + i)).key)}`,
    `witness w${i} ${formatVerifierKey(signingKey(`w${i}`, COSIGNATURE_V1, seed(i)).key)}`,
    `group g${i} any w${i}`,
  ]).flat()
  const policy = parsePolicy(`${lines.join('\n')}\nquorum g31\n`)
  assert.equal(policy.groups.length, 32)
  assert.throws(() => parsePolicy(`${'#'.repeat(64 * 1024)}\nquorum none\n`), {
    code: 'bad_policy',
  })
})
