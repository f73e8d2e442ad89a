import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What of each file is in the bucket: enough to know it again, and nothing of what it says. */
export type Uploaded = { readonly size: number; readonly changedNs: string }

/**
 * Which files the bucket has, one line each: `<size> <changed> <path>`, or `- - <path>` once removed. Lines are added as
 * uploads succeed and not waited for: what a crash takes of them is uploaded again, with the same result.
 */
export class BucketJournal {
  readonly files: Map<string, Uploaded>
  readonly #path: string

  static async open(path: string): Promise<BucketJournal> {
    const files = new Map<string, Uploaded>()
    const text = await readFile(path, 'utf8').catch(() => '')
    // The last line may be cut.
    for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
      const [size = '', changedNs = '', ...rest] = line.split(' ')
      const name = rest.join(' ')
      if (name === '') continue
      if (size === '-') files.delete(name)
      else files.set(name, { size: Number(size), changedNs })
    }
    const journal = new BucketJournal(path, files)
    await journal.#compact()
    return journal
  }

  private constructor(path: string, files: Map<string, Uploaded>) {
    this.#path = path
    this.files = files
  }

  async noteUploaded(name: string, { size, changedNs }: Uploaded): Promise<void> {
    this.files.set(name, { size, changedNs })
    await appendFile(this.#path, `${size} ${changedNs} ${name}\n`)
  }

  async noteRemoved(name: string): Promise<void> {
    this.files.delete(name)
    await appendFile(this.#path, `- - ${name}\n`)
  }

  async #compact(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    const lines = Array.from(
      this.files,
      ([name, { size, changedNs }]) => `${size} ${changedNs} ${name}\n`,
    )
    await writeFile(`${this.#path}.new`, lines.join(''))
    await rename(`${this.#path}.new`, this.#path)
  }
}
