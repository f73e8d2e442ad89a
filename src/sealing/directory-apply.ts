import { toBase64 } from '../encoding/base64.ts'
import type { DirectoryChange } from './directory-change.ts'
import type { DirectoryBody } from './directory-entry.ts'
import { lastDayOfUse, monthAfter } from './directory-months.ts'
import { type Directory, type DirectoryDraft, draftOf, keyHoldersOf } from './directory-state.ts'
import { SealingError } from './error.ts'

type Change<Kind> = Extract<DirectoryChange, { readonly change: Kind }>

/** Fewer could change nothing any more, not even who may change something. */
const KEY_HOLDERS_MIN = 2

/** Refuses a change that makes no sense as the next one, without anybody having signed it yet. */
export function requireApplicable(
  directory: Directory,
  change: DirectoryChange,
  day: string,
): void {
  const { register, size: seq, head: previous } = directory
  applyBody(draftOf(directory), { register, seq, previous, day, change }, previous)
}

/** The signatures of `body` were checked; here a change that makes no sense after those before it is refused. */
export function applyBody(draft: DirectoryDraft, body: DirectoryBody, head: string): void {
  if (body.day < draft.day) {
    throw new SealingError('day_backwards', `entry ${body.seq} is dated before the one it follows`)
  }
  if ((body.change.change === 'root') !== (body.seq === 0)) {
    throw new SealingError('bad_entry', 'the root is named by the first entry and by no other')
  }
  applyChange(draft, body.change, body)
  draft.size = body.seq + 1
  draft.head = head
  draft.day = body.day
}

function applyChange(
  draft: DirectoryDraft,
  change: DirectoryChange,
  body: Pick<DirectoryBody, 'seq' | 'day'>,
): void {
  const { seq, day } = body
  switch (change.change) {
    case 'root':
      return
    case 'log':
      draft.logs.set(change.log, change.verifierKey)
      return
    case 'centre':
      applyCentre(draft, change, day)
      return
    case 'found':
      applyFounders(draft, change, seq)
      return
    case 'volunteer':
      applyVolunteer(draft, change, seq)
      return
    case 'recovery':
      applyRecovery(draft, change, seq)
      return
    case 'suspend':
      applySuspension(draft, change.id, seq)
      return
    case 'revoke':
      applyRevocation(draft, change.id, seq)
      return
    case 'close':
      applyClosing(draft, change, body)
      return
  }
}

function applyCentre(
  draft: DirectoryDraft,
  { id, month, recipient }: Change<'centre'>,
  day: string,
): void {
  const before = draft.centres.get(id)
  if (before !== undefined && month < before.month) {
    throw new SealingError('month_backwards', `centre ${id} returns to an older key`)
  }
  // Further ahead, a key made today could not be replaced for as long.
  if (month > monthAfter(day.slice(0, 7))) {
    throw new SealingError('bad_entry', 'a key is made for this month or the next')
  }
  claimKey(draft, recipient, `centre ${id}`)
  const { keys = [], closedThrough = '-', closedAt = -1 } = before ?? {}
  if (closedThrough !== '-' && month <= closedThrough) {
    throw new SealingError('month_backwards', `month ${month} of centre ${id} is closed`)
  }
  const open = [...keys, { month, recipient, day }]
  draft.centres.set(id, { month, recipient, keys: open, closedThrough, closedAt })
}

/**
 * With this the root's own signature ends, or the recovery key's: what follows is signed by people. A founding key that
 * was left over from an earlier founding ends too.
 */
function applyFounders(draft: DirectoryDraft, { founders }: Change<'found'>, seq: number): void {
  for (const [i, key] of founders.entries()) claimKey(draft, toBase64(key), `founder ${seq} ${i}`)
  draft.founders = new Set(founders.map(toBase64))
  draft.recovery = undefined
}

/** Replaces what was split before: older shares are worth nothing from here on. */
function applyRecovery(
  draft: DirectoryDraft,
  { recipient, key }: Change<'recovery'>,
  seq: number,
): void {
  claimKey(draft, recipient, `recovery ${seq}`)
  claimKey(draft, toBase64(key), `recovery ${seq}`)
  draft.recovery = { recipient, key }
}

function applyVolunteer(
  draft: DirectoryDraft,
  { id, roles, centre, recipient, signingKey }: Change<'volunteer'>,
  seq: number,
): void {
  if (draft.formerVolunteers.has(id)) {
    throw new SealingError('volunteer_revoked', `volunteer ${id} was revoked`)
  }
  if (!draft.centres.has(centre)) throw new SealingError('unknown_centre', `centre ${centre}`)
  claimKey(draft, recipient, `volunteer ${id}`)
  claimKey(draft, toBase64(signingKey), `volunteer ${id}`)
  draft.suspendedVolunteers.delete(id)
  draft.volunteers.set(id, { id, roles, centre, recipient, signingKey, since: seq })
  requireKeyHolders(draft)
}

function applySuspension(draft: DirectoryDraft, id: string, seq: number): void {
  const volunteer = draft.volunteers.get(id)
  if (volunteer === undefined) throw new SealingError('unknown_volunteer', `volunteer ${id}`)
  draft.volunteers.delete(id)
  draft.suspendedVolunteers.set(id, { ...volunteer, since: seq })
  requireKeyHolders(draft)
}

function applyRevocation(draft: DirectoryDraft, id: string, seq: number): void {
  const volunteer = draft.volunteers.get(id) ?? draft.suspendedVolunteers.get(id)
  if (volunteer === undefined) throw new SealingError('unknown_volunteer', `volunteer ${id}`)
  draft.volunteers.delete(id)
  draft.suspendedVolunteers.delete(id)
  draft.formerVolunteers.set(id, { ...volunteer, revokedAt: seq })
  requireKeyHolders(draft)
}

/** Older months close with it: their backlog is older still. */
function applyClosing(
  draft: DirectoryDraft,
  change: Change<'close'>,
  { seq, day }: Pick<DirectoryBody, 'seq' | 'day'>,
): void {
  const centre = draft.centres.get(change.centre)
  if (centre === undefined) throw new SealingError('unknown_centre', `centre ${change.centre}`)
  if (!centre.keys.some(({ month }) => month === change.month)) {
    throw new SealingError('bad_entry', `centre ${change.centre} has no open month ${change.month}`)
  }
  const lastDay = lastDayOfUse(centre, change.month)
  if (lastDay === undefined || day <= lastDay) {
    throw new SealingError('month_in_use', `the key of ${change.month} may still be in use`)
  }
  const keys = centre.keys.filter(({ month }) => month > change.month)
  draft.centres.set(change.centre, { ...centre, keys, closedThrough: change.month, closedAt: seq })
}

function requireKeyHolders(draft: DirectoryDraft): void {
  if (draft.founders === undefined || draft.founders.size > 0) return
  if (keyHoldersOf(draft).length < KEY_HOLDERS_MIN) {
    throw new SealingError('too_few_key_holders', `fewer than ${KEY_HOLDERS_MIN} key holders`)
  }
}

function claimKey(draft: DirectoryDraft, key: string, owner: string): void {
  const before = draft.keyOwners.get(key) ?? owner
  if (before !== owner) throw new SealingError('key_reused', `a key of ${before} given to ${owner}`)
  draft.keyOwners.set(key, owner)
}
