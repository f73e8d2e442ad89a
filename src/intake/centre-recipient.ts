import type { QueryExecutorProvider } from 'kysely'
import { type DirectoryReader, followDirectory } from '../centres/load-directory.ts'
import type { Directory } from '../sealing/directory.ts'
import { IntakeError } from './error.ts'

const REREAD_AFTER_MS = 60_000

export interface CentreRecipientsOptions {
  readonly db: QueryExecutorProvider
  /** The register's name, as the directory's entries carry it. */
  readonly register: string
  /** Configuration, never a row; null until the first start has made it. */
  readonly findRootPublicKey: () => Promise<Uint8Array | null>
  readonly clock: () => Date
}

/**
 * Finds whom to seal to. The rows are proven against the configured root at each reading; without a root,
 * a directory or the centre's key the intake refuses, because it could store only what nobody can open.
 */
export function followCentreRecipients(
  options: CentreRecipientsOptions,
): (centre: string) => Promise<string> {
  let reader: DirectoryReader | undefined
  let known: { readonly directory: Directory; readonly readAtMs: number } | undefined
  return async (centre) => {
    const now = options.clock().getTime()
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.readAtMs
    if (known === undefined || age < 0 || age >= REREAD_AFTER_MS) {
      reader ??= await startReader(options)
      known = { directory: await readNow(reader), readAtMs: now }
    }
    const recipient = known.directory.centres.get(centre)?.recipient
    if (recipient === undefined) throw new IntakeError('no_centre_key', 'the centre has no key')
    return recipient
  }
}

async function startReader(options: CentreRecipientsOptions): Promise<DirectoryReader> {
  const root = await options.findRootPublicKey()
  if (root === null) throw new IntakeError('no_centre_key', 'no root key is configured yet')
  return followDirectory(options.db, options.register, root)
}

async function readNow(reader: DirectoryReader): Promise<Directory> {
  try {
    return await reader.current()
  } catch (cause) {
    throw new IntakeError('no_centre_key', 'the directory does not verify', cause)
  }
}
