import { link, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toHex } from '../encoding/hex.ts'
import { findFile, hasErrorCode, syncFolder, writeNewFile } from './durable-file.ts'
import { WitnessError } from './error.ts'

/** A record and its number in the log's own row; the highest number counts. */
export type NumberedRecord = { readonly number: number; readonly bytes: Uint8Array }

/** Somebody else, in this process or another one, wrote the next record first. */
export type AppendOutcome = 'appended' | 'overtaken'

/** A record that vanishes while it is read was superseded; this often in a row, something else is wrong. */
const READ_ATTEMPTS = 100

/**
 * The records of one log: files named 1, 2, 3, … in a folder, of which all but the newest are removed. Nothing is kept
 * in memory, so what is read is what a restart would read, and several processes may share the folder.
 */
export class RecordStore {
  readonly #folder: string
  readonly #random: (length: number) => Uint8Array
  /** Once the disk has failed to promise a name, what it promises later proves nothing: a restart reads it anew. */
  #broken: unknown

  /** Opens the folder, or makes it with `first` as record 1. Throws `missing_record` for a folder that lost its records. */
  static async open(
    folder: string,
    first: Uint8Array,
    random: (length: number) => Uint8Array,
  ): Promise<RecordStore> {
    await makeStore(folder, first, random)
    const store = new RecordStore(folder, random)
    await store.#removeDrafts()
    await store.read()
    return store
  }

  private constructor(folder: string, random: (length: number) => Uint8Array) {
    this.#folder = folder
    this.#random = random
  }

  async read(): Promise<NumberedRecord> {
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      const number = (await this.#numbers()).at(-1)
      if (number === undefined) break
      const bytes = await findFile(join(this.#folder, String(number)))
      if (bytes !== undefined) return { number, bytes }
    }
    throw new WitnessError('missing_record', `${this.#folder} has lost its record`)
  }

  /**
   * Puts `bytes` after the record `after`, durably, or changes nothing. Throws `not_stored` when the disk refuses; a
   * cosignature must not leave the process before this returns `appended`.
   */
  async append(after: number, bytes: Uint8Array): Promise<AppendOutcome> {
    if (this.#broken !== undefined) {
      throw new WitnessError('not_stored', 'the disk failed before', { cause: this.#broken })
    }
    const draft = join(this.#folder, `.new-${toHex(this.#random(8))}`)
    try {
      // A crash here leaves a draft, which nobody reads.
      await writeNewFile(draft, bytes)
      // A link refuses to replace where a rename would: of two writers that read the same record, one fails here.
      await link(draft, join(this.#folder, String(after + 1)))
    } catch (cause) {
      if (hasErrorCode(cause, 'EEXIST')) return 'overtaken'
      throw new WitnessError('not_stored', 'the record could not be written', { cause })
    } finally {
      await rm(draft, { force: true }).catch(() => {})
    }
    try {
      // A crash here leaves the old record or both, and no cosignature has been seen.
      await syncFolder(this.#folder)
      // Who slept since reading `after` may have made a number that was used and removed: the higher one shows it.
      const numbers = await this.#numbers()
      if (numbers.at(-1) !== after + 1) return 'overtaken'
      await this.#remove(numbers.slice(0, -1))
      return 'appended'
    } catch (cause) {
      this.#broken = cause
      throw new WitnessError('not_stored', 'the record may not be on the disk', { cause })
    }
  }

  /** Ascending. */
  async #numbers(): Promise<number[]> {
    const names = (await readdir(this.#folder)).filter((name) => /^[1-9][0-9]{0,14}$/.test(name))
    return names.map(Number).sort((a, b) => a - b)
  }

  /** Superseded records only cost room. Without a sync: a crash may bring one back, and the higher number still counts. */
  async #remove(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) await rm(join(this.#folder, String(number)), { force: true })
  }

  async #removeDrafts(): Promise<void> {
    const names = await readdir(this.#folder)
    const drafts = names.filter((name) => name.startsWith('.new-'))
    for (const draft of drafts) await rm(join(this.#folder, draft), { force: true })
  }
}

async function makeStore(
  folder: string,
  first: Uint8Array,
  random: (length: number) => Uint8Array,
): Promise<void> {
  if ((await findFolder(folder)) !== undefined) return
  const draft = `${folder}.new-${toHex(random(8))}`
  await mkdir(draft, { mode: 0o700 })
  await writeNewFile(join(draft, '1'), first)
  await syncFolder(draft)
  try {
    // The folder appears with its first record in it: empty, it would be one that lost its records.
    await rename(draft, folder)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true })
    if (!hasErrorCode(cause, 'ENOTEMPTY', 'EEXIST')) throw cause
  }
  await syncFolder(dirname(folder))
}

async function findFolder(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}
