import { equalBytes } from '../encoding/bytes.ts'
import { HASH_BYTES } from '../tlog/hash.ts'
import {
  entriesPath,
  parseEntryBundle,
  parseTilePath,
  partialWidth,
  TILE_WIDTH,
  type TilePath,
  tilePath,
  tileWidth,
} from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { LATEST_FILE, LOGS, type LogName } from './latest.ts'
import { LOGGED_PATHS } from './named-files.ts'
import type { ReadFile } from './read-file.ts'
import { lowerBound } from './sorted.ts'
import { formFile, type PublishedForms } from './verify-forms.ts'
import type { SignedPair } from './verify-pair.ts'
import { TALLY_FILE } from './verify-tally.ts'

/** Lists every file under `log/` and `content/` by its path from the site root. A folder can, a web site cannot. */
export type ListFiles = () => AsyncIterable<string>

/** A batch of ten thousand and the tiles above it. */
const MAX_AHEAD = 100_000

/** Sizes of which a checkpoint is archived. */
export type ArchivedSizes = Readonly<Record<LogName, ReadonlySet<number>>>

/** Every publication archives two checkpoints: one an hour for 500 years. */
const MAX_ARCHIVED = 5_000_000
/** A full bundle of the longest entries; a longer file is refused anyway. */
const MAX_PROBE_BYTES = TILE_WIDTH * 0x10002

const FIXED_FILES = new Set([
  LATEST_FILE,
  TALLY_FILE,
  ...LOGGED_PATHS,
  'log/act-recipient',
  ...LOGS.map((log) => `log/${log}/checkpoint`),
])
const ARCHIVED = /^log\/checkpoints\/(declarations|events)\/(0|[1-9]\d{0,14})$/
const TRANSLATION = /^content\/translations\/(0|[1-9]\d{0,14})\.([a-z0-9-]+)$/
const TILE = /^log\/(declarations|events)\/(tile\/.+)$/

export async function listArchivedSizes(list: ListFiles | undefined): Promise<ArchivedSizes> {
  const sizes = { declarations: new Set<number>(), events: new Set<number>() }
  for await (const path of list?.() ?? []) {
    const [, log, size] = ARCHIVED.exec(path) ?? []
    if (log === 'declarations' || log === 'events') sizes[log].add(Number(size))
    if (sizes.declarations.size + sizes.events.size > MAX_ARCHIVED) {
      throw new VerifyError('unexpected_file', path, 'there are too many archived checkpoints')
    }
  }
  return sizes
}

export type ServedRegister = {
  readonly pair: SignedPair
  readonly forms: PublishedForms
  readonly archived: ArchivedSizes
  readonly isReferencedText: (textId: string) => boolean
  readonly isTranslation: (index: number, language: string) => boolean
}

/**
 * Nothing is served that the verified register does not have: no text that nobody shows, no tile but of its trees. Returns
 * how many files are ahead of the checkpoints: a publication that is under way, or was cut short.
 */
export async function verifyServedFiles(
  list: ListFiles,
  served: ServedRegister,
  read: ReadFile,
): Promise<number> {
  const archived = {
    declarations: Float64Array.from(served.archived.declarations).sort(),
    events: Float64Array.from(served.archived.events).sort(),
  }
  const ahead: Record<LogName, string[]> = { declarations: [], events: [] }
  for await (const path of list()) {
    const [, log, tile] = TILE.exec(path) ?? []
    if (log === 'declarations' || log === 'events') {
      if (isKnownTile(tile ?? '', lastSize(served.pair, log), archived[log])) continue
      if (ahead[log].push(path) <= MAX_AHEAD) continue
    } else if (isKnownFile(path, served)) continue
    throw new VerifyError('unexpected_file', path, 'the register has no such file')
  }
  for (const log of LOGS) await verifyAhead(log, ahead[log], served.pair, read)
  return ahead.declarations.length + ahead.events.length
}

/** Where files cannot be listed: what comes next is not served yet, or continues what is. */
export async function probeBeyond(pair: SignedPair, read: ReadFile): Promise<number> {
  let found = 0
  for (const log of LOGS) {
    const size = lastSize(pair, log)
    const index = Math.floor(size / TILE_WIDTH)
    const next = (size % TILE_WIDTH) + 1
    for (const path of [entriesPath(index, next), entriesPath(index), entriesPath(index + 1)]) {
      const file = `log/${log}/${path}`
      if ((await read(file, MAX_PROBE_BYTES)) === undefined) continue
      await verifyAhead(log, [file], pair, read)
      found++
    }
  }
  return found
}

/** Tiles of one larger tree that begin as those of the signed one do. */
async function verifyAhead(
  log: LogName,
  paths: readonly string[],
  pair: SignedPair,
  read: ReadFile,
): Promise<void> {
  const tiles = paths.map((path) => ({ path, tile: findTile(path.slice(`log/${log}/`.length)) }))
  const ends = tiles.map(({ tile }) => {
    const isLowest = tile?.kind === 'entries' || tile?.level === 0
    return tile !== undefined && isLowest ? tile.index * TILE_WIDTH + tile.width : 0
  })
  const size = ends.reduce((most, end) => Math.max(most, end), 0)
  for (const { path, tile } of tiles) {
    const level = tile?.kind === 'tile' ? tile.level : 0
    const fits = tile !== undefined && tile.width === tileWidth(level, tile.index, size)
    if (fits && (await continues(log, tile, path, lastSize(pair, log), read))) continue
    throw new VerifyError('unexpected_file', path, 'the register has no such file')
  }
}

/** Whether a tile of a larger tree holds what a tile holds, and first what the signed tree has there. */
async function continues(
  log: LogName,
  tile: TilePath,
  path: string,
  size: number,
  read: ReadFile,
): Promise<boolean> {
  const bytes = await read(path, MAX_PROBE_BYTES)
  if (bytes === undefined) return true
  const level = tile.kind === 'tile' ? tile.level : 0
  if (tile.kind === 'tile' ? bytes.length !== tile.width * HASH_BYTES : !holds(bytes, tile.width)) {
    return false
  }
  const width =
    tile.index === Math.floor(size / TILE_WIDTH ** (level + 1)) ? partialWidth(level, size) : 0
  if (width === 0) return true
  const pathOf = (wide?: number) =>
    `log/${log}/${tile.kind === 'tile' ? tilePath(level, tile.index, wide) : entriesPath(tile.index, wide)}`
  // Where the partial gave way to the full tile, that was checked already as far as the signed tree goes.
  const signed = await read(pathOf(width), MAX_PROBE_BYTES)
  return signed === undefined || equalBytes(bytes.subarray(0, signed.length), signed)
}

function holds(bundle: Uint8Array, width: number): boolean {
  try {
    return parseEntryBundle(bundle).length === width
  } catch {
    return false
  }
}

function lastSize(pair: SignedPair, log: LogName): number {
  return pair[log].newerSize ?? pair[log].size
}

function isKnownFile(path: string, served: ServedRegister): boolean {
  const { pair, forms, archived, isReferencedText, isTranslation } = served
  if (FIXED_FILES.has(path)) return true
  const [, log, size] = ARCHIVED.exec(path) ?? []
  if (log === 'declarations' || log === 'events') {
    return archived[log].has(Number(size)) && Number(size) <= lastSize(pair, log)
  }
  const [, form] = /^log\/forms\/([0-9a-f]{64})\.json$/.exec(path) ?? []
  if (form !== undefined) return forms.has(form) && path === formFile(form)
  const [, text] = /^content\/texts\/([0-9a-f]{32})$/.exec(path) ?? []
  if (text !== undefined) return isReferencedText(text)
  const [, index = '', language] = TRANSLATION.exec(path) ?? []
  if (language !== undefined) return isTranslation(Number(index), language)
  const [, bundle] = /^content\/(.+)$/.exec(path) ?? []
  const tile = bundle === undefined ? undefined : findTile(`tile/entries/${bundle}`)
  const bundles = Math.ceil(lastSize(pair, 'declarations') / TILE_WIDTH)
  return tile !== undefined && tile.width === TILE_WIDTH && tile.index < bundles
}

/** The tile belongs to the present tree, or is a partial of one that was published. */
function isKnownTile(path: string, size: number, archived: Float64Array): boolean {
  const tile = findTile(path)
  if (tile === undefined) return false
  const level = tile.kind === 'tile' ? tile.level : 0
  if (tile.width === tileWidth(level, tile.index, size)) return true
  if (tile.width === TILE_WIDTH) return false
  // A tree whose partial tile is this wide has from `least` on as many leaves as one hash of the level covers.
  const span = TILE_WIDTH ** level
  const least = (tile.index * TILE_WIDTH + tile.width) * span
  const found = archived[lowerBound(archived, least)]
  return found !== undefined && found < least + span
}

function findTile(path: string): TilePath | undefined {
  try {
    return parseTilePath(path)
  } catch {
    return undefined
  }
}
