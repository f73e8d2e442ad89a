import {
  closeSync,
  fsync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate as otherWork } from 'node:timers/promises'
import { promisify } from 'node:util'

const sync = promisify(fsync)

/** Files in flight at once: more than the four threads of the pool only costs memory. */
const AT_ONCE = 8

export type NamedBytes = { readonly path: string; readonly bytes: Uint8Array }

/**
 * Puts whole files in place: temporary name, fsync, rename, then fsync of every folder that changed. A crash leaves each
 * file old, new or absent, and otherwise only temporary names in `scratch`, which must be on the same file system.
 * Only the disk is waited for: handing everything else to another thread takes longer than doing it.
 */
export async function writeDurably(
  files: readonly NamedBytes[],
  scratch: string,
  mode = 0o644,
): Promise<void> {
  mkdirSync(scratch, { recursive: true })
  await makeFolders(files.map(({ path }) => dirname(path)))
  await eachAtOnce(files, async ({ path, bytes }) => {
    const temporary = temporaryPath(scratch)
    const file = openSync(temporary, 'w', mode)
    try {
      writeFileSync(file, bytes)
      await sync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  })
  await syncFolders(files.map(({ path }) => dirname(path)))
}

/** A file that is written and has no name yet that anybody reads. */
export type PreparedFile = { readonly temporary: string; readonly path: string }

/** A few at a time, so that whatever waits for the database goes on between them. */
const PREPARED_AT_ONCE = 16

/** The first half of `writeSoon`. */
export async function prepareFiles(
  files: readonly NamedBytes[],
  scratch: string,
): Promise<PreparedFile[]> {
  mkdirSync(scratch, { recursive: true })
  const prepared: PreparedFile[] = []
  for (const { path, bytes } of files) {
    const temporary = temporaryPath(scratch)
    writeFileSync(temporary, bytes)
    prepared.push({ temporary, path })
    if (prepared.length % PREPARED_AT_ONCE === 0) await otherWork()
  }
  return prepared
}

/** The second half. */
export function putInPlace(prepared: readonly PreparedFile[]): void {
  for (const folder of new Set(prepared.map(({ path }) => dirname(path)))) {
    mkdirSync(folder, { recursive: true })
  }
  for (const { temporary, path } of prepared) renameSync(temporary, path)
}

/**
 * Puts files in place for readers; a power cut may lose them: only for what can be made again, and until `syncFiles`.
 */
export async function writeSoon(files: readonly NamedBytes[], scratch: string): Promise<void> {
  putInPlace(await prepareFiles(files, scratch))
}

export async function syncFiles(paths: readonly string[]): Promise<void> {
  await eachAtOnce(paths, async (path) => {
    const file = openSync(path, 'r')
    try {
      await sync(file)
    } finally {
      closeSync(file)
    }
  })
  await syncFolders(paths.map((path) => dirname(path)))
}

// Of this process: two calls at once must not share a temporary name.
let temporaryNames = 0

function temporaryPath(scratch: string): string {
  return join(scratch, `.new-${temporaryNames++}`)
}

/** Makes folders with their parents, and makes the new names in the parents durable too. */
export async function makeFolders(folders: Iterable<string>): Promise<void> {
  for (const folder of new Set(folders)) {
    const first = await mkdir(folder, { recursive: true })
    if (first === undefined) continue
    for (let made = folder; made.length >= first.length; made = dirname(made)) {
      await syncFolders([dirname(made)])
    }
  }
}

export async function syncFolders(folders: Iterable<string>): Promise<void> {
  await eachAtOnce([...new Set(folders)], async (folder) => {
    const file = openSync(folder, 'r')
    try {
      await sync(file)
    } finally {
      closeSync(file)
    }
  })
}

export async function findFile(path: string): Promise<Buffer | undefined> {
  return findFileNow(path)
}

/** Files of ours are small, and mostly still in memory. */
export function findFileNow(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Runs `work` for every item, a few at a time. After a failure nothing new starts and nothing is left running. */
export async function eachAtOnce<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  let failed = false
  const worker = async () => {
    for (const item of queue) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.min(AT_ONCE, items.length) }, worker)
  for (const outcome of await Promise.allSettled(workers)) {
    if (outcome.status === 'rejected') throw outcome.reason
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
