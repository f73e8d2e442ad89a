import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bytesFrom,
  EXAMPLE_LEAF,
  saltFrom,
  sha256,
} from '../../test/support/declaration-examples.ts'
import { ORIGIN } from '../../test/support/example-acts.ts'
import { openWithSeed, sealToSeed } from '../sealing/seed-file.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { type ActCrypto, buildAct, isCarriedOut } from './build-act.ts'
import { commit } from './commitment.ts'
import { encodeKeptOpenings, type KeptOpenings, parseKeptOpenings } from './kept-openings.ts'
import type { Leaf } from './leaf.ts'
import { applyAct, type LeafState, startState } from './leaf-state.ts'
import { type ActView, possibleActs, WISH_KINDS, type Wish } from './possible-acts.ts'
import { lookupHash, receiptSecrets } from './receipt.ts'
import { encodeSignedAct, parseSignedAct, placeAct, type SignedAct } from './signed-act.ts'
import { encodeBody, encodeName } from './values.ts'

const receipt = receiptSecrets(bytesFrom('receipt').slice(0, 16))
const heirBytes = bytesFrom('heir').slice(0, 16)
const crypto: ActCrypto = {
  sha256,
  random: (length) => bytesFrom('random').slice(0, length),
  sealToSeed,
}
const author = {
  salt: saltFrom('author'),
  value: nobleEd25519.publicKey(receipt.authorSeed),
}
const body = {
  salt: saltFrom('body'),
  value: encodeBody({ kind: 'own', language: 'en', text: 'Made up.' }),
}
const name = { salt: saltFrom('name'), value: encodeName('Sample Reed') }
const kept: KeptOpenings = { author, body, name }
const { body: _body, name: _name, ...rest } = EXAMPLE_LEAF
const hidden: Leaf = {
  ...rest,
  evidence: 'self',
  key: 'served',
  shown: { name: false, text: false },
  body: commit('body', body.salt, body.value, sha256),
  name: commit('name', name.salt, name.value, sha256),
  author: commit('author', author.salt, author.value, sha256),
}
const shown: Leaf = { ...hidden, shown: { name: true, text: true } }

const wishes: Readonly<Record<(typeof WISH_KINDS)[number], Wish>> = {
  confirm: { kind: 'confirm' },
  organisations: { kind: 'organisations', orgs: ['league'] },
  alias: { kind: 'alias', alias: 'Quiet Heron 123456' },
  'remove-name': { kind: 'remove-name' },
  'publish-text': { kind: 'publish-text' },
  'publish-name': { kind: 'publish-name' },
  'take-down-text': { kind: 'take-down-text' },
  'take-down-name': { kind: 'take-down-name' },
  'take-down-all': { kind: 'take-down-all' },
  withdraw: { kind: 'withdraw' },
  restore: { kind: 'restore' },
  rekey: { kind: 'rekey', receipt: heirBytes },
}

function viewOf(state: LeafState, waiting = 0): ActView {
  const { leaf, leafHash, seq, withdrawn, confirmed } = state
  return { index: 3, leaf, leafHash, seq, waiting, withdrawn, confirmed }
}

type Holder = { readonly secrets: typeof receipt; readonly kept: KeptOpenings }
const holder: Holder = { secrets: receipt, kept }

async function signed(state: LeafState, wish: Wish, { secrets, kept: held }: Holder = holder) {
  const request = {
    origin: ORIGIN,
    view: viewOf(state),
    receipt: secrets,
    kept: held,
    wish,
    when: 'batch' as const,
  }
  const built = await buildAct(request, crypto)
  if (built.outcome !== 'signed') assert.fail(`impossible: ${built.why}`)
  return built
}

/** As the register carries it out, from the bytes. */
function carryOut(state: LeafState, act: SignedAct): LeafState {
  const read = parseSignedAct(encodeSignedAct(act))
  assert.deepEqual(read, { ...act, event: read.event })
  const event = placeAct(read.event, { day: '2026-11-23', size: 9 })
  return applyAct(state, event, { origin: ORIGIN, sha256, ed25519Verify: nobleEd25519.verify })
}

test('whatever is offered can be signed, and the register carries it out as foreseen', async () => {
  const states = [
    startState(hidden, sha256),
    startState(shown, sha256),
    { ...startState(shown, sha256), withdrawn: true },
  ]
  const seen = new Set<string>()
  for (const state of states) {
    for (const kind of possibleActs(viewOf(state))) {
      const { act, after } = await signed(state, wishes[kind])
      const next = carryOut(state, act)
      assert.deepEqual(viewOf(next), after, kind)
      assert.ok(isCarriedOut(viewOf(next), after), kind)
      assert.ok(!isCarriedOut(viewOf(state), after), kind)
      seen.add(kind)
    }
  }
  const always = WISH_KINDS.filter((kind) => kind !== 'take-down-all')
  assert.deepEqual([...seen].sort(), [...always].sort())
})

test('while an act waits, only what holds whatever it changes is offered', async () => {
  const start = startState(hidden, sha256)
  const waiting = await signed(start, { kind: 'publish-text' })
  const view = { ...viewOf(start, 1), seq: 1 }
  for (const kind of possibleActs(view)) {
    const request = {
      origin: ORIGIN,
      view,
      receipt,
      kept,
      wish: wishes[kind],
      when: 'now' as const,
    }
    const built = await buildAct(request, crypto)
    if (built.outcome !== 'signed') assert.fail(kind)
    const state = carryOut(carryOut(start, waiting.act), built.act)
    assert.equal(state.seq, 2, kind)
    assert.equal(state.leaf.shown.text, kind !== 'take-down-all', kind)
  }
})

test('what is not offered is not signed', async () => {
  const state = startState(hidden, sha256)
  const request = { origin: ORIGIN, receipt, kept, when: 'batch' as const, view: viewOf(state) }
  const built = await buildAct({ ...request, wish: { kind: 'restore' } }, crypto)
  assert.deepEqual(built, { outcome: 'impossible', why: 'not_offered' })
})

test('publishing later opens exactly what the leaf commits to, or nothing', async () => {
  const state = startState(hidden, sha256)
  const text = await signed(state, { kind: 'publish-text' })
  assert.deepEqual(text.act.open, [{ part: 'body', ...body }])
  assert.deepEqual(text.after.leaf.shown, { name: false, text: true })
  const request = { origin: ORIGIN, receipt, when: 'batch' as const, view: viewOf(state) }
  const other = { ...body, value: encodeBody({ kind: 'own', language: 'en', text: 'Other.' }) }
  for (const without of [null, { salt: body.salt, value: null }, other]) {
    const wish = { kind: 'publish-text' } as const
    const built = await buildAct({ ...request, kept: { ...kept, body: without }, wish }, crypto)
    assert.deepEqual(built, { outcome: 'impossible', why: 'not_kept' })
  }
})

test('a withdrawal forgets text and name and can be taken back', async () => {
  const { act, after } = await signed(startState(shown, sha256), { kind: 'withdraw' })
  const left = parseKeptOpenings(await openWithSeed(receipt.ageSeed, act.kept ?? new Uint8Array()))
  assert.deepEqual(left, { author, body: null, name: null })
  const state = carryOut(startState(shown, sha256), act)
  assert.equal(after.seq, 1)
  const back = await signed(state, { kind: 'restore' }, { secrets: receipt, kept: left })
  assert.equal(carryOut(state, back.act).withdrawn, false)
})

test('after a change of receipt the new one acts and the old one does not', async () => {
  const start = startState(shown, sha256)
  const { act } = await signed(start, wishes.rekey)
  const heir = receiptSecrets(heirBytes)
  assert.equal(act.receipt, lookupHash(heir.lookupId, sha256))
  const inherited = parseKeptOpenings(
    await openWithSeed(heir.ageSeed, act.kept ?? new Uint8Array()),
  )
  assert.deepEqual(inherited, kept)
  const state = carryOut(start, act)
  const next = await signed(state, { kind: 'take-down-text' }, { secrets: heir, kept: inherited })
  assert.deepEqual(carryOut(state, next.act).leaf.shown, { name: true, text: false })
  const old = await signed(state, { kind: 'withdraw' })
  assert.throws(() => carryOut(state, old.act), { code: 'act_refused' })
})

test('a receipt that somebody handed over confirms only after it was changed', async () => {
  const start = startState({ ...hidden, evidence: 'consented', key: 'handed' }, sha256)
  const request = { origin: ORIGIN, receipt, kept, when: 'batch' as const, view: viewOf(start) }
  const built = await buildAct({ ...request, wish: { kind: 'confirm' } }, crypto)
  assert.deepEqual(built, { outcome: 'impossible', why: 'rekey_first' })
  const state = carryOut(start, (await signed(start, wishes.rekey)).act)
  const heir = { secrets: receiptSecrets(heirBytes), kept }
  const { act } = await signed(state, { kind: 'confirm' }, heir)
  assert.equal(carryOut(state, act).confirmed, true)
})

test('an alias takes the name’s place where the name was shown, and its opening is kept', async () => {
  for (const [leaf, opened] of [
    [shown, 1],
    [hidden, 0],
  ] as const) {
    const { act, after } = await signed(startState(leaf, sha256), wishes.alias)
    assert.equal(act.open.length, opened)
    assert.deepEqual(after.leaf.shown, leaf.shown)
    const left = parseKeptOpenings(await openWithSeed(receipt.ageSeed, act.kept ?? author.value))
    assert.deepEqual(left.name?.value, encodeName('Quiet Heron 123456'))
  }
})

test('another’s kept file signs nothing', async () => {
  const state = startState(hidden, sha256)
  const stranger = { ...author, salt: saltFrom('stranger') }
  const request = { origin: ORIGIN, receipt, when: 'batch' as const, view: viewOf(state) }
  const wish = { kind: 'withdraw' } as const
  await assert.rejects(
    buildAct({ ...request, kept: { ...kept, author: stranger }, wish }, crypto),
    {
      code: 'act_refused',
    },
  )
})

test('kept openings read back, and nothing else reads', () => {
  const examples: KeptOpenings[] = [
    kept,
    { author, body: null, name: null },
    { author, body: { salt: body.salt, value: null }, name },
  ]
  for (const one of examples) assert.deepEqual(parseKeptOpenings(encodeKeptOpenings(one)), one)
  const wrong = ['', '{}', '{"format":"avow/kept-openings/v2"}', '[]', 'x'.repeat(400_000)]
  for (const text of wrong) {
    assert.throws(() => parseKeptOpenings(new TextEncoder().encode(text)), { code: 'bad_value' })
  }
})
