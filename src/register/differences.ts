/** One place where database, files and checkpoints do not say the same. */
export type Difference = {
  readonly code: string
  /** A file by its path from the site's root, or a table and its row. */
  readonly where: string
  readonly message: string
}

/** A disk that went bad can differ everywhere; nobody reads more than this. */
const MAX_LISTED = 1000

/** Differences as they are found, in the order of the search. */
export class Differences {
  readonly listed: Difference[] = []
  found = 0

  add(code: string, where: string, message: string): void {
    this.found++
    if (this.listed.length < MAX_LISTED) this.listed.push({ code, where, message })
  }

  compare(path: string, found: Uint8Array | undefined, expected: Uint8Array): void {
    if (found === undefined) this.add('missing_file', path, 'the database has it, it is not served')
    else if (Buffer.compare(found, expected) !== 0) {
      this.add('file_differs', path, 'it is not what the database has for it')
    }
  }
}
