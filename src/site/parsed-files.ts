import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'

interface ParsedFile<T> {
  readonly value: T
  readonly version: string
  readonly weight: number
  checkedAtMs: number
}

export interface ParsedFilesOptions<T> {
  readonly folder: string
  readonly clock: () => Date
  readonly parse: (bytes: Uint8Array, path: string) => T
  readonly maxBytes: number
  /** Immutable files are read once; moving ones are looked at again after `recheckMs`. */
  readonly immutable?: true
  readonly recheckMs?: number
  /** Bytes as on disk of all that is kept. */
  readonly maxWeight?: number
}

// What keeping one file costs beside its bytes, so that many small files are bounded too.
const ENTRY_WEIGHT = 512

/**
 * One kind of file of the public folder in the form pages use it, kept in memory up to a bound.
 * A rewritten file, an erasure for one, shows after `recheckMs` or at once after `forget`.
 */
export class ParsedFiles<T> {
  readonly #options: ParsedFilesOptions<T>
  readonly #kept = new Map<string, ParsedFile<T>>()
  readonly #loading = new Map<string, Promise<T | undefined>>()
  #weight = 0
  #epoch = 0

  constructor(options: ParsedFilesOptions<T>) {
    this.#options = options
  }

  /** Undefined when there is no such file. The path is ours, made from checked numbers and ids. */
  async read(path: string): Promise<T | undefined> {
    const kept = this.#kept.get(path)
    if (kept !== undefined && this.#isFresh(kept)) return kept.value
    // One look for a crowd: the fifty entries of a list page ask for the same two files.
    const running = this.#loading.get(path)
    if (running !== undefined) return running
    const loading = this.#load(path, kept).finally(() => {
      if (this.#loading.get(path) === loading) this.#loading.delete(path)
    })
    this.#loading.set(path, loading)
    return loading
  }

  /** Looks at every moving file again before its next use. */
  forget(): void {
    if (this.#options.immutable) return
    // A look that began before may return what was there before: nobody may join it or keep what it finds.
    this.#epoch++
    this.#loading.clear()
    this.#kept.clear()
    this.#weight = 0
  }

  #isFresh(kept: ParsedFile<T>): boolean {
    const ageMs = this.#options.clock().getTime() - kept.checkedAtMs
    return this.#options.immutable ?? (ageMs >= 0 && ageMs < (this.#options.recheckMs ?? 1_000))
  }

  async #load(path: string, kept: ParsedFile<T> | undefined): Promise<T | undefined> {
    const { folder, maxBytes, parse, clock } = this.#options
    const checkedAtMs = clock().getTime()
    const epoch = this.#epoch
    if (kept !== undefined && (await readVersion(join(folder, path))) === kept.version) {
      kept.checkedAtMs = checkedAtMs
      return kept.value
    }
    const loaded = await readVersioned(join(folder, path), maxBytes)
    const value = loaded && parse(loaded.bytes, path)
    if (epoch !== this.#epoch) return value
    this.#drop(path)
    if (loaded === undefined || value === undefined) return undefined
    const weight = loaded.bytes.length + ENTRY_WEIGHT
    this.#keep(path, { value, version: loaded.version, weight, checkedAtMs })
    return value
  }

  // A Map keeps insertion order: the files loaded longest ago go first.
  #keep(path: string, file: ParsedFile<T>): void {
    this.#drop(path)
    this.#kept.set(path, file)
    this.#weight += file.weight
    for (const old of this.#kept.keys()) {
      if (this.#weight <= (this.#options.maxWeight ?? 32 * 1024 * 1024) || old === path) return
      this.#drop(old)
    }
  }

  #drop(path: string): void {
    this.#weight -= this.#kept.get(path)?.weight ?? 0
    this.#kept.delete(path)
  }
}

async function readVersioned(
  file: string,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; version: string } | undefined> {
  try {
    await using handle = await open(file, 'r')
    const found = await handle.stat()
    if (!found.isFile() || found.size > maxBytes) return undefined
    return { bytes: await handle.readFile(), version: versionOf(found) }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function readVersion(file: string): Promise<string | undefined> {
  try {
    return versionOf(await stat(file))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

// Every writer renames a new file into place, so the inode changes even where the clock is too coarse.
function versionOf(found: { ino: number; size: number; mtimeMs: number }): string {
  return `${found.ino} ${found.size} ${found.mtimeMs}`
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}
