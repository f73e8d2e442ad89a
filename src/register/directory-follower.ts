import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { extendDirectory, verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import type { Directory, Volunteer } from '../sealing/directory-state.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import type { RegisterDatabase } from './tables.ts'

/** What is last said of the directory: the SHA-256 of the file that is served, and how many entries it has. */
const ANNOUNCED = 'directory'

/**
 * Reads the directory as its rows grow. Rows come from a database whose owner may be hostile: they count only as far
 * as the root key of this process's configuration vouches for them, and what was once verified is not read again.
 */
export class DirectoryFollower {
  readonly #register: string
  readonly #rootPublicKey: Uint8Array
  readonly #entries: DirectoryEntry[] = []
  #directory: Directory | undefined
  #announced = 0

  constructor(register: string, rootPublicKey: Uint8Array) {
    this.#register = register
    this.#rootPublicKey = rootPublicKey
  }

  /** Undefined while nobody was invited. Throws SealingError for a chain that does not verify. */
  async read(db: RegisterDatabase): Promise<Directory | undefined> {
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
    return this.#directory
  }

  /** Queues the event that names what is served of the directory, if that changed. */
  async announce(
    db: RegisterDatabase,
    random: (length: number) => Uint8Array,
    sha256: (bytes: Uint8Array) => Uint8Array,
  ): Promise<void> {
    if (this.#entries.length === this.#announced) return
    const hash = toHex(sha256(servedDirectory(this.#entries)))
    await db.transaction().execute(async (tx) => {
      const value = `${hash} ${this.#entries.length}`
      if ((await announceOnce(tx, ANNOUNCED, value)) === 'known') return
      await queueEvents(tx, [{ type: 'key', subject: 'directory', hash }], random)
    })
    this.#announced = this.#entries.length
  }
}

/** The chain as far as an event names it; it was verified before it was announced. */
export async function loadAnnouncedDirectory(
  db: RegisterDatabase,
): Promise<Uint8Array | undefined> {
  const announced = await db
    .selectFrom('avow.announced')
    .select('value')
    .where('kind', '=', ANNOUNCED)
    .executeTakeFirst()
  if (announced === undefined) return undefined
  const rows = await db
    .selectFrom('avow.directory_change')
    .select(['body', 'signature'])
    .where('seq', '<', Number(announced.value.split(' ')[1]))
    .orderBy('seq')
    .execute()
  return servedDirectory(rows)
}

/** One JSON line an entry. */
function servedDirectory(entries: readonly DirectoryEntry[]): Uint8Array {
  const lines = entries.map(({ body, signature }) => JSON.stringify({ body, signature }))
  return utf8(lines.map((line) => `${line}\n`).join(''))
}

/** Who may be asked to show approvals. */
export function auditorRecipients(directory: Directory): string[] {
  const isAuditor = ({ roles }: Volunteer) =>
    roles.includes('auditor') || roles.includes('key-holder')
  return [...directory.volunteers.values()].filter(isAuditor).map(({ recipient }) => recipient)
}
