import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type DirectoryPin, followEntries } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import { type Directory, emptyDirectory, type Volunteer } from '../sealing/directory-state.ts'
import type { SealingErrorCode } from '../sealing/error.ts'
import { announceOnce, queueEvents } from './event-queue.ts'
import type { RegisterDatabase } from './tables.ts'

/** What is last said of the directory: the SHA-256 of the file that is served, and how many entries it has. */
const ANNOUNCED = 'directory'

/** More rubbish than this behind the last entry is not even read. */
const ROWS_READ_MAX = 5_000

/** Remembers the newest verified state outside the database. */
export type DirectoryPinning = {
  readonly find: () => Promise<DirectoryPin | undefined>
  readonly raise: (pin: DirectoryPin) => Promise<void>
}

/**
 * Reads the directory as its rows grow. Rows come from a database whose owner may be hostile: they count only as far
 * as they verify from the root key of this process's configuration. What was once verified is not read again, and
 * over a restart the pin remembers it; a row behind it that does not verify is left out and `refused` says why.
 */
export class DirectoryFollower {
  readonly #pins: DirectoryPinning | undefined
  readonly #entries: DirectoryEntry[] = []
  #directory: Directory
  #announced = 0
  #refused: SealingErrorCode | undefined

  constructor(register: string, rootPublicKey: Uint8Array, pins?: DirectoryPinning) {
    this.#directory = emptyDirectory(register, rootPublicKey)
    this.#pins = pins
  }

  get refused(): SealingErrorCode | undefined {
    return this.#refused
  }

  /** Undefined while there is none. Throws SealingError `rolled_back` or `forked` for rows that are not what was known. */
  async read(db: RegisterDatabase): Promise<Directory | undefined> {
    const rows = await db
      .selectFrom('avow.directory_change')
      .select(['body', 'signatures'])
      .where('seq', '>=', this.#entries.length)
      .orderBy('seq')
      .$if(this.#entries.length > 0, (query) => query.limit(ROWS_READ_MAX))
      .execute()
    const pin = this.#entries.length === 0 ? await this.#pins?.find() : undefined
    const trust = pin === undefined ? {} : { pin }
    const { directory, taken, refused } = followEntries(this.#directory, rows, trust)
    // Pinned before it is used: whatever is published by it, this process will not forget it.
    if (taken > 0) await this.#pins?.raise({ size: directory.size, head: directory.head })
    this.#directory = directory
    this.#entries.push(...rows.slice(0, taken))
    this.#refused = refused
    return directory.size === 0 ? undefined : directory
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
    .select(['body', 'signatures'])
    .where('seq', '<', Number(announced.value.split(' ')[1]))
    .orderBy('seq')
    .execute()
  return servedDirectory(rows)
}

/** One JSON line an entry. */
function servedDirectory(entries: readonly DirectoryEntry[]): Uint8Array {
  const lines = entries.map(({ body, signatures }) => JSON.stringify({ body, signatures }))
  return utf8(lines.map((line) => `${line}\n`).join(''))
}

/** Who may be asked to show approvals. */
export function auditorRecipients(directory: Directory): string[] {
  const isAuditor = ({ roles }: Volunteer) =>
    roles.includes('auditor') || roles.includes('key-holder')
  return [...directory.volunteers.values()].filter(isAuditor).map(({ recipient }) => recipient)
}
