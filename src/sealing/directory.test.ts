import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { identityFromSeed, recipientOf } from './age.ts'
import { proveCentreEntry, verifyCentreEntry } from './centre-entry.ts'
import {
  DIRECTORY_ENTRIES_MAX,
  extendDirectory,
  followEntries,
  verifyDirectory,
} from './directory.ts'
import type { DirectoryChange, Role } from './directory-change.ts'
import { type DirectoryEntry, entryHash, parseDirectoryBody } from './directory-entry.ts'
import { keyOfDay, lastDayOfUse } from './directory-months.ts'
import { parsePending, parseSignatures } from './directory-signatures.ts'
import {
  type DirectorySigner,
  formatDirectoryChange,
  signAlone,
  signFounding,
  signPending,
  signProposal,
} from './directory-signing.ts'
import { type Directory, emptyDirectory } from './directory-state.ts'
import { SealingError } from './error.ts'

const REGISTER = 'localhost/sample-register'
const seedOf = (n: number) => new Uint8Array(32).fill(n)
const rootSeed = seedOf(9)
const root = ed25519.getPublicKey(rootSeed)
const otherRootSeed = seedOf(8)
const recipients = await Promise.all(
  [1, 2, 3, 4, 5, 6, 7].map((n) => recipientOf(identityFromSeed(seedOf(n)))),
)
const recipient = (n: number) => recipients[n] ?? ''
const publicKey = (n: number) => ed25519.getPublicKey(seedOf(n))
const DAY = '2026-01-05'

const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

const volunteer = (n: number, roles: readonly Role[] = ['reviewer'], centre = 'one') =>
  ({
    change: 'volunteer',
    id: `volunteer-${n}`,
    roles,
    centre,
    recipient: recipient(n),
    signingKey: publicKey(100 + n),
  }) as const
const centre = (month = '2026-01', key = 0, id = 'one'): DirectoryChange => ({
  change: 'centre',
  id,
  month,
  recipient: recipient(key),
})
const signer = (n: number): DirectorySigner => ({ id: `volunteer-${n}`, seed: seedOf(100 + n) })
const KEEPER: readonly Role[] = ['key-holder', 'reviewer']

/** A directory under construction, by whatever keys a test says. */
class Chain {
  readonly entries: DirectoryEntry[] = []
  readonly #register: string
  #nonces = 0
  constructor(register = REGISTER) {
    this.#register = register
  }
  get position() {
    const head = this.entries.map(entryHash).at(-1) ?? '-'
    return { register: this.#register, size: this.entries.length, head }
  }
  get directory(): Directory {
    return verifyDirectory(this.entries, REGISTER, root)
  }
  found(
    kind: 'root' | 'founder' | 'recovery',
    change: DirectoryChange,
    seed: Uint8Array,
    day = DAY,
  ): this {
    this.entries.push(signFounding(kind, this.position, day, change, seed))
    return this
  }
  alone(change: DirectoryChange, by: DirectorySigner, day = DAY): this {
    this.entries.push(signAlone(this.position, day, change, by))
    return this
  }
  /** Signs without asking whether these two may. */
  two(change: DirectoryChange, first: DirectorySigner, second: DirectorySigner, day = DAY): this {
    const nonce = new Uint8Array(16).fill(++this.#nonces)
    const pending = signProposal(this.#register, day, change, first, nonce)
    return this.signed(pending, second, day)
  }
  signed(pending: ReturnType<typeof signProposal>, second: DirectorySigner, day = DAY): this {
    const body = formatDirectoryChange(this.position, day, parsePending(pending).change)
    const alone = signAlone(this.position, day, parsePending(pending).change, second)
    this.entries.push({ body, signatures: pending.proposed + alone.signatures })
    return this
  }
  copy(): Chain {
    const copy = new Chain(this.#register)
    copy.entries.push(...this.entries)
    copy.#nonces = this.#nonces
    return copy
  }
}

function founding(register = REGISTER, seed = rootSeed): Chain {
  const founders = [publicKey(50), publicKey(51)] as const
  return new Chain(register)
    .found('root', { change: 'root', root: ed25519.getPublicKey(seed) }, seed)
    .found('root', { change: 'log', log: 'declarations', verifierKey: 'log+0a1b2c3d+AQID' }, seed)
    .found('root', centre(), seed)
    .found('root', { change: 'found', founders }, seed)
}
function founded(register = REGISTER, seed = rootSeed): Chain {
  return founding(register, seed)
    .found('founder', volunteer(1, KEEPER), seedOf(50))
    .found('founder', volunteer(2, KEEPER), seedOf(51))
}
const usual = () =>
  founded()
    .two(volunteer(3), signer(1), signer(2))
    .alone({ change: 'suspend', id: 'volunteer-3' }, signer(2))

const whole = usual()
const { entries } = whole
const verify = (forged: readonly DirectoryEntry[]) => () => verifyDirectory(forged, REGISTER, root)
const at = (i: number): DirectoryEntry => entries[i] ?? { body: '', signatures: '' }
const replace = (i: number, entry: DirectoryEntry) => entries.with(i, entry)
const refused = (chain: Chain, code: string, why?: string) =>
  assert.throws(verify(chain.entries), refusal(code), why)

test('a directory signed by its people says who holds which key now', () => {
  const directory = verifyDirectory(entries, REGISTER, root)
  assert.equal(directory.centres.get('one')?.recipient, recipient(0))
  assert.equal(directory.logs.get('declarations'), 'log+0a1b2c3d+AQID')
  assert.deepEqual([...directory.volunteers.keys()], ['volunteer-1', 'volunteer-2'])
  assert.deepEqual([...directory.suspendedVolunteers.keys()], ['volunteer-3'])
  const { change: _, ...named } = volunteer(2, KEEPER)
  assert.deepEqual(directory.volunteers.get('volunteer-2'), { ...named, since: 5 })
  assert.deepEqual([directory.size, directory.head], [8, entryHash(at(7))])
})

test('an altered entry is refused', () => {
  const body = at(6).body.replace('volunteer-3', 'volunteer-9')
  assert.throws(verify(replace(6, { ...at(6), body })), refusal('bad_signature'))
  const { signatures } = at(5)
  assert.throws(verify(replace(4, { ...at(4), signatures })), refusal('bad_signature'))
})

test("a centre's recipient swapped by whoever owns the database is refused", () => {
  const body = at(2).body.replace(recipient(0), recipient(4))
  assert.notEqual(body, at(2).body)
  assert.throws(verify(replace(2, { ...at(2), body })), refusal('bad_signature'))
})

test('an entry taken out is refused', () => {
  for (let i = 0; i < entries.length - 1; i++) {
    assert.throws(verify(entries.toSpliced(i, 1)), refusal('entry_missing'), `without entry ${i}`)
  }
  assert.throws(verify([]), refusal('entry_missing'))
})

test('an entry put in twice is refused', () => {
  assert.throws(verify([...entries, at(2)]), refusal('entry_repeated'))
  assert.throws(verify(entries.toSpliced(4, 0, at(2))), refusal('entry_repeated'))
})

test('entries in another order are refused', () => {
  assert.throws(verify(entries.with(3, at(4)).with(4, at(3))), refusal('out_of_order'))
  assert.throws(verify(entries.toReversed()), refusal('out_of_order'))
})

test('a whole directory of another root is refused', () => {
  assert.throws(verify(founded(REGISTER, otherRootSeed).entries), refusal('wrong_root'))
  const pretending = new Chain().found('root', { change: 'root', root }, otherRootSeed)
  refused(pretending, 'bad_signature')
})

test('an entry signed in another history is refused', () => {
  const twin = founding().found('founder', volunteer(4, KEEPER), seedOf(50))
  twin.found('founder', volunteer(2, KEEPER), seedOf(51))
  assert.throws(verify([...entries.slice(0, 5), ...twin.entries.slice(5)]), refusal('broken_link'))
})

test("another register's directory is refused even from the same root", () => {
  assert.throws(verify(founded('localhost/another').entries), refusal('wrong_register'))
})

test('the root ends with the founding keys, and each of those with its one entry', () => {
  refused(founding().found('root', centre('2026-01', 4), rootSeed), 'not_entitled')
  refused(founded().found('root', volunteer(3), rootSeed), 'not_entitled')
  refused(
    new Chain()
      .found('root', { change: 'root', root }, rootSeed)
      .found('root', volunteer(1, KEEPER), rootSeed),
    'not_entitled',
    'the root enters nobody',
  )
  const again = founding().found('founder', volunteer(1, KEEPER), seedOf(50))
  refused(again.copy().found('founder', volunteer(3, KEEPER), seedOf(50)), 'bad_signature')
  refused(founded().found('founder', volunteer(3, KEEPER), seedOf(51)), 'bad_signature')
  refused(
    founding().found('founder', volunteer(1), seedOf(50)),
    'not_entitled',
    'a key holder only',
  )
  refused(founding().found('founder', centre('2026-01', 4), seedOf(50)), 'not_entitled')
  refused(again.copy().found('founder', volunteer(1, KEEPER), seedOf(51)), 'not_entitled')
})

test('no change but a suspension is made by one person, whatever their tasks', () => {
  const changes: readonly DirectoryChange[] = [
    volunteer(4),
    centre('2026-02', 4),
    { change: 'revoke', id: 'volunteer-3' },
    { change: 'suspend', id: 'volunteer-2' },
    { change: 'log', log: 'events', verifierKey: 'log+0a1b2c3d+AQID' },
  ]
  for (const change of changes) {
    refused(usual().alone(change, signer(1)), 'not_entitled', change.change)
    refused(usual().two(change, signer(1), signer(1)), 'one_person', change.change)
    refused(usual().two(change, signer(3), signer(1)), 'not_entitled', 'suspended')
    refused(usual().two(change, signer(4), signer(1)), 'not_entitled', 'nobody')
  }
  const reviewer = founded().two(volunteer(3), signer(1), signer(2))
  refused(reviewer.copy().two(volunteer(4), signer(1), signer(3)), 'not_entitled')
  refused(reviewer.copy().two(volunteer(4), signer(3), signer(1)), 'not_entitled')
  refused(
    reviewer.copy().alone({ change: 'suspend', id: 'volunteer-3' }, signer(3)),
    'not_entitled',
  )
  assert.doesNotThrow(verify(reviewer.two(volunteer(4), signer(2), signer(1)).entries))
})

test('a name in the place of the signer’s is no signature', () => {
  const entry = signAlone(whole.position, DAY, { change: 'suspend', id: 'volunteer-3' }, signer(4))
  const asKeeper = entry.signatures.replace('volunteer-4', 'volunteer-1')
  const reviewer = founded().two(volunteer(3), signer(1), signer(2))
  const forged = signAlone(
    reviewer.position,
    DAY,
    { change: 'suspend', id: 'volunteer-3' },
    signer(4),
  )
  const signatures = forged.signatures.replace('volunteer-4', 'volunteer-1')
  assert.notEqual(asKeeper, entry.signatures)
  assert.throws(verify([...reviewer.entries, { ...forged, signatures }]), refusal('bad_signature'))
})

test('a proposal is good once, for its change, within thirty days', () => {
  const nonce = seedOf(77).slice(0, 16)
  const pending = signProposal(REGISTER, DAY, volunteer(4), signer(1), nonce)
  const once = founded().signed(pending, signer(2))
  assert.ok(once.directory.volunteers.has('volunteer-4'))
  const revoked = once.copy().two({ change: 'suspend', id: 'volunteer-4' }, signer(1), signer(2))
  refused(revoked.signed(pending, signer(2)), 'proposal_used', 'it does not come back by itself')
  refused(founded().signed(pending, signer(2), '2026-02-05'), 'proposal_expired')
  assert.doesNotThrow(verify(founded().signed(pending, signer(2), '2026-02-04').entries))
  const other = founded().two(volunteer(5), signer(1), signer(2))
  const last = other.entries.at(-1)
  const swapped = other.entries.with(-1, {
    body: last?.body ?? '',
    signatures: `${pending.proposed}${last?.signatures.split('\n')[1] ?? ''}\n`,
  })
  assert.throws(verify(swapped), refusal('bad_signature'), 'signed for another change')
  const elsewhere = signProposal('localhost/another', DAY, volunteer(4), signer(1), nonce)
  refused(founded().signed(elsewhere, signer(2)), 'bad_signature')
  assert.throws(
    () => signPending(founded().directory, DAY, elsewhere, signer(2)),
    refusal('bad_signature'),
    'nobody signs what would not count',
  )
})

test('a coordinator proposes the keys of their own centre, and a key holder signs', () => {
  const chain = founded()
    .two(centre('2026-01', 4, 'two'), signer(1), signer(2))
    .two(volunteer(3, ['coordinator']), signer(1), signer(2))
  assert.doesNotThrow(verify(chain.copy().two(centre('2026-02', 5), signer(3), signer(1)).entries))
  refused(chain.copy().two(centre('2026-02', 5, 'two'), signer(3), signer(1)), 'not_entitled')
  refused(chain.copy().two(centre('2026-02', 5, 'new'), signer(3), signer(1)), 'not_entitled')
  refused(chain.copy().two(volunteer(6), signer(3), signer(1)), 'not_entitled')
  refused(chain.copy().two(centre('2026-02', 5), signer(1), signer(3)), 'not_entitled')
})

test('a recovery key that two people named founds anew once, and does nothing else', () => {
  const named = { change: 'recovery', recipient: recipient(6), key: publicKey(60) } as const
  const founders = [publicKey(61), publicKey(62)] as const
  const found = { change: 'found', founders } as const
  refused(founded().found('recovery', found, seedOf(60)), 'not_entitled', 'nobody named it')
  refused(founded().alone(named, signer(1)), 'not_entitled', 'not by one')
  const chain = founded().two(named, signer(1), signer(2))
  refused(chain.copy().found('recovery', volunteer(4, KEEPER), seedOf(60)), 'not_entitled')
  refused(chain.copy().found('recovery', centre('2026-01', 4), seedOf(60)), 'not_entitled')
  refused(chain.copy().found('recovery', found, seedOf(61)), 'bad_signature')
  refused(chain.copy().found('founder', volunteer(4, KEEPER), seedOf(61)), 'bad_signature')
  const replaced = { ...named, recipient: recipient(5), key: publicKey(63) }
  const later = chain.copy().two(replaced, signer(2), signer(1))
  refused(later.found('recovery', found, seedOf(60)), 'bad_signature', 'shares that were replaced')
  chain.found('recovery', found, seedOf(60)).found('founder', volunteer(3, KEEPER), seedOf(61))
  chain.found('founder', volunteer(4, KEEPER), seedOf(62))
  refused(chain.copy().found('recovery', found, seedOf(60)), 'not_entitled', 'once')
  refused(chain.copy().two(named, signer(3), signer(4)), 'key_reused')
  chain.two({ change: 'revoke', id: 'volunteer-1' }, signer(3), signer(4))
  assert.doesNotThrow(verify(chain.entries))
})

test('there are always two key holders who can sign', () => {
  const first = { change: 'revoke', id: 'volunteer-1' } as const
  refused(founded().two(first, signer(1), signer(2)), 'too_few_key_holders')
  refused(
    founded().two({ ...first, change: 'suspend' }, signer(1), signer(2)),
    'too_few_key_holders',
  )
  refused(founded().two(volunteer(1), signer(1), signer(2)), 'too_few_key_holders')
  const three = founded().two(volunteer(3, KEEPER), signer(1), signer(2))
  assert.doesNotThrow(verify(three.two(first, signer(2), signer(3)).entries))
})

test('a volunteer is suspended, comes back, changes tasks and keys, and is gone for good', () => {
  const chain = usual().two(volunteer(3, ['auditor', 'reviewer']), signer(1), signer(2))
  const back = chain.directory.volunteers.get('volunteer-3')
  assert.deepEqual([back?.roles, back?.since], [['auditor', 'reviewer'], 8])
  assert.equal(chain.directory.suspendedVolunteers.size, 0)
  const renewed = { ...volunteer(3), recipient: recipient(5), signingKey: publicKey(105) }
  chain.two(renewed, signer(2), signer(1))
  assert.deepEqual(chain.directory.volunteers.get('volunteer-3')?.signingKey, publicKey(105))
  chain.two({ change: 'revoke', id: 'volunteer-3' }, signer(1), signer(2))
  assert.equal(chain.directory.formerVolunteers.get('volunteer-3')?.revokedAt, 10)
  refused(chain.copy().two(volunteer(3), signer(1), signer(2)), 'volunteer_revoked')
  refused(
    chain.copy().two({ change: 'suspend', id: 'volunteer-3' }, signer(1), signer(2)),
    'unknown_volunteer',
  )
})

test('intake seals to the key of the day, and to the newest where nobody rotated', () => {
  const chain = founded().two(centre('2026-02', 4), signer(1), signer(2), '2026-01-20')
  const keys = chain.directory.centres.get('one')
  assert.ok(keys)
  const on = (day: string) => [keyOfDay(keys, day)?.key.recipient, keyOfDay(keys, day)?.late]
  assert.deepEqual(on('2026-01-31'), [recipient(0), false])
  assert.deepEqual(on('2026-02-01'), [recipient(4), false])
  assert.deepEqual(on('2026-03-01'), [recipient(4), true])
  chain.two(centre('2026-02', 5), signer(1), signer(2), '2026-02-03')
  const replaced = chain.directory.centres.get('one')
  assert.equal(replaced && keyOfDay(replaced, '2026-02-03')?.key.recipient, recipient(5))
  assert.equal(lastDayOfUse(keys, '2026-01'), '2026-02-02')
  assert.equal(lastDayOfUse(keys, '2026-02'), undefined)
  refused(founded().two(centre('2026-03', 4), signer(1), signer(2)), 'bad_entry', 'too far ahead')
  refused(founded().two(centre('2025-12', 4), signer(1), signer(2)), 'month_backwards')
})

test('a month closes when its key is out of use, with all before it, and never opens again', () => {
  const close = { change: 'close', centre: 'one', month: '2026-01' } as const
  refused(founded().two(close, signer(1), signer(2), '2026-06-01'), 'month_in_use', 'the newest')
  const chain = founded().two(centre('2026-02', 4), signer(1), signer(2), '2026-01-20')
  refused(chain.copy().two(close, signer(1), signer(2), '2026-02-02'), 'month_in_use')
  refused(chain.copy().alone(close, signer(1), '2026-02-03'), 'not_entitled')
  chain.two(close, signer(1), signer(2), '2026-02-03')
  const keys = chain.directory.centres.get('one')
  assert.deepEqual(
    keys?.keys.map(({ month }) => month),
    ['2026-02'],
  )
  assert.deepEqual([keys?.closedThrough, keys?.closedAt], ['2026-01', 7])
  refused(chain.copy().two(close, signer(1), signer(2), '2026-02-03'), 'bad_entry')
  refused(
    chain.copy().two({ ...close, centre: 'two' }, signer(1), signer(2), '2026-02-03'),
    'unknown_centre',
  )
})

test('a page learns a centre’s key from the signatures that lead to it, and from no others', () => {
  const chain = founded()
    .two(volunteer(3, KEEPER), signer(1), signer(2))
    .two(volunteer(4, ['coordinator']), signer(3), signer(1))
    .two(volunteer(5), signer(3), signer(1))
    .two(centre('2026-02', 6), signer(4), signer(3))
  const expected = { register: REGISTER, centre: 'one', rootPublicKey: root }
  const proof = proveCentreEntry(chain.entries, 9)
  assert.equal(proof.length, 7, 'root, founding keys, four people, the key')
  assert.equal(verifyCentreEntry(proof, expected).recipient, recipient(6))
  const first = proveCentreEntry(chain.entries, 2)
  assert.equal(verifyCentreEntry(first, expected).recipient, recipient(0))
  const refusedProof = (forged: readonly DirectoryEntry[], code: string) =>
    assert.throws(() => verifyCentreEntry(forged, expected), refusal(code))
  for (let i = 1; i < proof.length - 1; i++) refusedProof(proof.toSpliced(i, 1), 'bad_signature')
  refusedProof(proof.slice(0, -1), 'unknown_centre')
  const body = proof.at(-1)?.body.replace(recipient(6), recipient(5)) ?? ''
  refusedProof(
    proof.with(-1, { body, signatures: proof.at(-1)?.signatures ?? '' }),
    'bad_signature',
  )
  const alone = founded().alone(centre('2026-02', 6), signer(1))
  refusedProof(proveCentreEntry(alone.entries, 6), 'bad_signature')
  const reviewers = chain.copy().two(centre('2026-02', 0), signer(5), signer(4))
  refusedProof(proveCentreEntry(reviewers.entries, 10), 'bad_signature')
  const root2 = { ...expected, rootPublicKey: ed25519.getPublicKey(otherRootSeed) }
  assert.throws(() => verifyCentreEntry(proof, root2), refusal('bad_signature'))
})

test('a tail cut off or a second history is refused by whoever remembers the last state', () => {
  const { size, head } = verifyDirectory(entries, REGISTER, root)
  const pinned = (forged: readonly DirectoryEntry[], pin: { size: number; head: string }) => () =>
    verifyDirectory(forged, REGISTER, root, { pin })
  assert.doesNotThrow(pinned(entries, { size, head }))
  assert.throws(pinned(entries.slice(0, 7), { size, head }), refusal('rolled_back'))
  const twin = founded().two(volunteer(3), signer(2), signer(1))
  twin.alone({ change: 'suspend', id: 'volunteer-3' }, signer(2))
  assert.throws(pinned(twin.entries, { size, head }), refusal('forked'))
  assert.throws(pinned(twin.entries, { size: 7, head }), refusal('forked'))
  const known = verifyDirectory(entries, REGISTER, root)
  const forked = () => extendDirectory(known, [], { pin: { size, head: entryHash(at(0)) } })
  assert.throws(forked, refusal('forked'))
})

test('rows behind the last good one are left out, and what the pin remembers has to be there', () => {
  const pin = { size: 8, head: entryHash(at(7)) }
  const rubbish = { body: 'rubbish', signatures: '' }
  const none = emptyDirectory(REGISTER, root)
  const follow = (rows: readonly DirectoryEntry[], trust = {}) => followEntries(none, rows, trust)
  const clean = follow(entries, { pin })
  assert.deepEqual([clean.taken, clean.refused], [8, undefined])
  const after = follow([...entries, rubbish, at(7)], { pin })
  assert.deepEqual([after.taken, after.refused], [8, 'bad_entry'])
  assert.deepEqual(after.directory, clean.directory, 'nothing of the rubbish is in it')
  const forged = signAlone(whole.position, DAY, { change: 'revoke', id: 'volunteer-1' }, signer(2))
  assert.equal(follow([...entries, forged], { pin }).refused, 'not_entitled')
  assert.throws(() => follow(replace(5, rubbish), { pin }), refusal('rolled_back'))
  assert.throws(
    () => follow(entries.with(6, at(7)).with(7, at(6)), { pin }),
    refusal('rolled_back'),
  )
  assert.throws(() => follow(entries.slice(0, 7), { pin }), refusal('rolled_back'))
  assert.equal(follow(replace(5, rubbish)).taken, 5, 'without a pin a cut cannot be seen')
})

test('a directory that grows is verified from where it was left', () => {
  const known = verifyDirectory(entries.slice(0, 6), REGISTER, root)
  const grown = extendDirectory(known, entries.slice(6))
  assert.deepEqual(grown, verifyDirectory(entries, REGISTER, root))
  assert.deepEqual([...known.volunteers.keys()], ['volunteer-1', 'volunteer-2'])
  assert.equal(known.usedNonces.size, 0, 'the older state stays as it was')
  assert.throws(() => extendDirectory(known, entries.slice(7)), refusal('entry_missing'))
})

test('changes that make no sense are refused though two people signed them', () => {
  const cases: [string, DirectoryChange][] = [
    ['unknown_centre', volunteer(4, ['reviewer'], 'two')],
    ['unknown_volunteer', { change: 'revoke', id: 'nobody' }],
    ['unknown_volunteer', { change: 'suspend', id: 'volunteer-3' }],
    ['not_entitled', { change: 'root', root }],
    ['not_entitled', { change: 'found', founders: [publicKey(60), publicKey(61)] }],
  ]
  for (const [code, change] of cases) refused(usual().two(change, signer(1), signer(2)), code)
  refused(usual().two(volunteer(4), signer(1), signer(2), '2026-01-04'), 'day_backwards')
})

test('one person cannot be two volunteers with one key', () => {
  const twice = (change: object): Directory =>
    usual().two({ ...volunteer(4), ...change }, signer(1), signer(2)).directory
  assert.doesNotThrow(() => twice({}))
  assert.throws(() => twice({ signingKey: publicKey(102) }), refusal('key_reused'))
  assert.throws(() => twice({ signingKey: publicKey(103) }), refusal('key_reused'), 'suspended')
  assert.throws(() => twice({ signingKey: publicKey(50) }), refusal('key_reused'), 'a founding key')
  assert.throws(() => twice({ recipient: recipient(2) }), refusal('key_reused'))
  assert.throws(() => twice({ recipient: recipient(0) }), refusal('key_reused'), "the centre's own")
  assert.throws(() => twice({ signingKey: root }), refusal('key_reused'))
})

test('one entry has one spelling', () => {
  const { body, signatures } = at(6)
  const spellings = [
    body.replace('\n', '\r\n'),
    body.slice(0, -1),
    `${body}\n`,
    `${body}x`,
    body.replace('seq 6', 'seq 06'),
    body.replace('2026-01-05', '2026-1-5'),
    body.replace('2026-01-05', '2026-13-05'),
    body.replace('reviewer', 'reviewer,auditor'),
    body.replace('reviewer', 'reviewer,reviewer'),
    body.replace('reviewer', 'sovereign'),
    body.replace('age1pq1', 'AGE1PQ1'),
    body.replace(/(age1pq1.{20})./, '$1q'),
    body.replace('register ', 'register  '),
  ]
  for (const spelling of spellings) {
    assert.notEqual(spelling, body)
    assert.throws(() => parseDirectoryBody(spelling), refusal('bad_entry'), spelling.slice(0, 80))
  }
  assert.throws(() => parseDirectoryBody(body.padEnd(9000, 'x')), refusal('too_large'))
  const [first = '', second = ''] = signatures.split(/(?<=\n)/)
  const wrong = [
    '',
    first,
    second + first,
    signatures + second,
    signatures.slice(0, -1),
    signatures.replace(/.==/, 'B=='),
    `root${second.slice(6)}`,
  ]
  for (const text of wrong) assert.throws(() => parseSignatures(text), refusal('bad_entry'), text)
  assert.throws(() => parseSignatures(signatures.padEnd(600, 'x')), refusal('too_large'))
})

test('more entries than a directory may have are refused before they are read', () => {
  const flood = Array.from({ length: DIRECTORY_ENTRIES_MAX + 1 }, () => at(0))
  assert.throws(verify(flood), refusal('too_large'))
})

test('any text either parses or throws our error', () => {
  const line = fc.oneof(
    fc.constantFrom(
      ...at(6).body.split('\n'),
      ...at(6).signatures.split('\n'),
      'root ',
      'close a',
      'found ',
      'seq 1',
      'previous -',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      for (const parse of [parseDirectoryBody, parseSignatures]) {
        try {
          parse(lines.join('\n'))
        } catch (error) {
          assert.ok(error instanceof SealingError)
        }
      }
    }),
  )
})

test('a key of small order, for which anyone can sign, is no root', () => {
  const neutral = new Uint8Array(32).fill(0).with(0, 1)
  const body = formatDirectoryChange({ register: REGISTER, size: 0, head: '-' }, DAY, {
    change: 'root',
    root: neutral,
  })
  const signature = Buffer.concat([neutral, new Uint8Array(32)]).toString('base64')
  const forged = [{ body, signatures: `root ${signature}\n` }]
  assert.throws(() => verifyDirectory(forged, REGISTER, neutral), refusal('bad_signature'))
})
