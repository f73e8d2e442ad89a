import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { contentPath, contentTextPath } from '../declaration/content.ts'
import { EVENT_MAX_BYTES, parseEvent } from '../declaration/event.ts'
import { LEAF_MAX_BYTES } from '../declaration/leaf.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { MAX_NOTE_BYTES, parseNote } from '../tlog/signed-note.ts'
import {
  entriesPath,
  parseEntryBundle,
  partialWidth,
  TILE_BYTES,
  TILE_WIDTH,
  tilePath,
  tilesForSize,
} from '../tlog/tile.ts'
import { archiveFile } from '../verify/archive.ts'
import { LATEST_FILE, LATEST_MAX_BYTES, LOGS, type LogName, parseLatest } from '../verify/latest.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from '../verify/logged-files.ts'
import { LOGGED_PATHS } from '../verify/named-files.ts'
import type { ReadFile } from '../verify/read-file.ts'
import { translationPath } from '../verify/verify-translations.ts'
import { textIdsFrom } from './content-store.ts'
import { findFile, makeFolders, type NamedBytes, writeDurably } from './durable-files.ts'
import { RegisterError } from './error.ts'

/** Files written together: one wait for the disk for all of them. */
const FILES_AT_ONCE = 256
const FILE_MAX_BYTES = 64 * 1024 * 1024
const ENTRY_MAX_BYTES = { declarations: LEAF_MAX_BYTES, events: EVENT_MAX_BYTES }

/**
 * Copies what belongs to the pair that the source shows, and nothing that is beyond it, into a folder. Nothing is
 * proven by it: the copy is verified afterwards, where it lies. Returns the paths of all its files. Throws `missing_file` for what the pair implies and the
 * source does not have.
 */
export async function copyRegister(read: ReadFile, folder: string): Promise<ReadonlySet<string>> {
  const scratch = join(folder, '.new')
  const writer = new GroupWriter(folder, scratch)
  const latest = await required(read, LATEST_FILE, LATEST_MAX_BYTES)
  const pair = parseLatest(latest)
  for (const log of LOGS) {
    const { size } = pair[log]
    await copyHead(read, log, size, writer)
    for (const { level, index, width } of tilesForSize(size)) {
      await writer.add(await readTileFile(read, log, level, index, width))
      if (level > 0) continue
      const bundle = await readBundleFile(read, log, index, width)
      await writer.add(bundle)
      if (log === 'events') await copyNamed(read, bundle.bytes, index, writer)
    }
  }
  for (let bundle = 0; bundle * TILE_WIDTH < pair.declarations.size; bundle++) {
    await copyContent(read, bundle, writer)
  }
  for (const path of [...LOGGED_PATHS, 'log/tally', 'log/act-recipient']) {
    await copyIfThere(read, path, writer)
  }
  await writer.add({ path: LATEST_FILE, bytes: latest })
  await writer.finish()
  return writer.paths
}

/** The note of the pair; a newer one of the same tree, cosigned again since, is the better one to serve. */
async function copyHead(read: ReadFile, log: LogName, size: number, writer: GroupWriter) {
  const archived = await required(read, archiveFile(log, size), MAX_NOTE_BYTES)
  const served = await read(`log/${log}/checkpoint`, MAX_NOTE_BYTES)
  const isSame = served !== undefined && parseCheckpoint(parseNote(served).text).size === size
  await writer.add({ path: archiveFile(log, size), bytes: archived })
  await writer.add({ path: `log/${log}/checkpoint`, bytes: isSame ? served : archived })
}

/** What events name: form definitions, translations, and the notes with which earlier pairs were published. */
async function copyNamed(read: ReadFile, bundle: Uint8Array, index: number, writer: GroupWriter) {
  for (const [i, entry] of parseEntryBundle(bundle).entries()) {
    const event = parseEvent(entry)
    if (event.type === 'form') await copyIfThere(read, `log/forms/${event.form}.json`, writer)
    if (event.type === 'translation') {
      await copyIfThere(read, translationPath(event.index, event.language), writer)
    }
    if (event.type !== 'tally') continue
    await copyArchived(read, 'events', index * TILE_WIDTH + i + 1, writer)
    await copyArchived(read, 'declarations', event.size, writer)
  }
}

/** With its partial tiles, as far as no full tile has taken their place. */
async function copyArchived(read: ReadFile, log: LogName, size: number, writer: GroupWriter) {
  await copyIfThere(read, archiveFile(log, size), writer)
  for (let level = 0; TILE_WIDTH ** level <= size; level++) {
    const width = partialWidth(level, size)
    if (width === 0) continue
    const index = Math.floor(size / TILE_WIDTH ** (level + 1))
    await copyIfThere(read, `log/${log}/${tilePath(level, index, width)}`, writer)
    if (level === 0) await copyIfThere(read, `log/${log}/${entriesPath(index, width)}`, writer)
  }
}

async function copyContent(read: ReadFile, bundle: number, writer: GroupWriter): Promise<void> {
  const path = contentPath(bundle)
  const bytes = await read(path, FILE_MAX_BYTES)
  if (bytes === undefined) return
  await writer.add({ path, bytes })
  for (const id of new Set(textIdsFrom(fromUtf8(bytes), 0))) {
    const text = contentTextPath(id)
    await writer.add({ path: text, bytes: await required(read, text, FILE_MAX_BYTES) })
  }
}

/** A partial may be gone once its full tile exists: then its beginning is what we need. */
async function readTileFile(
  read: ReadFile,
  log: LogName,
  level: number,
  index: number,
  width: number,
): Promise<NamedBytes> {
  const path = `log/${log}/${tilePath(level, index, width)}`
  const bytes = await read(path, TILE_BYTES)
  if (bytes !== undefined) return { path, bytes }
  const full = await required(read, `log/${log}/${tilePath(level, index)}`, TILE_BYTES)
  return { path, bytes: full.subarray(0, width * (TILE_BYTES / TILE_WIDTH)) }
}

async function readBundleFile(
  read: ReadFile,
  log: LogName,
  index: number,
  width: number,
): Promise<NamedBytes> {
  const maxBytes = TILE_WIDTH * (2 + ENTRY_MAX_BYTES[log])
  const path = `log/${log}/${entriesPath(index, width)}`
  const bytes = await read(path, maxBytes)
  if (bytes !== undefined) return { path, bytes }
  const full = await required(read, `log/${log}/${entriesPath(index)}`, maxBytes)
  const entries = parseEntryBundle(full).slice(0, width)
  const length = entries.reduce((sum, entry) => sum + 2 + entry.length, 0)
  return { path, bytes: full.subarray(0, length) }
}

async function copyIfThere(read: ReadFile, path: string, writer: GroupWriter): Promise<void> {
  const maxBytes = path === POLICY_FILE ? MAX_POLICY_BYTES : FILE_MAX_BYTES
  const bytes = await read(path, maxBytes)
  if (bytes !== undefined) await writer.add({ path, bytes })
}

async function required(read: ReadFile, path: string, maxBytes: number): Promise<Uint8Array> {
  const bytes = await read(path, maxBytes)
  if (bytes === undefined) throw new RegisterError('missing_file', `${path} is not there`)
  return bytes
}

/** Writes in groups, in the order given, what is not there yet. */
class GroupWriter {
  readonly paths = new Set<string>()
  readonly #folder: string
  readonly #scratch: string
  #waiting = new Map<string, Uint8Array>()

  constructor(folder: string, scratch: string) {
    this.#folder = folder
    this.#scratch = scratch
  }

  async add({ path, bytes }: NamedBytes): Promise<void> {
    this.paths.add(path)
    const known = await findFile(join(this.#folder, path))
    if (known !== undefined && Buffer.compare(known, bytes) === 0) return
    this.#waiting.set(path, bytes)
    if (this.#waiting.size >= FILES_AT_ONCE) await this.finish()
  }

  async finish(): Promise<void> {
    const files = Array.from(this.#waiting, ([path, bytes]) => ({
      path: join(this.#folder, path),
      bytes,
    }))
    this.#waiting = new Map()
    if (files.length === 0) return
    await makeFolders([this.#folder])
    await writeDurably(files, this.#scratch)
    await rm(this.#scratch, { recursive: true, force: true })
  }
}
