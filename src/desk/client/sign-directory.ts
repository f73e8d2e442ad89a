import { toBase64 } from '../../encoding/base64.ts'
import {
  extendDirectory,
  formatDirectoryChange,
  signDirectoryChange,
} from '../../sealing/directory.ts'
import type { DirectoryChange } from '../../sealing/directory-change.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

export interface KeysFor {
  readonly volunteer: string
  readonly sealed: Uint8Array
}

/** Two key holders may sign at once; whoever is later signs again on top. */
const TRIES = 4

/** Signs one change on top of the directory as this browser verified it, never of what the server calls its head. */
export async function signDirectory(
  desk: UnlockedDesk,
  change: DirectoryChange,
  keys: readonly KeysFor[] = [],
): Promise<void> {
  const { rootSeed } = desk.keyring
  if (rootSeed === null) throw new DeskClientError('not_allowed', 'no key holder')
  for (let tries = 1; ; tries++) {
    await refreshDirectory(desk)
    const day = dayOfChange(desk.directory, desk.today())
    const entry = signDirectoryChange(formatDirectoryChange(desk.directory, day, change), rootSeed)
    try {
      await desk.connection.post('directory', {
        entry,
        keys: keys.map(({ volunteer, sealed }) => ({ volunteer, sealed: toBase64(sealed) })),
      })
      desk.directory = extendDirectory(desk.directory, [entry])
      return
    } catch (error) {
      const moved = error instanceof DeskClientError && error.code === 'directory_moved'
      if (!moved || tries === TRIES) throw error
    }
  }
}

/** Follows the directory forward from what was verified; another history is refused. */
export async function refreshDirectory(desk: UnlockedDesk): Promise<void> {
  const { entries } = await desk.connection.get<{ readonly entries: readonly DirectoryEntry[] }>(
    'directory',
  )
  try {
    desk.directory = extendDirectory(desk.directory, entries.slice(desk.directory.size))
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('untrusted_directory', 'the directory does not verify', error)
  }
}

/** Days never go back in a directory, even where this clock is behind the last signer's. */
export function dayOfChange(directory: Directory, today: string): string {
  return today > directory.day ? today : directory.day
}
