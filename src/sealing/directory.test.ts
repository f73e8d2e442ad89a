import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { identityFromSeed, recipientOf } from './age.ts'
import {
  DIRECTORY_ENTRIES_MAX,
  type Directory,
  extendDirectory,
  formatDirectoryChange,
  signDirectoryChange,
  verifyDirectory,
} from './directory.ts'
import type { DirectoryChange } from './directory-change.ts'
import { type DirectoryEntry, entryHash, parseDirectoryBody } from './directory-entry.ts'
import { SealingError } from './error.ts'

const REGISTER = 'localhost/sample-register'
const rootSecret = new Uint8Array(32).fill(9)
const root = ed25519.getPublicKey(rootSecret)
const otherSecret = new Uint8Array(32).fill(8)
const otherRoot = ed25519.getPublicKey(otherSecret)
const recipients = await Promise.all(
  [1, 2, 3, 4, 5].map((n) => recipientOf(identityFromSeed(new Uint8Array(32).fill(n)))),
)
const recipient = (n: number) => recipients[n] ?? ''
const signingKey = (n: number) => ed25519.getPublicKey(new Uint8Array(32).fill(100 + n))

const refusal = (code: string) => (error: unknown) =>
  error instanceof SealingError && error.code === code

const centre: DirectoryChange = {
  change: 'centre',
  id: 'one',
  month: '2026-01',
  recipient: recipient(0),
}
const volunteer = (n: number): DirectoryChange => ({
  change: 'volunteer',
  id: `volunteer-${n}`,
  roles: ['key-holder', 'reviewer'],
  centre: 'one',
  recipient: recipient(n),
  signingKey: signingKey(n),
})
const usual: readonly DirectoryChange[] = [
  { change: 'root', root },
  { change: 'log', log: 'declarations', verifierKey: `${REGISTER}/log+0a1b2c3d+AQID` },
  centre,
  volunteer(1),
  volunteer(2),
  { change: 'revoke', id: 'volunteer-1' },
]

function chain(
  changes: readonly DirectoryChange[],
  secret = rootSecret,
  register = REGISTER,
  day = (_seq: number) => '2026-01-05',
): DirectoryEntry[] {
  const entries: DirectoryEntry[] = []
  let position = { register, size: 0, head: '-' }
  for (const change of changes) {
    const body = formatDirectoryChange(position, day(position.size), change)
    const entry = signDirectoryChange(body, secret)
    entries.push(entry)
    position = { register, size: position.size + 1, head: entryHash(entry) }
  }
  return entries
}

const entries = chain(usual)
const verify = (forged: readonly DirectoryEntry[]) => () => verifyDirectory(forged, REGISTER, root)
const at = (i: number): DirectoryEntry => entries[i] ?? { body: '', signature: '' }
const replace = (i: number, entry: DirectoryEntry) => entries.with(i, entry)

test('a directory signed by its root says who holds which key now', () => {
  const directory = verifyDirectory(entries, REGISTER, root)
  assert.deepEqual(directory.centres.get('one'), { month: '2026-01', recipient: recipient(0) })
  assert.equal(directory.logs.get('declarations'), `${REGISTER}/log+0a1b2c3d+AQID`)
  assert.deepEqual([...directory.volunteers.keys()], ['volunteer-2'])
  assert.deepEqual(directory.volunteers.get('volunteer-2'), {
    id: 'volunteer-2',
    roles: ['key-holder', 'reviewer'],
    centre: 'one',
    recipient: recipient(2),
    signingKey: signingKey(2),
  })
  assert.equal(directory.formerVolunteers.get('volunteer-1')?.revokedAt, 5)
  assert.deepEqual([directory.size, directory.head], [6, entryHash(at(5))])
})

test('an altered entry is refused', () => {
  const body = at(3).body.replace('volunteer-1', 'volunteer-9')
  assert.throws(verify(replace(3, { ...at(3), body })), refusal('bad_signature'))
  const signature = at(4).signature
  assert.throws(verify(replace(3, { ...at(3), signature })), refusal('bad_signature'))
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

test('an entry invented without the root is refused', () => {
  const { head } = verifyDirectory(entries, REGISTER, root)
  const position = { register: REGISTER, size: 6, head }
  const body = formatDirectoryChange(position, '2026-01-05', volunteer(3))
  const forged = signDirectoryChange(body, otherSecret)
  assert.throws(verify([...entries, forged]), refusal('bad_signature'))
})

test('entries in another order are refused', () => {
  assert.throws(verify(entries.with(3, at(4)).with(4, at(3))), refusal('out_of_order'))
  assert.throws(verify(entries.toReversed()), refusal('out_of_order'))
})

test('a whole directory signed by another root is refused', () => {
  const changes = usual.with(0, { change: 'root', root: otherRoot })
  assert.throws(verify(chain(changes, otherSecret)), refusal('wrong_root'))
  assert.throws(verify(chain(usual, otherSecret)), refusal('bad_signature'))
})

test('an entry that the root signed in another history is refused', () => {
  const twin = chain(usual.with(2, { ...centre, recipient: recipient(4) }))
  assert.throws(verify([...entries.slice(0, 3), ...twin.slice(3)]), refusal('broken_link'))
})

test("another register's directory is refused even from the same root", () => {
  const foreign = chain(usual, rootSecret, 'localhost/another-register')
  assert.throws(verify(foreign), refusal('wrong_register'))
})

test('a tail cut off or a second history is refused by whoever remembers the last state', () => {
  const { size, head } = verifyDirectory(entries, REGISTER, root)
  const pinned = (forged: readonly DirectoryEntry[], pin: { size: number; head: string }) => () =>
    verifyDirectory(forged, REGISTER, root, { pin })
  assert.doesNotThrow(pinned(entries, { size, head }))
  assert.throws(pinned(entries.slice(0, 5), { size, head }), refusal('rolled_back'))
  const twin = chain(usual.with(5, volunteer(3)))
  assert.throws(pinned(twin, { size, head }), refusal('forked'))
  assert.throws(pinned(twin, { size: 5, head }), refusal('forked'))
  const known = verifyDirectory(entries, REGISTER, root)
  const forked = () => extendDirectory(known, [], { pin: { size, head: entryHash(at(0)) } })
  assert.throws(forked, refusal('forked'))
})

test('a directory that grows is verified from where it was left', () => {
  const known = verifyDirectory(entries.slice(0, 4), REGISTER, root)
  const grown = extendDirectory(known, entries.slice(4))
  assert.deepEqual(grown, verifyDirectory(entries, REGISTER, root))
  assert.deepEqual([...known.volunteers.keys()], ['volunteer-1'], 'the older state stays as it was')
  assert.throws(() => extendDirectory(known, entries.slice(5)), refusal('entry_missing'))
})

test('changes that make no sense are refused though the root signed them', () => {
  const cases: [string, DirectoryChange][] = [
    ['unknown_centre', { ...volunteer(3), centre: 'two' } as DirectoryChange],
    ['unknown_volunteer', { change: 'revoke', id: 'nobody' }],
    ['unknown_volunteer', { change: 'revoke', id: 'volunteer-1' }],
    ['volunteer_revoked', volunteer(1)],
    [
      'month_backwards',
      { ...centre, month: '2025-12', recipient: recipient(4) } as DirectoryChange,
    ],
    ['bad_entry', { change: 'root', root }],
  ]
  for (const [code, change] of cases)
    assert.throws(verify(chain([...usual, change])), refusal(code))
  assert.throws(verify(chain(usual.slice(1))), refusal('bad_entry'))
  const days = ['2026-01-05', '2026-01-05', '2026-01-04']
  const backwards = chain(usual.slice(0, 3), rootSecret, REGISTER, (seq) => days[seq] ?? '')
  assert.throws(verify(backwards), refusal('day_backwards'))
})

test('one person cannot be two volunteers with one key', () => {
  const twice = (change: object): Directory =>
    verifyDirectory(
      chain([...usual, { ...volunteer(3), ...change } as DirectoryChange]),
      REGISTER,
      root,
    )
  assert.doesNotThrow(() => twice({}))
  assert.throws(() => twice({ signingKey: signingKey(2) }), refusal('key_reused'))
  assert.throws(() => twice({ signingKey: signingKey(1) }), refusal('key_reused'), 'one revoked')
  assert.throws(() => twice({ recipient: recipient(2) }), refusal('key_reused'))
  assert.throws(() => twice({ recipient: recipient(0) }), refusal('key_reused'), "the centre's own")
  assert.throws(() => twice({ signingKey: root }), refusal('key_reused'))
  const again = twice({ id: 'volunteer-2', recipient: recipient(2), signingKey: signingKey(2) })
  assert.equal(again.volunteers.size, 1, 'the same volunteer may be named again')
})

test('one entry has one spelling', () => {
  const body = at(3).body
  const spellings = [
    body.replace('\n', '\r\n'),
    body.slice(0, -1),
    `${body}\n`,
    `${body}x`,
    body.replace('seq 3', 'seq 03'),
    body.replace('2026-01-05', '2026-1-5'),
    body.replace('2026-01-05', '2026-13-05'),
    body.replace('key-holder,reviewer', 'reviewer,key-holder'),
    body.replace('key-holder,reviewer', 'reviewer,reviewer'),
    body.replace('key-holder,reviewer', 'sovereign'),
    body.replace('age1pq1', 'AGE1PQ1'),
    body.replace(/(age1pq1.{20})./, '$1q'),
    body.replace('register ', 'register  '),
  ]
  for (const spelling of spellings) {
    assert.notEqual(spelling, body)
    assert.throws(() => parseDirectoryBody(spelling), refusal('bad_entry'), spelling.slice(0, 80))
  }
  assert.throws(() => parseDirectoryBody(body.padEnd(9000, 'x')), refusal('too_large'))
  for (const signature of ['', at(3).signature.slice(4), at(3).signature.replace(/.==$/, 'B==')]) {
    assert.throws(verify(replace(3, { ...at(3), signature })), refusal('bad_entry'))
  }
})

test('more entries than a directory may have are refused before they are read', () => {
  const flood = Array.from({ length: DIRECTORY_ENTRIES_MAX + 1 }, () => at(0))
  assert.throws(verify(flood), refusal('too_large'))
})

test('any text either parses or throws our error', () => {
  const line = fc.oneof(
    fc.constantFrom(...at(3).body.split('\n'), 'root ', 'revoke a', 'seq 1', 'previous -'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      try {
        parseDirectoryBody(lines.join('\n'))
      } catch (error) {
        assert.ok(error instanceof SealingError)
      }
    }),
  )
})

test('a key of small order, for which anyone can sign, is no root', () => {
  const neutral = new Uint8Array(32).fill(0).with(0, 1)
  const body = formatDirectoryChange({ register: REGISTER, size: 0, head: '-' }, '2026-01-05', {
    change: 'root',
    root: neutral,
  })
  const signature = Buffer.concat([neutral, new Uint8Array(32)]).toString('base64')
  const forged = () => verifyDirectory([{ body, signature }], REGISTER, neutral)
  assert.throws(forged, refusal('bad_signature'))
})
