import { sql } from 'kysely'
import { contentPath, contentTextPath, parseContentLine } from '../declaration/content.ts'
import { encodeEvent } from '../declaration/event.ts'
import { LEAF_MAX_BYTES, parseLeaf } from '../declaration/leaf.ts'
import { groupKeys } from '../declaration/minimum-group.ts'
import { keyOfPart, type Tally } from '../declaration/tally.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { fromHex } from '../encoding/hex.ts'
import { encodeEdge } from '../tlog/edge.ts'
import { TILE_WIDTH, tileWidth } from '../tlog/tile.ts'
import { readEntries } from '../verify/read-entries.ts'
import type { ReadFile } from '../verify/read-file.ts'
import type { SignedTree } from '../verify/signed-tree.ts'
import type { RegisterEvidence } from '../verify/verify-register.ts'
import { textIdsFrom } from './content-store.ts'
import { RegisterError } from './error.ts'
import { saveFlagged, saveStates } from './leaf-state-store.ts'
import { LOG_IDS, originOf } from './log-keys.ts'
import { CENTRES_FILE } from './public-centres.ts'
import type { KnownSizes, RebuiltState } from './rebuilt-state.ts'
import type { RegisterDatabase, RegisterTransaction } from './tables.ts'

const FILE_MAX_BYTES = 64 * 1024 * 1024
const NOT_YET = { day: '1970-01-01', size: 0 }

export type Replacement = {
  readonly evidence: RegisterEvidence
  readonly state: RebuiltState
  /** The pair that this database knew: what it counted up to there is better than what files can tell. */
  readonly before: KnownSizes
  /** The files as they are served now. */
  readonly read: ReadFile
  readonly name: string
}

/** One transaction: the database either knows the old pair or the new one. */
export async function replaceDatabaseState(
  db: RegisterDatabase,
  replacement: Replacement,
): Promise<void> {
  const { evidence, state, before, read } = replacement
  await db.transaction().execute(async (tx) => {
    await replaceHeads(tx, replacement)
    await replaceTally(tx, evidence.tally)
    await sql`DELETE FROM avow.leaf_state`.execute(tx)
    await saveStates(tx, state.states)
    await saveFlagged(tx, state.flagged)
    await forgetWithdrawn(tx, state)
    await replaceContent(tx, evidence.pair.declarations, before.declarations, read)
    await addDirectory(tx, read)
    await replaceAnnounced(tx, state, read)
    await replaceCentres(tx, state, read)
    await removeLogged(tx, state)
    await rememberPublished(tx, state)
  })
}

/** Signed is what is served: this database has seen nothing newer, and the witnesses were asked. */
async function replaceHeads(tx: RegisterTransaction, { evidence, state, name }: Replacement) {
  await tx.deleteFrom('avow.staged_batch').execute()
  await tx.deleteFrom('avow.log_state').execute()
  for (const log of LOG_IDS) {
    const { size, root } = evidence.pair[log]
    const { edge, lastDay, note } = state.heads[log]
    await tx
      .insertInto('avow.log_state')
      .values({
        log,
        origin: originOf(name, log),
        size,
        root,
        edge: encodeEdge(edge),
        last_day: lastDay,
        signed_size: size,
        signed_note: fromUtf8(note),
        cosigned: true,
        published_size: size,
        content_synced: log === 'declarations' ? size : 0,
      })
      .execute()
  }
}

async function replaceTally(tx: RegisterTransaction, tally: Tally): Promise<void> {
  await sql`DELETE FROM avow.tally_part`.execute(tx)
  await sql`
    INSERT INTO avow.tally_part (part, declarations)
    SELECT * FROM unnest(${tally.parts.map(keyOfPart)}::text[],
      ${tally.parts.map(({ count }) => count)}::bigint[])`.execute(tx)
}

/** A receipt of a withdrawn declaration opens nothing any more, whatever an older backup brought back. */
async function forgetWithdrawn(tx: RegisterTransaction, { states }: RebuiltState): Promise<void> {
  const withdrawn = Array.from(states).flatMap(([idx, state]) => (state.withdrawn ? [idx] : []))
  await sql`
    UPDATE avow.kept_opening SET sealed = NULL WHERE idx = ANY(${withdrawn}::bigint[])`.execute(tx)
}

/** Rows from files, which were verified: a part that was taken down is in none of them. */
async function replaceContent(
  tx: RegisterTransaction,
  head: RegisterEvidence['pair']['declarations'],
  counted: number,
  read: ReadFile,
): Promise<void> {
  const { size } = head
  const tree = {
    ...head,
    folder: 'log/declarations',
    signedIn: head.file,
    maxEntryBytes: LEAF_MAX_BYTES,
  }
  await sql`DELETE FROM avow.content_bundle`.execute(tx)
  await sql`DELETE FROM avow.content_text`.execute(tx)
  if (counted === 0) await sql`DELETE FROM avow.visible_group`.execute(tx)
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const bytes = await read(contentPath(bundle), FILE_MAX_BYTES)
    if (bytes === undefined) continue
    await tx.insertInto('avow.content_bundle').values({ bundle, lines: bytes }).execute()
    const lines = fromUtf8(bytes)
    await addTexts(tx, textIdsFrom(lines, 0), read)
    if ((bundle + 1) * TILE_WIDTH <= counted) continue
    await addGroups(tx, lines, counted, await formsOf(tree, bundle, read))
  }
}

/** The form of each declaration of a bundle. */
async function formsOf(tree: SignedTree, bundle: number, read: ReadFile): Promise<string[]> {
  const { entries } = await readEntries(tree, bundle, tileWidth(0, bundle, tree.size), read)
  return entries.map((entry) => parseLeaf(entry).form)
}

async function addTexts(tx: RegisterTransaction, named: readonly string[], read: ReadFile) {
  const members = new Map<string, number>()
  for (const id of named) members.set(id, (members.get(id) ?? 0) + 1)
  const bodies: string[] = []
  for (const id of members.keys()) {
    const body = await read(contentTextPath(id), FILE_MAX_BYTES)
    if (body === undefined) throw new RegisterError('missing_file', `text ${id} is not there`)
    bodies.push(fromUtf8(body))
  }
  await sql`
    INSERT INTO avow.content_text (id, body, members)
    SELECT * FROM unnest(${[...members.keys()].map((id) => Buffer.from(fromHex(id)))}::bytea[],
      ${bodies}::text[], ${[...members.values()]}::integer[])
    ON CONFLICT (id) DO UPDATE SET members = content_text.members + excluded.members`.execute(tx)
}

/**
 * How many statements are visible behind each key. Whose statement a line without a text of its own belongs to is in no
 * file, so such lines of one bundle count as one: groups are then folded sooner than they would have to be, never later.
 */
async function addGroups(
  tx: RegisterTransaction,
  lines: string,
  counted: number,
  forms: readonly string[],
): Promise<void> {
  const behind = new Map<string, Set<string>>()
  for (const written of lines.split('\n').filter(Boolean)) {
    const { index, body, about } = parseContentLine(written)
    if (about === undefined || index < counted) continue
    const form = forms[index % TILE_WIDTH] ?? ''
    const statement = body?.kind === 'own' ? body.textId : 'another'
    for (const key of groupKeys(about.value)) {
      const place = `${form} ${key}`
      behind.set(place, (behind.get(place) ?? new Set()).add(statement))
    }
  }
  await sql`
    INSERT INTO avow.visible_group (form, key, statements)
    SELECT decode(left(place, 64), 'hex'), substr(place, 66), statements
    FROM unnest(${[...behind.keys()]}::text[],
      ${Array.from(behind.values(), ({ size }) => size)}::integer[]) AS grouped (place, statements)
    ON CONFLICT (form, key) DO UPDATE
    SET statements = visible_group.statements + excluded.statements`.execute(tx)
}

/** Entries are trusted only as far as they verify from the pinned root, which every reader checks. */
async function addDirectory(tx: RegisterTransaction, read: ReadFile): Promise<void> {
  const entries = await directoryEntries(read)
  const known = await tx.selectFrom('avow.directory_change').select('seq').execute()
  for (const [seq, { body, signatures }] of entries.entries()) {
    if (seq < known.length) continue
    await tx.insertInto('avow.directory_change').values({ seq, body, signatures }).execute()
  }
}

async function directoryEntries(read: ReadFile): Promise<{ body: string; signatures: string }[]> {
  const bytes = await read('log/directory', FILE_MAX_BYTES)
  const lines = bytes === undefined ? [] : fromUtf8(bytes).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as { body: string; signatures: string })
}

async function replaceAnnounced(tx: RegisterTransaction, state: RebuiltState, read: ReadFile) {
  const entries = await directoryEntries(read)
  for (const [kind, hash] of state.announced) {
    const value = kind === 'directory' ? `${hash} ${entries.length}` : hash
    await tx
      .insertInto('avow.announced')
      .values({ kind, value })
      .onConflict((row) => row.column('kind').doUpdateSet({ value }))
      .execute()
  }
}

/**
 * The list that is public. One that was wanted and not yet announced when this database was saved stays wanted, unless
 * another was announced since: that was wanted later. A copy need not carry the list.
 */
async function replaceCentres(tx: RegisterTransaction, state: RebuiltState, read: ReadFile) {
  if (!state.announced.has('centres')) return
  const list = await read(CENTRES_FILE, FILE_MAX_BYTES)
  await tx.deleteFrom('avow.public_centres').where('stage', '=', 'announced').execute()
  if (state.loggedSince.some(({ type }) => type === 'centres')) {
    await tx.deleteFrom('avow.public_centres').where('stage', '=', 'wanted').execute()
  }
  if (list === undefined) return
  await tx.insertInto('avow.public_centres').values({ stage: 'announced', list }).execute()
  await tx
    .insertInto('avow.public_centres')
    .values({ stage: 'wanted', list })
    .onConflict((row) => row.doNothing())
    .execute()
}

/** Events that waited when this database was saved and were logged since. */
async function removeLogged(tx: RegisterTransaction, { loggedSince }: RebuiltState): Promise<void> {
  const bodies = loggedSince.map((event) => fromUtf8(encodeEvent({ ...event, ...NOT_YET })))
  await sql`DELETE FROM avow.event_queue WHERE body = ANY(${bodies}::text[])`.execute(tx)
}

/** What waits may have been published since: the publisher knows it again by its author commitments. */
async function rememberPublished(tx: RegisterTransaction, { leavesSince }: RebuiltState) {
  await sql`UPDATE avow.approved_item SET state = 'waiting' WHERE state = 'staged'`.execute(tx)
  await sql`
    INSERT INTO avow.rebuilt_leaf (author, idx, leaf)
    SELECT * FROM unnest(${leavesSince.map(({ author }) => Buffer.from(author))}::bytea[],
      ${leavesSince.map(({ idx }) => idx)}::bigint[],
      ${leavesSince.map(({ leaf }) => Buffer.from(leaf))}::bytea[])
    ON CONFLICT (author) DO NOTHING`.execute(tx)
}
