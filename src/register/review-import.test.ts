import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  openRegisterHouse,
  type RegisterHouse,
  type Signer,
  sha256,
} from '../../test/support/register-house.ts'
import { toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { recipientOf } from '../sealing/age.ts'
import { fileManifest, filePart, readImportProgress } from './import-item-store.ts'
import {
  type ImportManifest,
  importMessage,
  manifestHash,
  type SignedManifest,
} from './import-manifest.ts'
import { encodeImportPart, type ImportedStatement } from './import-part.ts'

test('an archive that two key holders signed becomes legacy declarations, once', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const parts = [statements(3, 'first'), statements(2, 'second')]
  const signed = signedBy(manifestOf(house, parts), house.signers)
  await fileArchive(house, signed, parts)
  const { declarations } = await publisher.runRound()
  assert.equal(declarations.size, 10)
  const { tally, opened } = await house.check()
  assert.deepEqual(
    new Set(tally.parts.map(({ evidence, key }) => evidence + key)),
    new Set(['legacy-']),
  )
  assert.deepEqual(opened, { body: 10, name: 5, about: 10 })

  await fileArchive(house, signed, parts)
  assert.equal((await publisher.runRound()).declarations.size, 10)
  const progress = await readImportProgress(house.deps().db, signed, sha256)
  assert.deepEqual(progress, { waiting: 0, published: 2 })
})

test('an archive with some new lines adds only these, and the same line again is another statement', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [one, two] = statements(2, 'line')
  assert.ok(one !== undefined && two !== undefined)
  for (const [part, size] of [
    [[one, two], 4],
    [[one, two, { ...two, source: 'ab'.repeat(32) }], 6],
    [[one, two, { ...two, repeat: 1 }], 8],
  ] as const) {
    await fileArchive(house, signedBy(manifestOf(house, [part]), house.signers), [part])
    assert.equal((await publisher.runRound()).declarations.size, size)
  }
  await house.check()
})

test('a statement that is mapped to other words than the first time is the same statement', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const before = statements(2, 'line')
  const after = before.map((one) => ({
    ...one,
    declarations: one.declarations.map((each) => ({ ...each, orgs: ['pioneers'] })),
  }))
  for (const part of [before, after]) {
    await fileArchive(house, signedBy(manifestOf(house, [part]), house.signers), [part])
    assert.equal((await publisher.runRound()).declarations.size, 4)
  }
  await house.check()
})

test('a statement that an archive lists twice under one number is imported once and stops nothing', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [one, two] = statements(2, 'line')
  assert.ok(one !== undefined && two !== undefined)
  const acrossParts = [[one], [one, two]]
  await fileArchive(house, signedBy(manifestOf(house, acrossParts), house.signers), acrossParts)
  await publisher.runRound()
  assert.equal((await publisher.runRound()).declarations.size, 4)
  const inOnePart = [
    [
      { ...one, text: 'twice' },
      { ...one, text: 'twice' },
    ],
  ]
  await fileArchive(house, signedBy(manifestOf(house, inOnePart), house.signers), inOnePart)
  assert.equal((await publisher.runRound()).declarations.size, 4)
  const refused = await house.owner.selectFrom('avow.refused_item').select('code').execute()
  assert.deepEqual(refused, [{ code: 'bad_import' }])
  await house.check()
})

test('an archive is refused without the signatures of two different key holders', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const [first, second] = house.signers
  const outsider = { id: first.id, seed: new Uint8Array(32).fill(7) }
  const signers = [
    [],
    [first],
    [first, first],
    [first, outsider],
    [{ ...second, id: 'nobody' }, first],
  ]
  for (const [i, signing] of signers.entries()) {
    const parts = [statements(1, `attempt ${i}`)]
    await fileArchive(house, signedBy(manifestOf(house, parts), signing), parts)
  }
  assert.equal((await publisher.runRound()).declarations.size, 0)
  await publisher.runRound()
  const refused = await house.owner.selectFrom('avow.refused_item').select('code').execute()
  assert.deepEqual(
    refused.map(({ code }) => code),
    signers.map(() => 'bad_import'),
  )
  await house.check()
})

test('a part that is not the one signed, or that stretches the form, is refused', async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const parts = [statements(1, 'signed')]
  await fileArchive(house, signedBy(manifestOf(house, parts), house.signers), [
    statements(1, 'not signed'),
  ])
  for (const change of [
    { orgs: ['no-such-organisation'] },
    { about: 'lang en\nsector no-such-sector\nvoice own\nchannel import\n' },
    { about: 'lang en\nvoice own\nchannel web\n' },
    { about: 'lang en\nvoice own\nchannel import\nfew consented\n' },
  ]) {
    const [statement] = statements(1, 'stretched')
    assert.ok(statement !== undefined)
    const declarations = statement.declarations.map((each) => ({ ...each, ...change }))
    const stretched = [[{ ...statement, declarations }]]
    await fileArchive(house, signedBy(manifestOf(house, stretched), house.signers), stretched)
  }
  await publisher.runRound()
  assert.equal((await publisher.runRound()).declarations.size, 0)
  const refused = await house.owner.selectFrom('avow.refused_item').select('code').execute()
  assert.equal(refused.length, 5)
})

test('only a register marked as a sample takes an unsigned archive', async () => {
  await using house = await openRegisterHouse()
  const { config } = house.deps()
  await using publisher = await house.start({ config: { ...config, sample: true } })
  const parts = [statements(2, 'sample')]
  await fileArchive(house, signedBy(manifestOf(house, parts), []), parts)
  assert.equal((await publisher.runRound()).declarations.size, 4)
  await house.check()
})

/** Each of two persons, one of them without a name. */
function statements(count: number, text: string): ImportedStatement[] {
  const about = 'lang en\nsector army\nvoice own\nchannel import\nclaimed-day 2005-01-31\n'
  return Array.from({ length: count }, (_, i) => ({
    source: toHex(sha256(utf8(`${text} ${i}`))),
    language: 'en',
    text: `Sample ${text} ${i}.`,
    claimed: i,
    repeat: 0,
    declarations: [
      { name: `Sample ${i}`, orgs: ['league', 'party'], about },
      { name: null, orgs: ['unstated'], about },
    ],
  }))
}

function manifestOf(
  house: RegisterHouse,
  parts: readonly (readonly ImportedStatement[])[],
): ImportManifest {
  const all = parts.flat()
  const { config } = house.deps()
  return {
    format: 'avow/import-manifest/v1',
    register: config.name,
    form: config.formHash,
    file: 'ab'.repeat(32),
    survey: 'cd'.repeat(32),
    statements: all.length,
    persons: all.flatMap(({ declarations }) => declarations).length,
    claimed: 0,
    mismatches: 0,
    parts: parts.map((part) => toHex(sha256(partBytes(part)))),
  }
}

function signedBy(manifest: ImportManifest, signers: readonly Signer[]): SignedManifest {
  const message = importMessage(manifestHash(manifest, sha256))
  const signatures = signers.map(({ id, seed }) => ({
    by: id,
    signature: toBase64(ed25519.sign(message, seed)),
  }))
  return { manifest, signatures }
}

async function fileArchive(
  house: RegisterHouse,
  signed: SignedManifest,
  parts: readonly (readonly ImportedStatement[])[],
): Promise<void> {
  const { db } = house.deps()
  const recipient = await recipientOf(house.identity)
  const manifest = manifestHash(signed.manifest, sha256)
  await fileManifest(db, signed, sha256)
  for (const [part, each] of parts.entries()) {
    await filePart(db, { manifest, part, bytes: partBytes(each) }, recipient, sha256)
  }
}

function partBytes(statements: readonly ImportedStatement[]): Uint8Array {
  return encodeImportPart({ format: 'avow/import-part/v1', statements })
}
