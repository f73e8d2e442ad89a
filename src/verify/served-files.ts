import { entriesPath, parseTilePath, TILE_WIDTH, type TilePath, tileWidth } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { LATEST_FILE, LOGS, type LogName } from './latest.ts'
import { POLICY_FILE } from './logged-files.ts'
import type { ReadFile } from './read-file.ts'
import { formFile, type PublishedForms } from './verify-forms.ts'
import type { SignedPair } from './verify-pair.ts'
import { TALLY_FILE } from './verify-tally.ts'

/** Lists every file under `log/` and `content/` by its path from the site root. A folder can, a web site cannot. */
export type ListFiles = () => AsyncIterable<string>

/** Sizes of which a checkpoint is archived. */
export type ArchivedSizes = Readonly<Record<LogName, ReadonlySet<number>>>

/** Every publication archives two checkpoints: one an hour for 500 years. */
const MAX_ARCHIVED = 5_000_000
/** A full bundle of the longest entries; a longer file is refused anyway. */
const MAX_PROBE_BYTES = TILE_WIDTH * 0x10002

const FIXED_FILES = new Set([
  LATEST_FILE,
  TALLY_FILE,
  POLICY_FILE,
  'log/directory',
  'log/act-recipient',
  'log/act-recipient',
  ...LOGS.map((log) => `log/${log}/checkpoint`),
])
const ARCHIVED = /^log\/checkpoints\/(declarations|events)\/(0|[1-9]\d{0,14})$/
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
}

/** Nothing is served that the verified register does not have: no tile beyond its size, no text that nobody shows. */
export async function verifyServedFiles(list: ListFiles, served: ServedRegister): Promise<void> {
  const archived = {
    declarations: Float64Array.from(served.archived.declarations).sort(),
    events: Float64Array.from(served.archived.events).sort(),
  }
  for await (const path of list()) {
    const [, log, tile] = TILE.exec(path) ?? []
    const known =
      log === 'declarations' || log === 'events'
        ? isKnownTile(tile ?? '', lastSize(served.pair, log), archived[log])
        : isKnownFile(path, served)
    if (!known) {
      throw new VerifyError('unexpected_file', path, 'the register has no such file')
    }
  }
}

/** Where files cannot be listed: the entries that would come next are not served yet. */
export async function probeBeyond(pair: SignedPair, read: ReadFile): Promise<void> {
  for (const log of LOGS) {
    const size = lastSize(pair, log)
    const index = Math.floor(size / TILE_WIDTH)
    const next = (size % TILE_WIDTH) + 1
    for (const path of [entriesPath(index, next), entriesPath(index), entriesPath(index + 1)]) {
      const file = `log/${log}/${path}`
      if ((await read(file, MAX_PROBE_BYTES)) !== undefined) {
        throw new VerifyError(
          'unexpected_file',
          file,
          'entries beyond the published size are served',
        )
      }
    }
  }
}

function lastSize(pair: SignedPair, log: LogName): number {
  return pair[log].newerSize ?? pair[log].size
}

function isKnownFile(path: string, { pair, forms, archived, isReferencedText }: ServedRegister) {
  if (FIXED_FILES.has(path)) return true
  const [, log, size] = ARCHIVED.exec(path) ?? []
  if (log === 'declarations' || log === 'events') {
    return archived[log].has(Number(size)) && Number(size) <= lastSize(pair, log)
  }
  const [, form] = /^log\/forms\/([0-9a-f]{64})\.json$/.exec(path) ?? []
  if (form !== undefined) return forms.has(form) && path === formFile(form)
  const [, text] = /^content\/texts\/([0-9a-f]{32})$/.exec(path) ?? []
  if (text !== undefined) return isReferencedText(text)
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

/** The position of the first value that is not below `wanted`. */
function lowerBound(sorted: Float64Array, wanted: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
