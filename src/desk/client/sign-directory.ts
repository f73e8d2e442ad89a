import { toBase64 } from '../../encoding/base64.ts'
import { extendDirectory } from '../../sealing/directory.ts'
import type { DirectoryChange } from '../../sealing/directory-change.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import type { PendingChange } from '../../sealing/directory-signatures.ts'
import {
  type DirectorySigner,
  signAlone,
  signPending,
  signProposal,
} from '../../sealing/directory-signing.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** One centre identity, sealed to one volunteer. */
export interface KeyFor {
  readonly volunteer: string
  readonly centre: string
  readonly month: string
  readonly sealed: Uint8Array
}

/** Two may sign at once; whoever is later signs again on top. */
const TRIES = 4

/** The first of two signatures: the change waits at the server until somebody else signs it too. */
export async function proposeDirectoryChange(
  desk: UnlockedDesk,
  change: DirectoryChange,
  keys: readonly KeyFor[] = [],
): Promise<void> {
  const day = dayOfChange(desk.directory, desk.today())
  const { register } = desk.keyring
  const pending = signProposal(register, day, change, signerOf(desk), desk.random(16))
  await desk.connection.post('directory/propose', {
    ...pending,
    keys: keys.map((key) => ({ ...key, sealed: toBase64(key.sealed) })),
  })
}

/** What one key holder may do at once and alone. */
export function signDirectoryAlone(desk: UnlockedDesk, change: DirectoryChange): Promise<void> {
  return putOnTop(desk, undefined, (day) => signAlone(desk.directory, day, change, signerOf(desk)))
}

/** The second signature, under a proposal that `requireTrustedProposal` has looked at. */
export function signPendingChange(
  desk: UnlockedDesk,
  id: string,
  pending: PendingChange,
): Promise<void> {
  return putOnTop(desk, id, (day) => signPending(desk.directory, day, pending, signerOf(desk)))
}

/** Signs on top of the directory as this browser verified it, never of what the server calls its head. */
async function putOnTop(
  desk: UnlockedDesk,
  pending: string | undefined,
  sign: (day: string) => DirectoryEntry,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    await refreshDirectory(desk)
    const entry = sign(dayOfChange(desk.directory, desk.today()))
    try {
      await desk.connection.post('directory', {
        entry,
        ...(pending === undefined ? {} : { pending }),
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

function signerOf({ keyring }: UnlockedDesk): DirectorySigner {
  return { id: keyring.volunteer, seed: keyring.signingSeed }
}
