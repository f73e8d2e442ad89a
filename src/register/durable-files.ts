import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Files in flight at once: more than the four threads of the pool only costs memory. */
const AT_ONCE = 8

export type NamedBytes = { readonly path: string; readonly bytes: Uint8Array }

/**
 * Puts whole files in place: temporary name, fsync, rename, then fsync of every folder that changed. A crash leaves each
 * file old, new or absent, and otherwise only temporary names in `scratch`, which must be on the same file system.
 */
export async function writeDurably(
  files: readonly NamedBytes[],
  scratch: string,
  mode = 0o644,
): Promise<void> {
  await mkdir(scratch, { recursive: true })
  await makeFolders(files.map(({ path }) => dirname(path)))
  await eachAtOnce(files, async ({ path, bytes }) => {
    const temporary = temporaryPath(scratch)
    const file = await open(temporary, 'w', mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  })
  await syncFolders(files.map(({ path }) => dirname(path)))
}

/**
 * The same for readers, but a power cut may lose it: only for what can be made again, and until `syncFiles`. Nothing is
 * waited for, so hundreds of small files cost less this way than the hand-over of each to another thread.
 */
export function writeSoon(files: readonly NamedBytes[], scratch: string): void {
  for (const folder of new Set([scratch, ...files.map(({ path }) => dirname(path))])) {
    mkdirSync(folder, { recursive: true })
  }
  for (const { path, bytes } of files) {
    const temporary = temporaryPath(scratch)
    writeFileSync(temporary, bytes)
    renameSync(temporary, path)
  }
}

export async function syncFiles(paths: readonly string[]): Promise<void> {
  await eachAtOnce(paths, async (path) => {
    const file = await open(path, 'r')
    try {
      await file.sync()
    } finally {
      await file.close()
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
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
}

export async function findFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
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
