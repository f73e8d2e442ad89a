import { ed25519 } from '@noble/curves/ed25519.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { strictVerify } from './directory.ts'
import { requireProposal } from './directory-authority.ts'
import type { DirectoryChange } from './directory-change.ts'
import { type DirectoryEntry, formatDirectoryBody } from './directory-entry.ts'
import {
  formatPending,
  formatSignatures,
  type PendingChange,
  parsePending,
  proposalMessage,
} from './directory-signatures.ts'
import type { Directory } from './directory-state.ts'

/** Where the next entry goes; `{ size: 0, head: '-' }` starts a directory. */
export type DirectoryPosition = {
  readonly register: string
  readonly size: number
  readonly head: string
}
export type DirectorySigner = { readonly id: string; readonly seed: Uint8Array }

/** The body of the entry that would follow `position`. */
export function formatDirectoryChange(
  { register, size: seq, head: previous }: DirectoryPosition,
  day: string,
  change: DirectoryChange,
): string {
  return formatDirectoryBody({ register, seq, previous, day, change })
}

/** Signs an entry of a founding: with the root's seed or the recovery key's, or with a founding key's for the one volunteer it may enter. */
export function signFounding(
  kind: 'root' | 'founder' | 'recovery',
  position: DirectoryPosition,
  day: string,
  change: DirectoryChange,
  seed: Uint8Array,
): DirectoryEntry {
  const body = formatDirectoryChange(position, day, change)
  return { body, signatures: formatSignatures({ kind, signature: ed25519.sign(utf8(body), seed) }) }
}

/** What one key holder may do alone. Sign only on top of a directory that your own software verified. */
export function signAlone(
  directory: DirectoryPosition,
  day: string,
  change: DirectoryChange,
  { id, seed }: DirectorySigner,
): DirectoryEntry {
  const body = formatDirectoryChange(directory, day, change)
  const signature = ed25519.sign(utf8(body), seed)
  return { body, signatures: formatSignatures({ kind: 'one', by: id, signature }) }
}

/** The first of two signatures. `nonce` is 16 random bytes: two proposals of one change are two. */
export function signProposal(
  register: string,
  day: string,
  change: DirectoryChange,
  { id, seed }: DirectorySigner,
  nonce: Uint8Array,
): PendingChange {
  const named = { register, nonce: toHex(nonce), day, change }
  const signature = ed25519.sign(proposalMessage(named), seed)
  return formatPending(change, { by: id, nonce: named.nonce, day, signature })
}

/** The second: checks whose word the proposal is and puts it on top of the directory its signer verified. */
export function signPending(
  directory: Directory,
  day: string,
  pending: PendingChange,
  { id, seed }: DirectorySigner,
): DirectoryEntry {
  const { change, proposed } = parsePending(pending)
  requireProposal(directory, change, proposed, day, strictVerify)
  const body = formatDirectoryChange(directory, day, change)
  const signature = ed25519.sign(utf8(body), seed)
  return { body, signatures: formatSignatures({ kind: 'two', proposed, by: id, signature }) }
}
