import { toBase64 } from '../encoding/base64.ts'
import type { DirectoryChange, LogName, Role } from './directory-change.ts'
import type { DirectoryBody } from './directory-entry.ts'
import { SealingError } from './error.ts'

export type DirectoryCentre = { readonly month: string; readonly recipient: string }
export type Volunteer = {
  readonly id: string
  readonly roles: readonly Role[]
  readonly centre: string
  readonly recipient: string
  readonly signingKey: Uint8Array
}

/** What a verified chain says. `head` is the hash of its last entry, `size` their number. */
export type Directory = {
  readonly register: string
  readonly root: Uint8Array
  readonly logs: ReadonlyMap<LogName, string>
  readonly centres: ReadonlyMap<string, DirectoryCentre>
  readonly volunteers: ReadonlyMap<string, Volunteer>
  readonly formerVolunteers: ReadonlyMap<string, Volunteer & { readonly revokedAt: number }>
  /** Every key ever named, and whose it was: one person must not sign as two. */
  readonly keyOwners: ReadonlyMap<string, string>
  readonly size: number
  readonly head: string
  readonly day: string
}

/** A directory under construction, owned by the one call that verifies. */
export type DirectoryDraft = { -readonly [K in keyof Directory]: Draft<Directory[K]> }
type Draft<T> = T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T

export function emptyDirectory(register: string, root: Uint8Array): DirectoryDraft {
  return {
    register,
    root,
    logs: new Map(),
    centres: new Map(),
    volunteers: new Map(),
    formerVolunteers: new Map(),
    keyOwners: new Map([[toBase64(root), 'root']]),
    size: 0,
    head: '-',
    day: '',
  }
}

export function draftOf(directory: Directory): DirectoryDraft {
  return {
    ...directory,
    logs: new Map(directory.logs),
    centres: new Map(directory.centres),
    volunteers: new Map(directory.volunteers),
    formerVolunteers: new Map(directory.formerVolunteers),
    keyOwners: new Map(directory.keyOwners),
  }
}

/** The signature of `body` was checked; here a change that makes no sense after those before it is refused. */
export function applyBody(draft: DirectoryDraft, body: DirectoryBody, head: string): void {
  if (body.day < draft.day) {
    throw new SealingError('day_backwards', `entry ${body.seq} is dated before the one it follows`)
  }
  if ((body.change.change === 'root') !== (body.seq === 0)) {
    throw new SealingError('bad_entry', 'the root is named by the first entry and by no other')
  }
  applyChange(draft, body.change, body.seq)
  draft.size = body.seq + 1
  draft.head = head
  draft.day = body.day
}

function applyChange(draft: DirectoryDraft, change: DirectoryChange, seq: number): void {
  switch (change.change) {
    case 'root':
      return
    case 'log':
      draft.logs.set(change.log, change.verifierKey)
      return
    case 'centre':
      applyCentre(draft, change)
      return
    case 'volunteer':
      applyVolunteer(draft, change)
      return
    case 'revoke':
      applyRevocation(draft, change.id, seq)
      return
  }
}

function applyCentre(
  draft: DirectoryDraft,
  change: Extract<DirectoryChange, { change: 'centre' }>,
): void {
  const { id, month, recipient } = change
  const before = draft.centres.get(id)
  if (before !== undefined && month < before.month) {
    throw new SealingError('month_backwards', `centre ${id} returns to an older key`)
  }
  claimKey(draft, recipient, `centre ${id}`)
  draft.centres.set(id, { month, recipient })
}

function applyVolunteer(
  draft: DirectoryDraft,
  change: Extract<DirectoryChange, { change: 'volunteer' }>,
): void {
  const { id, roles, centre, recipient, signingKey } = change
  if (draft.formerVolunteers.has(id)) {
    throw new SealingError('volunteer_revoked', `volunteer ${id} was revoked`)
  }
  if (!draft.centres.has(centre)) throw new SealingError('unknown_centre', `centre ${centre}`)
  claimKey(draft, recipient, `volunteer ${id}`)
  claimKey(draft, toBase64(signingKey), `volunteer ${id}`)
  draft.volunteers.set(id, { id, roles, centre, recipient, signingKey })
}

function applyRevocation(draft: DirectoryDraft, id: string, seq: number): void {
  const volunteer = draft.volunteers.get(id)
  if (volunteer === undefined) throw new SealingError('unknown_volunteer', `volunteer ${id}`)
  draft.volunteers.delete(id)
  draft.formerVolunteers.set(id, { ...volunteer, revokedAt: seq })
}

function claimKey(draft: DirectoryDraft, key: string, owner: string): void {
  const before = draft.keyOwners.get(key) ?? owner
  if (before !== owner) throw new SealingError('key_reused', `a key of ${before} given to ${owner}`)
  draft.keyOwners.set(key, owner)
}
