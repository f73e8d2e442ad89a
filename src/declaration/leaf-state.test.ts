import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bytesFrom,
  commitmentFrom,
  saltFrom,
  sha256,
} from '../../test/support/declaration-examples.ts'
import { ACT_TRUST, authoredLeaf, hashOf, signedEvent } from '../../test/support/example-acts.ts'
import { utf8 } from '../encoding/bytes.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { type Act, actMessage, challengeMessage } from './act.ts'
import { DeclarationError } from './error.ts'
import type { ActEvent, ActType, EventOf } from './event.ts'
import type { Leaf } from './leaf.ts'
import { applyAct, type LeafState, startState } from './leaf-state.ts'

const refusesAct = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'act_refused'
const leaf = authoredLeaf('mei')
const START = startState(leaf, sha256)
const place = { index: 17, leaf: hashOf(leaf) }
const UNCHANGED = { orgs: null, evidence: null, shown: null, body: null, name: null, about: null }

function act<Type extends ActType>(type: Type): Extract<Act, { type: Type }>
function act(type: ActType): Act {
  switch (type) {
    case 'rekey':
      return { type, ...place, newAuthor: nobleEd25519.publicKey(bytesFrom('new')) }
    case 'correct':
      return { type, ...place, ...UNCHANGED }
    case 'redact': {
      const { orgs: _orgs, evidence: _evidence, ...values } = UNCHANGED
      return { type, ...place, ...values }
    }
    default:
      return { type, ...place }
  }
}

const byMei = (signed: Act, seq = 1) => signedEvent(signed, { label: 'mei', seq })
const byDesk = { day: '2026-11-23', size: 100, by: { kind: 'author-by-desk' as const } }
const byOperator = {
  day: '2026-11-23',
  size: 100,
  by: { kind: 'operator' as const, reason: 'clerical', country: null },
}
const apply = (event: ActEvent, state: LeafState = START) => applyAct(state, event, ACT_TRUST)
const refused = (event: ActEvent, state: LeafState = START) =>
  assert.throws(() => apply(event, state), refusesAct)

test('an author withdraws, restores and confirms, each act numbered', () => {
  const withdrawn = apply(byMei(act('withdraw')))
  assert.deepEqual([withdrawn.withdrawn, withdrawn.seq], [true, 1])
  const restored = apply(byMei(act('restore'), 2), withdrawn)
  assert.deepEqual([restored.withdrawn, restored.seq], [false, 2])
  const confirmed = apply(byMei(act('confirm'), 3), restored)
  assert.deepEqual([confirmed.confirmed, confirmed.seq], [true, 3])
})

test('an act that was logged cannot be played again, and none can be left out', () => {
  const event = byMei(act('withdraw'))
  const state = apply(event)
  refused(event, state)
  refused(byMei(act('restore'), 3), state)
})

test('an act of the desk or the operator takes no number from the author', () => {
  const state = apply({ ...act('withdraw'), ...byDesk })
  assert.deepEqual([state.withdrawn, state.seq], [true, 0])
  assert.equal(apply(byMei(act('restore'), 1), state).seq, 1)
})

test('an act is refused that another person signed', () => {
  refused(signedEvent(act('withdraw'), { label: 'jun', seq: 1 }))
})

test('an act is refused that was signed for another register', () => {
  refused(
    signedEvent(act('withdraw'), {
      label: 'mei',
      seq: 1,
      origin: 'localhost/other/log/declarations',
    }),
  )
})

test('an act is refused that names another leaf, or an index beyond its size', () => {
  const elsewhere = { ...act('withdraw'), leaf: hashOf(authoredLeaf('jun')) }
  refused(byMei(elsewhere))
  refused(signedEvent(act('withdraw'), { label: 'mei', seq: 1 }, 17))
  assert.equal(apply(signedEvent(act('withdraw'), { label: 'mei', seq: 1 }, 18)).withdrawn, true)
})

test('a signature for one act is no signature for another, nor for other values', () => {
  const withdraw = byMei(act('withdraw'))
  assert.ok(withdraw.type === 'withdraw')
  refused({ ...withdraw, type: 'restore' })
  const correct = byMei({ ...act('correct'), orgs: ['league'] })
  assert.ok(correct.type === 'correct')
  refused({ ...correct, orgs: ['party'] })
})

test('the author commitment must be opened with its own salt', () => {
  const event = byMei(act('withdraw'))
  assert.ok(event.by.kind === 'author-signed')
  refused({ ...event, by: { ...event.by, salt: saltFrom('other') } } as ActEvent)
  refused({ ...event, by: { ...event.by, salt: null } } as ActEvent)
})

test('after a rekey only the new key acts', () => {
  const rekeyed = apply(byMei(act('rekey')))
  refused(byMei(act('withdraw'), 2), rekeyed)
  const byNew = (rekeyedKey: boolean) =>
    signedEvent(act('withdraw'), { label: 'new', seq: 2, rekeyed: rekeyedKey })
  assert.equal(apply(byNew(true), rekeyed).withdrawn, true)
  refused(byNew(false), rekeyed)
  refused(signedEvent(act('withdraw'), { label: 'jun', seq: 2, rekeyed: true }), rekeyed)
})

test('a handed receipt confirms only after its holder made a key of their own', () => {
  const handed = authoredLeaf('mei', { key: 'handed' })
  const start = startState(handed, sha256)
  const of = (signed: Act) => ({ ...signed, leaf: hashOf(handed) })
  const early = apply(byMei(of(act('confirm'))), start)
  assert.deepEqual([early.confirmed, early.seq], [false, 1])
  const rekeyed = apply(byMei(of(act('rekey')), 2), early)
  assert.equal(rekeyed.confirmed, false)
  const late = signedEvent(of(act('confirm')), { label: 'new', seq: 3, rekeyed: true })
  assert.equal(apply(late, rekeyed).confirmed, true)
})

test('a correction sets what it names and leaves the rest', () => {
  const about = commitmentFrom('new about')
  const name = commitmentFrom('new name')
  const corrected = apply(byMei({ ...act('correct'), orgs: ['party'], name, about }))
  assert.deepEqual(corrected.leaf, { ...leaf, orgs: ['party'], name, about })
  assert.equal(corrected.leafHash, START.leafHash)
})

test('an author publishes more, an operator and a redaction never do', () => {
  const raise = { shown: { name: true, text: true }, name: commitmentFrom('name') }
  assert.deepEqual(apply(byMei({ ...act('correct'), ...raise })).leaf.shown, raise.shown)
  assert.deepEqual(apply({ ...act('correct'), ...raise, ...byDesk }).leaf.shown, raise.shown)
  refused({ ...act('correct'), ...raise, ...byOperator })
  refused(byMei({ ...act('redact'), ...raise }))
})

test('what is not there cannot be shown, and what is shown cannot be taken from under it', () => {
  refused(byMei({ ...act('correct'), shown: { name: true, text: true } }))
  refused({ ...act('redact'), body: '-', ...byOperator })
  const redacted = apply({
    ...act('redact'),
    body: '-',
    shown: { name: false, text: false },
    ...byOperator,
  })
  const { body: _body, ...rest } = leaf
  assert.deepEqual(redacted.leaf, { ...rest, shown: { name: false, text: false } } satisfies Leaf)
})

test('evidence is lowered by anyone entitled and raised by no one', () => {
  const lowered = apply({ ...act('correct'), evidence: 'relayed', ...byOperator })
  assert.equal(lowered.leaf.evidence, 'relayed')
  refused({ ...act('correct'), evidence: 'self', ...byOperator }, lowered)
  refused(byMei({ ...act('correct'), evidence: 'in-person' }))
})

test('what an author signs is the origin, the place, the act, its number and its new values', () => {
  const correct: Act = { ...act('correct'), orgs: ['league', 'party'], body: '-' }
  assert.deepEqual(
    actMessage('localhost/x/log/declarations', correct, 4),
    utf8(
      `avow/act/v1\norigin localhost/x/log/declarations\nindex 17\nleaf ${place.leaf}\nact correct\nseq 4\n` +
        'orgs league,party\nbody -\n',
    ),
  )
  // An event carries more than was signed: its day and size are the log's, its authority the signature itself.
  const event = byMei(correct, 4) as EventOf<'correct'>
  assert.deepEqual(actMessage('x', event, 4), actMessage('x', correct, 4))
})

test('a challenge can never be an act', () => {
  const challenge = {
    verifier: 'Court of Example, room 3',
    nonce: 'ab'.repeat(16),
    day: '2026-11-22',
  }
  assert.deepEqual(
    challengeMessage(challenge),
    utf8(
      `avow/challenge/v1\nverifier Court of Example, room 3\nnonce ${'ab'.repeat(16)}\nday 2026-11-22\n`,
    ),
  )
  for (const wrong of [
    { verifier: 'x\nact withdraw' },
    { verifier: '' },
    { verifier: ' x' },
    { verifier: '李' },
    { nonce: 'ab' },
    { nonce: 'AB'.repeat(16) },
    { day: '2026-02-30' },
  ]) {
    assert.throws(() => challengeMessage({ ...challenge, ...wrong }), DeclarationError)
  }
})
