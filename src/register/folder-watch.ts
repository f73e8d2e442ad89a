import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Enough to know a file again, and nothing of what it says. */
export type FileMark = { readonly size: number; readonly changedNs: string }

export type FolderLook = {
  /** Every folder that is there, by its path from the root, '' the root itself. */
  readonly folders: ReadonlySet<string>
  /** All files of those folders that may have changed, by folder and by path from the root. */
  readonly listed: ReadonlyMap<string, ReadonlyMap<string, FileMark>>
  /** What was listed has been dealt with: folders that stay as they are need not be read again. */
  readonly settle: () => void
}

type Settled = { readonly changedNs: bigint; readonly folders: readonly string[] }

/** File systems tell times of change in steps; a folder that changed this recently may change again unnoticed. */
const UNSURE_NS = 2_000_000_000n

/**
 * Looks for changes below a folder without reading all of it again. Every file of ours comes by rename, which changes the
 * time of its folder: so one look at each folder's time is enough, and files are read only where it is another.
 */
export class FolderWatch {
  readonly #root: string
  readonly #clock: () => Date
  readonly #settled = new Map<string, Settled>()

  constructor(root: string, clock: () => Date) {
    this.#root = root
    this.#clock = clock
  }

  async look(): Promise<FolderLook> {
    const sureBefore = BigInt(this.#clock().getTime()) * 1_000_000n - UNSURE_NS
    const folders = new Set<string>()
    const listed = new Map<string, ReadonlyMap<string, FileMark>>()
    const read = new Map<string, Settled>()
    const waiting = ['']
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      // Its time before its files: what comes in between is found at the next look.
      const now = await stat(join(this.#root, folder), { bigint: true }).catch(() => undefined)
      if (now === undefined) continue
      folders.add(folder)
      const known = this.#settled.get(folder)
      if (known !== undefined && known.changedNs === now.mtimeNs) {
        waiting.push(...known.folders)
        continue
      }
      const found = await this.#read(folder)
      listed.set(folder, found.files)
      waiting.push(...found.folders)
      if (now.mtimeNs < sureBefore) {
        read.set(folder, { changedNs: now.mtimeNs, folders: found.folders })
      }
    }
    return {
      folders,
      listed,
      settle: () => {
        for (const folder of listed.keys()) this.#settled.delete(folder)
        for (const [folder, settled] of read) this.#settled.set(folder, settled)
        for (const folder of this.#settled.keys()) {
          if (!folders.has(folder)) this.#settled.delete(folder)
        }
      },
    }
  }

  async #read(folder: string) {
    const files = new Map<string, FileMark>()
    const folders: string[] = []
    const path = join(this.#root, folder)
    const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) folders.push(name)
      if (!entry.isFile()) continue
      const found = await stat(join(path, entry.name), { bigint: true }).catch(() => undefined)
      if (found === undefined) continue
      files.set(name, { size: Number(found.size), changedNs: String(found.mtimeNs) })
    }
    return { files, folders }
  }
}
