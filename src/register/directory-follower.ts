import { utf8 } from '../encoding/bytes.ts'
import { extendDirectory, verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import type { Directory, Volunteer } from '../sealing/directory-state.ts'
import type { RegisterDatabase } from './tables.ts'

export type FollowedDirectory = {
  readonly directory: Directory
  /** The whole chain as it is served: one JSON line an entry. */
  readonly served: Uint8Array
}

/**
 * Reads the directory as its rows grow. Rows come from a database whose owner may be hostile: they count only as far
 * as the root key of this process's configuration vouches for them, and what was once verified is not read again.
 */
export class DirectoryFollower {
  readonly #register: string
  readonly #rootPublicKey: Uint8Array
  readonly #entries: DirectoryEntry[] = []
  #directory: Directory | undefined

  constructor(register: string, rootPublicKey: Uint8Array) {
    this.#register = register
    this.#rootPublicKey = rootPublicKey
  }

  /** Undefined while nobody was invited. Throws SealingError for a chain that does not verify. */
  async read(db: RegisterDatabase): Promise<FollowedDirectory | undefined> {
    const rows = await db
      .selectFrom('avow.directory_change')
      .select(['body', 'signature'])
      .where('seq', '>=', this.#entries.length)
      .orderBy('seq')
      .execute()
    if (rows.length > 0) {
      this.#directory =
        this.#directory === undefined
          ? verifyDirectory(rows, this.#register, this.#rootPublicKey)
          : extendDirectory(this.#directory, rows)
      this.#entries.push(...rows)
    }
    if (this.#directory === undefined) return undefined
    const lines = this.#entries.map(({ body, signature }) => JSON.stringify({ body, signature }))
    return { directory: this.#directory, served: utf8(lines.map((line) => `${line}\n`).join('')) }
  }
}

/** Who may be asked to show approvals. */
export function auditorRecipients(directory: Directory | undefined): string[] {
  const isAuditor = ({ roles }: Volunteer) =>
    roles.includes('auditor') || roles.includes('key-holder')
  return [...(directory?.volunteers.values() ?? [])]
    .filter(isAuditor)
    .map(({ recipient }) => recipient)
}
