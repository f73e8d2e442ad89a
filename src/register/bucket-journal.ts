import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileMark } from './folder-watch.ts'

/**
 * Which files the bucket has, one line each: `<size> <changed> <path>`, or `- - <path>` once removed. Lines are added as
 * uploads succeed and not waited for: what a crash takes of them is uploaded again, with the same result.
 */
export class BucketJournal {
  /** By folder, since only folders that changed are compared. */
  readonly #folders: Map<string, Map<string, FileMark>>
  readonly #path: string

  static async open(path: string): Promise<BucketJournal> {
    const journal = new BucketJournal(path)
    const text = await readFile(path, 'utf8').catch(() => '')
    // The last line may be cut.
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      const [size = '', changedNs = '', ...rest] = line.split(' ')
      const name = rest.join(' ')
      if (name === '') continue
      if (size === '-') journal.#forget(name)
      else journal.#remember(name, { size: Number(size), changedNs })
    }
    await journal.#compact()
    return journal
  }

  private constructor(path: string) {
    this.#path = path
    this.#folders = new Map()
  }

  get folders(): readonly string[] {
    return [...this.#folders.keys()]
  }

  filesOf(folder: string): ReadonlyMap<string, FileMark> {
    return this.#folders.get(folder) ?? new Map()
  }

  async noteUploaded(name: string, mark: FileMark): Promise<void> {
    this.#remember(name, mark)
    await appendFile(this.#path, `${mark.size} ${mark.changedNs} ${name}\n`)
  }

  async noteRemoved(name: string): Promise<void> {
    this.#forget(name)
    await appendFile(this.#path, `- - ${name}\n`)
  }

  #remember(name: string, mark: FileMark): void {
    const folder = folderOf(name)
    const files = this.#folders.get(folder) ?? new Map<string, FileMark>()
    this.#folders.set(folder, files.set(name, mark))
  }

  #forget(name: string): void {
    const folder = folderOf(name)
    const files = this.#folders.get(folder)
    files?.delete(name)
    if (files?.size === 0) this.#folders.delete(folder)
  }

  async #compact(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    const lines = [...this.#folders.values()].flatMap((files) =>
      Array.from(files, ([name, { size, changedNs }]) => `${size} ${changedNs} ${name}\n`),
    )
    await writeFile(`${this.#path}.new`, lines.join(''))
    await rename(`${this.#path}.new`, this.#path)
  }
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0))
}
