import assert from 'node:assert/strict'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openServed } from '../../test/support/check-log.ts'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { startRememberingWitness } from '../../test/support/remembering-witness.ts'
import { fileOrder } from '../../test/support/test-order.ts'
import { act, TestReceipt, viewReceipt } from '../../test/support/test-receipt.ts'
import { encodeCentreList, type PublicCentre } from '../declaration/centre-list.ts'
import { commit, newSalt } from '../declaration/commitment.ts'
import { encodeBody } from '../declaration/values.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { VerifyError } from '../verify/error.ts'
import { translationPath } from '../verify/verify-translations.ts'
import { announceApp } from './announce-app.ts'
import { storeWantedCentres } from './public-centres.ts'
import { type Rebuilt, rebuildRegister } from './rebuild-register.ts'
import { NO_WITNESSES, type WitnessConfig, witnessing } from './witnessing.ts'

test('a lost database is rebuilt from the public folder, and the register goes on', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 300)
  await loseDatabase(house)
  const { pair, replaced } = await rebuild(house, house.publicFolder)
  assert.deepEqual([pair.declarations.size, replaced], [300, 'database'])
  await publish(house, 5)
  const { opened } = await house.check()
  assert.deepEqual(opened, { body: 305, name: 305, about: 305 })
})

test('a lost public folder is rebuilt from a copy, and content comes from the rows', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 3)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await rm(house.publicFolder, { recursive: true })
  const { replaced } = await rebuild(house, copy)
  assert.equal(replaced, 'files')
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 4)
})

test('an older database takes over what was published since, and publishes nothing twice', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 2)
  const lookup = 'ab'.repeat(32)
  await house.approve([{ text: null, persons: [{ name: 'shown', lookup }, {}] }])
  await using saved = await saveRows(house)
  {
    await using publisher = await house.start()
    assert.equal((await publisher.runRound()).declarations.size, 4)
  }
  await saved.putBack()
  assert.equal(await house.refusal(), 'store_newer')
  await rebuild(house, house.publicFolder)
  {
    await using publisher = await house.start()
    assert.equal((await publisher.runRound()).declarations.size, 4)
  }
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 5)
  const kept = await house.owner.selectFrom('avow.kept_opening').selectAll().execute()
  assert.deepEqual(
    kept.map(({ sealed }) => Buffer.from(sealed ?? []).toString()),
    [`kept openings of ${lookup}`],
  )
})

test('acts, orders, flags, translations and centres are rebuilt as the database knew them', async () => {
  await using house = await openRegisterHouse()
  await liveThrough(house)
  const before = await publicRows(house)
  await loseDatabase(house)
  await rebuild(house, house.publicFolder)
  assert.deepEqual(await publicRows(house), before)
  assert.equal((await house.check()).translations, 1)
  await requireGoesOn(house)
})

test('a database saved before acts, orders and a new list of centres takes them over', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 3)
  await storeWantedCentres(house.owner, centreList('Old'))
  await publish(house, 1)
  await using saved = await saveRows(house)
  await liveThrough(house)
  const before = await publicRows(house)
  await saved.putBack()
  await rebuild(house, house.publicFolder)
  assert.deepEqual(await publicRows(house), before)
  await requireGoesOn(house)
})

test('a copy older than the database is refused, and changes nothing', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 1)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await publish(house, 1)
  await assert.rejects(rebuild(house, copy), { code: 'store_older' })
  await publish(house, 1)
  assert.equal((await house.check()).pair.declarations.size, 3)
})

test('a copy older than the witnesses is refused even by an empty database', async () => {
  await using house = await openRegisterHouse()
  house.clockAt = new Date()
  await using witness = await startRememberingWitness(house)
  const witnesses = {
    addresses: [witness],
    policyLines: witness.policyLines,
    fetch: globalThis.fetch,
  }
  await publish(house, 1, witnesses)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  await publish(house, 1, witnesses)
  await cosignAgain(house, witnesses)
  const heads = await signedNotes(house)
  await loseDatabase(house)
  await assert.rejects(rebuild(house, copy, witnesses), { code: 'witness_ahead' })
  await rebuild(house, house.publicFolder, witnesses)
  assert.deepEqual(await signedNotes(house), heads)
  await publish(house, 1, witnesses)
  assert.equal((await house.check(witness.policyLines)).pair.declarations.size, 3)
})

test('a copy with one changed byte is refused, and the register keeps its own files', async () => {
  await using house = await openRegisterHouse()
  await publish(house, 3)
  const copy = join(house.folder, 'copy')
  await cp(house.publicFolder, copy, { recursive: true })
  const path = join(copy, 'content/000')
  const bytes = await readFile(path)
  await writeFile(path, bytes.toString().replace('text 1', 'text 7').replace('by text', 'by texx'))
  await loseDatabase(house)
  await assert.rejects(rebuild(house, copy), VerifyError)
  await house.check()
})

/** Everything that events can do to a declaration or say beside it. */
async function liveThrough(house: RegisterHouse): Promise<void> {
  const receipts = Array.from({ length: 6 }, () => new TestReceipt())
  await using publisher = await house.start()
  await house.approve(
    receipts.map((receipt, i) => ({
      ...ownStatement(`lived ${i}`),
      persons: [{ name: `Made Up ${i}`, receipt, hideText: i === 5 }],
    })),
  )
  const { declarations } = await publisher.runRound()
  const [gone, back, quiet, sure, passes, shows] = receipts
  if (!gone || !back || !quiet || !sure || !passes || !shows) throw new RangeError('six receipts')
  await act(house, gone, { kind: 'withdraw' })
  await act(house, back, { kind: 'withdraw' })
  await act(house, quiet, { kind: 'take-down-text' })
  await act(house, sure, { kind: 'confirm' })
  await act(house, passes, { kind: 'rekey', receipt: new TestReceipt().bytes })
  await act(house, shows, { kind: 'publish-text' })
  await publisher.runRound()
  await act(house, back, { kind: 'restore' })
  await act(house, sure, { kind: 'organisations', orgs: ['league'] })
  await publisher.runRound()
  const { idx, leaf_hash } = await viewReceipt(house, sure.lookup)
  const ranges = [{ first: 0, end: declarations.size }]
  await fileOrder(house, { type: 'flag', ranges, reason: 'spam' })
  await publisher.runRound()
  await fileOrder(house, { type: 'unflag', ranges: [{ first: 1, end: 3 }], reason: 'spam' })
  await storeWantedCentres(house.owner, centreList('New'))
  await publisher.runRound()
  const leaf = toHex(leaf_hash)
  const salt = newSalt(random)
  const value = encodeBody({ kind: 'own', language: 'de', text: 'Ausgedacht.' })
  const translation = commit('translation', salt, value, sha256)
  await publisher.appendEvent({
    type: 'translation',
    index: idx,
    leaf,
    language: 'de',
    translation,
  })
  const file = join(house.publicFolder, translationPath(idx, 'de'))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, canonicalJson({ salt: toBase64(salt), value: fromUtf8(value) }))
  await announceApp(house.owner, [{ name: 'a.js', hash: toHex(random(32)) }], random)
  await publisher.runRound()
}

function centreList(name: string): Uint8Array {
  const centre = {
    ...{
      id: 'made-up',
      kind: 'global',
      name: { en: name },
      country: 'XX',
      city: { en: 'Nowhere' },
    },
    ...{ latitude: 0, longitude: 0, timeZone: 'Etc/UTC', access: [], holidays: [], lines: [] },
  } satisfies PublicCentre
  return encodeCentreList({ format: 'avow/centres/v1', centres: [centre] })
}

/**
 * The rows that the public folder can tell. Left out are what differs and changes nothing: counters at zero, how far content
 * is on the disk, and whether the acts of a day went as its batch.
 */
async function publicRows(house: RegisterHouse): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {}
  for (const table of [...TOLD, 'directory_change']) {
    const found = await sql<{ row: string }>`
      SELECT (row - 'content_synced')::text AS row
      FROM (SELECT to_jsonb(t) AS row FROM ${sql.table(`avow.${table}`)} t) AS written
      WHERE row->>'declarations' IS DISTINCT FROM '0' AND row->>'kind' IS DISTINCT FROM 'acts'`.execute(
      house.owner,
    )
    assert.ok(found.rows.length > 0, table)
    rows[table] = found.rows.map(({ row }) => row).toSorted()
  }
  return rows
}

/** Nothing is said twice, and what comes next is counted from what was rebuilt. */
async function requireGoesOn(house: RegisterHouse): Promise<void> {
  {
    await using publisher = await house.start()
    const before = publisher.pair()
    assert.deepEqual(await publisher.runRound(), before)
  }
  await publish(house, 2)
  await house.check()
}

async function publish(
  house: RegisterHouse,
  count: number,
  witnesses?: WitnessConfig,
): Promise<void> {
  await using publisher = await house.start(witnesses === undefined ? {} : { witnesses })
  await house.approve(Array.from({ length: count }, (_, i) => ownStatement(`text ${i}`)))
  await publisher.runRound()
}

/** As on the next day: what is served then has newer lines than what was signed first. */
async function cosignAgain(house: RegisterHouse, witnesses: WitnessConfig): Promise<void> {
  const path = join(house.publicFolder, 'log/declarations/checkpoint')
  const first = await readFile(path)
  // A cosignature tells whole seconds.
  while (Buffer.compare(await readFile(path), first) === 0) {
    await using publisher = await house.start({ witnesses })
    await publisher.runRound()
  }
}

async function signedNotes(house: RegisterHouse): Promise<string[]> {
  const rows = await house.owner.selectFrom('avow.log_state').select('signed_note').execute()
  return rows.map(({ signed_note }) => signed_note).toSorted()
}

function rebuild(
  house: RegisterHouse,
  from: string,
  witnesses: WitnessConfig = NO_WITNESSES,
): Promise<Rebuilt> {
  const { config, databaseUrl, logKeys, clock, sha256 } = house.deps()
  const { policy, compare } = witnessing(logKeys, witnesses, { clock, sha256 })
  return rebuildRegister({
    db: house.owner,
    databaseUrl,
    name: config.name,
    folders: config,
    logKeys,
    policy,
    compareWithWitnesses: compare,
    read: openServed(from).read,
    sha256,
    ed25519Verify: nobleEd25519.verify,
  })
}

const TOLD = [
  ...['log_state', 'announced', 'public_centres', 'tally_part', 'content_bundle', 'content_text'],
  ...['leaf_state', 'flagged_range'],
]
const TABLES = [
  ...TOLD,
  ...[
    'visible_group',
    'staged_batch',
    'event_queue',
    'approved_item',
    'kept_opening',
    'pending_act',
    'erasure',
  ],
]

async function loseDatabase(house: RegisterHouse): Promise<void> {
  const tables = [...TABLES, 'directory_change'].map((table) => `avow.${table}`)
  await sql`TRUNCATE ${sql.raw(tables.join(', '))} CASCADE`.execute(house.owner)
}

/** The rows as a backup of today has them. */
async function saveRows(
  house: RegisterHouse,
): Promise<AsyncDisposable & { putBack(): Promise<void> }> {
  const run = (statement: string) => sql.raw(statement).execute(house.owner)
  for (const table of TABLES) await run(`CREATE TABLE saved_${table} AS TABLE avow.${table}`)
  return {
    async putBack() {
      await run(`TRUNCATE ${TABLES.map((table) => `avow.${table}`).join(', ')} CASCADE`)
      for (const table of TABLES) await run(`INSERT INTO avow.${table} TABLE saved_${table}`)
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
