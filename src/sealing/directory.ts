import { ed25519 } from '@noble/curves/ed25519.js'
import { toBase64 } from '../encoding/base64.ts'
import { equalBytes, utf8 } from '../encoding/bytes.ts'
import type { DirectoryChange } from './directory-change.ts'
import {
  type DirectoryBody,
  type DirectoryEntry,
  entryHash,
  formatDirectoryBody,
  parseDirectoryBody,
  parseSignature,
} from './directory-entry.ts'
import { applyBody, type Directory, draftOf, emptyDirectory } from './directory-state.ts'
import { SealingError } from './error.ts'
import type { Ed25519Verify } from './parameters.ts'

export type { Directory } from './directory-state.ts'

export const DIRECTORY_ENTRIES_MAX = 100_000

/** A state of this directory that was seen before, kept where the database's owner cannot write. */
export type DirectoryPin = { readonly size: number; readonly head: string }

/** Strict Ed25519 (RFC 8032, no small-order keys), so that every verifier draws the same line. */
const nobleVerify: Ed25519Verify = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false })

/** The body of the entry that would follow `position`; `{ size: 0, head: '-' }` starts a directory. */
export function formatDirectoryChange(
  position: { readonly register: string; readonly size: number; readonly head: string },
  day: string,
  change: DirectoryChange,
): string {
  const { register, size: seq, head: previous } = position
  return formatDirectoryBody({ register, seq, previous, day, change })
}

/** Signs a body that the key holder's own `verifyDirectory` stands behind: the root vouches for the whole chain below. */
export function signDirectoryChange(body: string, rootSecret: Uint8Array): DirectoryEntry {
  parseDirectoryBody(body)
  return { body, signature: toBase64(ed25519.sign(utf8(body), rootSecret)) }
}

/**
 * Proves that `entries`, rows of a database whose owner may be hostile, are the directory that this root
 * signed for this register, from its first entry and without a gap. A cut tail cannot be seen from the
 * chain alone: give the last `pin` known and an older or different history is refused.
 */
export function verifyDirectory(
  entries: readonly DirectoryEntry[],
  register: string,
  rootPublicKey: Uint8Array,
  options: { readonly verify?: Ed25519Verify; readonly pin?: DirectoryPin } = {},
): Directory {
  if (entries.length === 0) throw new SealingError('entry_missing', 'an empty directory')
  const directory = emptyDirectory(register, rootPublicKey)
  return extendDirectory(directory, entries, options)
}

/** The same proof for entries that came after a directory already verified. */
export function extendDirectory(
  directory: Directory,
  entries: readonly DirectoryEntry[],
  options: { readonly verify?: Ed25519Verify; readonly pin?: DirectoryPin } = {},
): Directory {
  const { verify = nobleVerify, pin } = options
  if (directory.size + entries.length > DIRECTORY_ENTRIES_MAX) {
    throw new SealingError('too_large', `more than ${DIRECTORY_ENTRIES_MAX} directory entries`)
  }
  const current = draftOf(directory)
  requirePin(current, pin)
  for (const entry of entries) {
    const body = parseDirectoryBody(entry.body)
    requirePlace(body, current, entries)
    requireRootSignature(entry, body, current, verify)
    if (body.previous !== current.head) {
      throw new SealingError('broken_link', `entry ${body.seq} follows another entry`)
    }
    applyBody(current, body, entryHash(entry))
    requirePin(current, pin)
  }
  if (pin !== undefined && current.size < pin.size) {
    throw new SealingError('rolled_back', `${current.size} entries where ${pin.size} were known`)
  }
  return current
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

function requireRootSignature(
  entry: DirectoryEntry,
  body: DirectoryBody,
  directory: Directory,
  verify: Ed25519Verify,
): void {
  if (body.change.change === 'root' && !equalBytes(body.change.root, directory.root)) {
    throw new SealingError('wrong_root', 'the directory names another root than this one')
  }
  if (!verify(parseSignature(entry.signature), utf8(entry.body), directory.root)) {
    throw new SealingError('bad_signature', `entry ${body.seq} is not signed by the root`)
  }
}

function requirePin(directory: Directory, pin: DirectoryPin | undefined): void {
  if (pin !== undefined && directory.size === pin.size && directory.head !== pin.head) {
    throw new SealingError('forked', `another history than the one known at ${pin.size}`)
  }
}
