import { sql } from 'kysely'
import { encodeLeaf, type Leaf, parseLeaf } from '../declaration/leaf.ts'
import { type LeafState, startState } from '../declaration/leaf-state.ts'
import { RegisterError } from './error.ts'
import { isIn, type Ranges } from './flag-ranges.ts'
import { readLeafEntries, type ServedEntries } from './leaf-entries.ts'
import type { RegisterDatabase, RegisterTables, RegisterTransaction } from './tables.ts'

type Row = RegisterTables['avow.leaf_state']
type Sha256 = (bytes: Uint8Array) => Uint8Array

export type StoredState = LeafState & {
  /** Opens the author commitment; public since the first act that its author signed. */
  readonly authorSalt: Uint8Array | null
}
/** `logged` is the leaf as it stands in the log, whatever was corrected since. */
export type LoadedState = StoredState & { readonly logged: Leaf }

export type StateSources = {
  readonly db: RegisterDatabase
  readonly entries: ServedEntries
  readonly flagged: Ranges
  readonly sha256: Sha256
}

/** Where a published declaration stands. */
export async function loadState(index: number, sources: StateSources): Promise<LoadedState> {
  const original = await readOriginal(index, sources)
  const row = await sources.db
    .selectFrom('avow.leaf_state')
    .selectAll()
    .where('idx', '=', index)
    .executeTakeFirst()
  return stateOf(index, original, row, sources)
}

/** The states of the published declarations [first, end), in order. For long ranges: nothing is kept. */
export async function* readStates(
  first: number,
  end: number,
  sources: StateSources,
): AsyncGenerator<readonly [number, LoadedState]> {
  const rows = await sources.db
    .selectFrom('avow.leaf_state')
    .selectAll()
    .where('idx', '>=', first)
    .where('idx', '<', end)
    .execute()
  const acted = new Map(rows.map((row) => [row.idx, row]))
  for await (const { index, entry } of readLeafEntries(sources.entries, first, end)) {
    yield [index, stateOf(index, entry, acted.get(index), sources)]
  }
}

export async function saveStates(
  tx: RegisterTransaction,
  states: ReadonlyMap<number, StoredState>,
): Promise<void> {
  for (const [idx, state] of states) {
    const row = {
      leaf: encodeLeaf(state.leaf),
      seq: state.seq,
      rekeyed: state.rekeyed,
      author_salt: state.authorSalt,
      withdrawn: state.withdrawn,
      confirmed: state.confirmed,
    }
    await tx
      .insertInto('avow.leaf_state')
      .values({ idx, ...row })
      .onConflict((known) => known.column('idx').doUpdateSet(row))
      .execute()
  }
}

export async function loadFlagged(db: RegisterDatabase): Promise<Ranges> {
  return db.selectFrom('avow.flagged_range').selectAll().orderBy('first').execute()
}

export async function saveFlagged(tx: RegisterTransaction, ranges: Ranges): Promise<void> {
  await sql`DELETE FROM avow.flagged_range`.execute(tx)
  await sql`
    INSERT INTO avow.flagged_range (first, "end")
    SELECT * FROM unnest(${ranges.map(({ first }) => first)}::bigint[],
      ${ranges.map(({ end }) => end)}::bigint[])`.execute(tx)
}

async function readOriginal(index: number, { entries }: StateSources): Promise<Uint8Array> {
  for await (const { entry } of readLeafEntries(entries, index, index + 1)) return entry
  throw new RegisterError('missing_file', `declaration ${index} is not there`)
}

function stateOf(
  index: number,
  original: Uint8Array,
  row: Row | undefined,
  { flagged, sha256 }: StateSources,
): LoadedState {
  const logged = parseLeaf(original)
  const started = { ...startState(logged, sha256), logged, flagged: isIn(flagged, index) }
  if (row === undefined) return { ...started, authorSalt: null }
  return {
    ...started,
    leaf: parseLeaf(row.leaf),
    seq: row.seq,
    rekeyed: row.rekeyed,
    withdrawn: row.withdrawn,
    confirmed: row.confirmed,
    authorSalt: row.author_salt,
  }
}
