import { ed25519 } from '@noble/curves/ed25519.js'
import { equalBytes } from '../encoding/bytes.ts'
import { applyBody } from './directory-apply.ts'
import { requireAuthority } from './directory-authority.ts'
import {
  type DirectoryBody,
  type DirectoryEntry,
  entryHash,
  parseDirectoryBody,
} from './directory-entry.ts'
import { type Directory, type DirectoryDraft, draftOf, emptyDirectory } from './directory-state.ts'
import { SealingError, type SealingErrorCode } from './error.ts'
import type { Ed25519Verify } from './parameters.ts'

export type { Directory } from './directory-state.ts'

export const DIRECTORY_ENTRIES_MAX = 100_000

/** A state of this directory that was seen before, kept where the database's owner cannot write. */
export type DirectoryPin = { readonly size: number; readonly head: string }

export type DirectoryTrust = { readonly verify?: Ed25519Verify; readonly pin?: DirectoryPin }

/** Strict Ed25519 (RFC 8032, no small-order keys), so that every verifier draws the same line. */
export const strictVerify: Ed25519Verify = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false })

/**
 * Proves that `entries`, rows of a database whose owner may be hostile, are the directory that this root began for this
 * register, from its first entry and without a gap, each signed by people who could then. A cut tail cannot be
 * seen from the chain alone: give the last `pin` known and an older or different history is refused.
 */
export function verifyDirectory(
  entries: readonly DirectoryEntry[],
  register: string,
  rootPublicKey: Uint8Array,
  trust: DirectoryTrust = {},
): Directory {
  if (entries.length === 0) throw new SealingError('entry_missing', 'an empty directory')
  return extendDirectory(emptyDirectory(register, rootPublicKey), entries, trust)
}

/** The same proof for entries that came after a directory already verified. */
export function extendDirectory(
  directory: Directory,
  entries: readonly DirectoryEntry[],
  trust: DirectoryTrust = {},
): Directory {
  const { directory: current, refused } = advance(directory, entries, trust)
  if (refused !== undefined) throw refused.error
  requireNotRolledBack(current, trust.pin)
  return current
}

/** How far rows verify, and the code of the first that does not. */
export type FollowedDirectory = {
  readonly directory: Directory
  readonly taken: number
  readonly refused: SealingErrorCode | undefined
}

/**
 * Takes the rows up to the first that does not verify: whoever owns the database can write rubbish behind the last
 * entry, and that must stop nobody. History is another matter: what the pin remembers has to be there.
 */
export function followEntries(
  directory: Directory,
  rows: readonly DirectoryEntry[],
  trust: DirectoryTrust = {},
): FollowedDirectory {
  const whole = advance(directory, rows, trust)
  if (whole.refused === undefined) {
    requireNotRolledBack(whole.directory, trust.pin)
    return { directory: whole.directory, taken: rows.length, refused: undefined }
  }
  const { at, error } = whole.refused
  if (error.code === 'forked') throw error
  const taken = advance(directory, rows.slice(0, at), trust).directory
  requireNotRolledBack(taken, trust.pin, error)
  return { directory: taken, taken: at, refused: error.code }
}

/** Goes on until an entry is refused; then what it returns is half-made and only `refused` counts. */
function advance(
  directory: Directory,
  entries: readonly DirectoryEntry[],
  { verify = strictVerify, pin }: DirectoryTrust,
): { directory: Directory; refused?: { readonly at: number; readonly error: SealingError } } {
  if (directory.size + entries.length > DIRECTORY_ENTRIES_MAX) {
    throw new SealingError('too_large', `more than ${DIRECTORY_ENTRIES_MAX} directory entries`)
  }
  const current = draftOf(directory)
  requirePin(current, pin)
  for (const [at, entry] of entries.entries()) {
    try {
      takeEntry(current, entry, entries, verify)
      requirePin(current, pin)
    } catch (error) {
      if (!(error instanceof SealingError)) throw error
      return { directory, refused: { at, error } }
    }
  }
  return { directory: current }
}

function takeEntry(
  current: DirectoryDraft,
  entry: DirectoryEntry,
  entries: readonly DirectoryEntry[],
  verify: Ed25519Verify,
): void {
  // 1. The body reads. 2. It is of this register, and next. 3. It names our root, if any.
  const body = parseDirectoryBody(entry.body)
  requirePlace(body, current, entries)
  if (body.change.change === 'root' && !equalBytes(body.change.root, current.root)) {
    throw new SealingError('wrong_root', 'the directory names another root than this one')
  }
  // 4. Whoever signed could. 5. It follows the entry we know.
  requireAuthority(entry, body, current, verify)
  if (body.previous !== current.head) {
    throw new SealingError('broken_link', `entry ${body.seq} follows another entry`)
  }
  // 6. and 7. The day does not go back and the change makes sense.
  applyBody(current, body, entryHash(entry))
}

function requirePlace(
  body: DirectoryBody,
  directory: Directory,
  entries: readonly DirectoryEntry[],
): void {
  if (body.register !== directory.register) {
    throw new SealingError('wrong_register', `entry ${body.seq} belongs to another register`)
  }
  if (body.seq < directory.size) throw new SealingError('entry_repeated', `entry ${body.seq}`)
  if (body.seq > directory.size) {
    const wanted = `\nseq ${directory.size}\n`
    const present = entries.some((entry) => entry.body.includes(wanted))
    throw new SealingError(present ? 'out_of_order' : 'entry_missing', `entry ${directory.size}`)
  }
}

function requirePin(directory: Directory, pin: DirectoryPin | undefined): void {
  if (pin !== undefined && directory.size === pin.size && directory.head !== pin.head) {
    throw new SealingError('forked', `another history than the one known at ${pin.size}`)
  }
}

function requireNotRolledBack(
  { size }: Directory,
  pin: DirectoryPin | undefined,
  cause?: SealingError,
): void {
  if (pin === undefined || size >= pin.size) return
  throw new SealingError('rolled_back', `${size} entries where ${pin.size} were known`, cause)
}
