import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, findLie, verifyTiny } from '../../test/support/find-lie.ts'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import type { TinyRegister } from '../../test/support/tiny-register.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../encoding/canonical-json.ts'

test('a tally that is not what the logs add up to is found', async () => {
  const register = await standardRegister()
  const tally = fromUtf8(register.files.get('log/tally') ?? new Uint8Array())
  const lies = [
    tally.replace('standing 5', 'standing 6').replace('declarations 9', 'declarations 10'),
    tally.replace('self', 'in-person'),
    tally.replace('events 7', 'events 6'),
    `${tally}\n`,
    '',
  ]
  for (const lie of lies) {
    assert.notEqual(lie, tally)
    register.files.set('log/tally', utf8(lie))
    await assertLie(register, 'tally_mismatch', 'log/tally')
  }
})

test('every number of count.json that follows from the logs is compared', async () => {
  const register = await standardRegister()
  const { pair, tallySha256 } = await verifyTiny(register)
  const truth = {
    declarations: 9,
    events: pair.events.size,
    origins: {
      declarations: 'register.example/tiny/log/declarations',
      events: 'register.example/tiny/log/events',
    },
    roots: { declarations: toBase64(pair.declarations.root), events: toBase64(pair.events.root) },
    tallySha256,
    byEvidence: { legacy: 0, relayed: 0, consented: 0, self: 9, 'in-person': 0 },
    byState: { standing: 9, withdrawn: 0, flagged: 0, 'withdrawn+flagged': 0 },
    byOrganisationNotAdditive: { club: 9 },
    byOrganisationsNamedTogether: { club: 9 },
    byMonth: { '2026-01': 9 },
    somethingElse: 'is not compared',
  }
  setCount(register, truth)
  await verifyTiny(register)
  const lies = {
    declarations: 10,
    events: 9,
    origins: { ...truth.origins, events: 'elsewhere' },
    roots: { ...truth.roots, events: truth.roots.declarations },
    tallySha256: '0'.repeat(64),
    byEvidence: { ...truth.byEvidence, self: 8, 'in-person': 1 },
    byState: { ...truth.byState, flagged: 1 },
    byOrganisationNotAdditive: { club: 9, league: 1 },
    byOrganisationsNamedTogether: { club: 10 },
    byMonth: { '2026-02': 9 },
  }
  for (const [name, lie] of Object.entries(lies)) {
    setCount(register, { ...truth, [name]: lie })
    await assertLie(register, 'count_mismatch', 'count.json', new RegExp(name))
  }
})

test('a count.json that does not read or does not state the count is found', async () => {
  const register = await standardRegister()
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`
  for (const lie of [
    '',
    '[]\n',
    'null\n',
    '{}\n',
    '{"declarations": 9}\n',
    '{"events":7}\n',
    deep,
  ]) {
    register.files.set('count.json', utf8(lie))
    await assertLie(register, 'count_mismatch', 'count.json')
  }
})

test('a page that states another count is found, in every language of the form', async () => {
  const register = await standardRegister()
  for (const value of ['10', '09', '9.0', '']) {
    register.files.set('en/index.html', utf8(`<data id="count" value="${value}">9</data>`))
    await assertLie(register, 'count_mismatch', 'en/index.html')
  }
})

test('a count in another spelling is compared, and a page without one is not vouched for', async () => {
  const register = await standardRegister()
  const spellings = [
    '<data value="10" id="count">',
    '<data id=\'count\' value="10">',
    '<DATA ID=count VALUE="10">',
    '<data id="count" title="x" value="10">',
    '<data id="count">',
  ]
  for (const spelling of spellings) {
    register.files.set('en/index.html', utf8(spelling))
    await assertLie(register, 'count_mismatch', 'en/index.html')
  }
  for (const page of [Uint8Array.of(0xff, 0xfe), utf8('<h1>467,000,000</h1>')]) {
    register.files.set('en/index.html', page)
    assert.deepEqual((await verifyTiny(register)).numbers, ['count.json'])
  }
})

test('a copy without numbers verifies', async () => {
  const register = await standardRegister()
  assert.deepEqual((await verifyTiny(register)).numbers, ['count.json', 'en/index.html'])
  register.files.delete('count.json')
  register.files.delete('en/index.html')
  assert.equal(await findLie(register), undefined)
  assert.deepEqual((await verifyTiny(register)).numbers, [])
})

function setCount(register: TinyRegister, value: { readonly [name: string]: CanonicalValue }) {
  register.files.set('count.json', utf8(`${canonicalJson(value)}\n`))
}
