import type { ReadFile } from '../verify/read-file.ts'
import type { ListFiles } from '../verify/served-files.ts'

/** Where a verification reads: the files below a site root, on a disk or behind an address. */
export interface VerifySource {
  readonly read: ReadFile
  /** Only a folder can be listed. */
  readonly list?: ListFiles
  /** As the report names it. */
  readonly name: string
}

/** Nothing can be said about the register: its files cannot be reached. */
export class SourceUnreachable extends Error {
  override readonly name = 'SourceUnreachable'
}
