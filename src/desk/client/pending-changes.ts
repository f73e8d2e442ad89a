import { fromBase64 } from '../../encoding/base64.ts'
import { equalBytes } from '../../encoding/bytes.ts'
import { recipientOf } from '../../sealing/age.ts'
import { strictVerify } from '../../sealing/directory.ts'
import { requireApplicable } from '../../sealing/directory-apply.ts'
import { requireProposal } from '../../sealing/directory-authority.ts'
import type { DirectoryChange } from '../../sealing/directory-change.ts'
import { type PendingChange, parsePending } from '../../sealing/directory-signatures.ts'
import { SealingError } from '../../sealing/error.ts'
import { admissionCode } from './admission-code.ts'
import { DeskClientError } from './error.ts'
import { openHandedKeys } from './handed-keys.ts'
import { dayOfChange, signPendingChange } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** A change that waits for a second signature, as this browser judges it. */
export interface WaitingChange {
  readonly id: string
  readonly pending: PendingChange
  readonly change: DirectoryChange
  readonly proposedBy: string
  /** Of a volunteer's keys, roles and centre; null for other changes. */
  readonly code: string | null
  /** What the change makes of somebody the directory knows. */
  readonly kind: ChangeKind
  /** Why this browser would not sign it; null where it would. */
  readonly refusal: 'own' | 'refused' | null
}

export type ChangeKind =
  | 'admit'
  | 'renew'
  | 'restore'
  | 'edit'
  | 'suspend'
  | 'revoke'
  | 'centre-new'
  | 'centre-key'
  | 'close'
  | 'recovery'
  | 'log'

interface PendingRow extends PendingChange {
  readonly id: string
  readonly ownKey: string | null
}

export async function listPendingChanges(desk: UnlockedDesk): Promise<readonly WaitingChange[]> {
  const { pending } = await desk.connection.get<{ readonly pending: readonly PendingRow[] }>(
    'directory/pending',
  )
  const waiting: WaitingChange[] = []
  for (const row of pending) {
    const judged = await judge(desk, row)
    if (judged !== undefined) waiting.push(judged)
  }
  return waiting
}

/** Takes an own proposal back, or refuses somebody's. Their signature stays theirs for as long as proposals last. */
export async function discardChange(desk: UnlockedDesk, { id }: WaitingChange): Promise<void> {
  await desk.connection.post('directory/discard', { pending: id })
}

async function judge(desk: UnlockedDesk, row: PendingRow): Promise<WaitingChange | undefined> {
  const { id, ownKey, line, proposed: words } = row
  const pending = { line, proposed: words }
  try {
    const { change, proposed } = parsePending(pending)
    return {
      id,
      pending,
      change,
      proposedBy: proposed.by,
      code: codeOf(desk, change),
      kind: kindOf(desk, change),
      refusal: await refusalOf(desk, pending, ownKey),
    }
  } catch (error) {
    // A row that does not read was put there by no browser of ours; there is nothing to show of it.
    if (error instanceof SealingError) return undefined
    throw error
  }
}

async function refusalOf(
  desk: UnlockedDesk,
  pending: PendingChange,
  ownKey: string | null,
): Promise<WaitingChange['refusal']> {
  const { change, proposed } = parsePending(pending)
  if (proposed.by === desk.keyring.volunteer) return 'own'
  const day = dayOfChange(desk.directory, desk.today())
  try {
    requireProposal(desk.directory, change, proposed, day, strictVerify)
    requireApplicable(desk.directory, change, day)
    if (change.change === 'centre') await requireOwnKey(desk, change.recipient, ownKey)
    return null
  } catch (error) {
    if (error instanceof SealingError || error instanceof DeskClientError) return 'refused'
    throw error
  }
}

/** A centre's new key is signed for by somebody who has it: else one person alone could hold what all are to open. */
async function requireOwnKey(
  desk: UnlockedDesk,
  recipient: string,
  ownKey: string | null,
): Promise<void> {
  const opened =
    ownKey === null ? [] : await openHandedKeys(fromBase64(ownKey), desk.keyring.identity)
  for (const { identity } of opened ?? []) {
    if ((await recipientOf(identity)) === recipient) return
  }
  throw new DeskClientError('no_centre_key', 'the new key was not handed to us')
}

function codeOf({ keyring }: UnlockedDesk, change: DirectoryChange): string | null {
  if (change.change !== 'volunteer') return null
  const { id: volunteer, ...rest } = change
  return admissionCode({ register: keyring.register, volunteer, ...rest })
}

function kindOf({ directory }: UnlockedDesk, change: DirectoryChange): ChangeKind {
  switch (change.change) {
    case 'volunteer': {
      const suspended = directory.suspendedVolunteers.get(change.id)
      const known = directory.volunteers.get(change.id) ?? suspended
      if (known === undefined) return 'admit'
      const sameKeys =
        known.recipient === change.recipient && equalBytes(known.signingKey, change.signingKey)
      if (!sameKeys) return 'renew'
      return suspended === undefined ? 'edit' : 'restore'
    }
    case 'centre':
      return directory.centres.has(change.id) ? 'centre-key' : 'centre-new'
    case 'suspend':
    case 'revoke':
    case 'close':
    case 'recovery':
      return change.change
    case 'log':
    case 'root':
    case 'found':
      return 'log'
  }
}

/** Signs it as the second person, if it still deserves it: another may have changed the directory meanwhile. */
export async function approveChange(desk: UnlockedDesk, shown: WaitingChange): Promise<void> {
  const waiting = (await listPendingChanges(desk)).find(({ id }) => id === shown.id)
  if (waiting === undefined) throw new DeskClientError('change_gone', 'the change waits no longer')
  const { line, proposed } = shown.pending
  const same = waiting.pending.line === line && waiting.pending.proposed === proposed
  if (!same || waiting.refusal !== null) {
    throw new DeskClientError('untrusted_proposal', 'not what was shown, or nothing to sign')
  }
  await signPendingChange(desk, shown.id, shown.pending)
}
