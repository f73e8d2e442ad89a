import type { QueryExecutorProvider } from 'kysely'
import type { DirectoryPins } from '../centres/directory-pin.ts'
import { type DirectoryReader, followDirectory } from '../centres/load-directory.ts'
import type { Directory } from '../sealing/directory.ts'
import { keyOfDay } from '../sealing/directory-months.ts'
import type { SealingErrorCode } from '../sealing/error.ts'
import { IntakeError } from './error.ts'

const REREAD_AFTER_MS = 60_000

export interface CentreRecipientsOptions {
  readonly db: QueryExecutorProvider
  /** The register's name, as the directory's entries carry it. */
  readonly register: string
  /** Configuration, never a row; null until the first start has made it. */
  readonly findRootPublicKey: () => Promise<Uint8Array | null>
  readonly clock: () => Date
  readonly pins?: DirectoryPins
  /** Told once of each thing that a person should look at; intake goes on. */
  readonly onNotice?: (code: IntakeNotice) => void
}

/** A centre without a key of this month seals to its newest; a directory row that does not verify is left out. */
export type IntakeNotice =
  | { readonly notice: 'key_late'; readonly centre: string; readonly month: string }
  | { readonly notice: 'directory_row'; readonly code: SealingErrorCode }

/**
 * Finds whom to seal to. The rows are proven against the configured root at each reading; without a root,
 * a directory or the centre's key the intake refuses, because it could store only what nobody can open.
 */
export function followCentreRecipients(
  options: CentreRecipientsOptions,
): (centre: string) => Promise<string> {
  let reader: DirectoryReader | undefined
  const late = new Map<string, string>()
  let known: { readonly directory: Directory; readonly readAtMs: number } | undefined
  return async (centre) => {
    const now = options.clock().getTime()
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.readAtMs
    if (known === undefined || age < 0 || age >= REREAD_AFTER_MS) {
      reader ??= await startReader(options)
      known = { directory: await readNow(reader), readAtMs: now }
    }
    const keys = known.directory.centres.get(centre)
    const today = options.clock().toISOString().slice(0, 10)
    const current = keys === undefined ? undefined : keyOfDay(keys, today)
    if (current === undefined) throw new IntakeError('no_centre_key', 'the centre has no key')
    const month = today.slice(0, 7)
    if (current.late && late.get(centre) !== month) {
      late.set(centre, month)
      options.onNotice?.({ notice: 'key_late', centre, month })
    }
    return current.key.recipient
  }
}

async function startReader(options: CentreRecipientsOptions): Promise<DirectoryReader> {
  const root = await options.findRootPublicKey()
  if (root === null) throw new IntakeError('no_centre_key', 'no root key is configured yet')
  const { pins, onNotice } = options
  return followDirectory(options.db, options.register, root, {
    onRubbish: (code) => onNotice?.({ notice: 'directory_row', code }),
    ...(pins === undefined ? {} : { pins }),
  })
}

async function readNow(reader: DirectoryReader): Promise<Directory> {
  try {
    return await reader.current()
  } catch (cause) {
    throw new IntakeError('no_centre_key', 'the directory does not verify', cause)
  }
}
