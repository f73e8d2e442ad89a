import type { QueryExecutorProvider } from 'kysely'
import { strictVerify } from '../sealing/directory.ts'
import { requireApplicable } from '../sealing/directory-apply.ts'
import { requireProposal } from '../sealing/directory-authority.ts'
import type { DirectoryChange } from '../sealing/directory-change.ts'
import { type PendingChange, parsePending } from '../sealing/directory-signatures.ts'
import type { Directory, Volunteer } from '../sealing/directory-state.ts'
import { SealingError } from '../sealing/error.ts'
import { CentresError } from './error.ts'
import { type KeyToHand, storePendingChange } from './pending-change-store.ts'

/**
 * Keeps a change that one person signed until a second does. It is checked as far as it can be now, so that nobody is
 * asked to sign what the directory would refuse. Returns the change.
 */
export async function proposeChange(
  tx: QueryExecutorProvider,
  directory: Directory,
  proposal: {
    readonly by: Volunteer
    readonly id: Uint8Array
    readonly pending: PendingChange
    readonly keys: readonly KeyToHand[]
    readonly day: string
  },
): Promise<DirectoryChange> {
  const { by, id, pending, keys, day } = proposal
  const change = requireSensible(directory, pending, by, day)
  if (!(await storePendingChange(tx, id, pending, keys))) {
    throw new CentresError('change_refused', 'too many changes wait already')
  }
  return change
}

function requireSensible(
  directory: Directory,
  pending: PendingChange,
  by: Volunteer,
  day: string,
): DirectoryChange {
  try {
    const { change, proposed } = parsePending(pending)
    if (proposed.by !== by.id) throw new CentresError('change_refused', 'signed by somebody else')
    // A directory's days never go back, even where this clock is behind the last signer's.
    const onDay = [day, directory.day, proposed.day].toSorted().at(-1) ?? day
    requireProposal(directory, change, proposed, onDay, strictVerify)
    requireApplicable(directory, change, onDay)
    return change
  } catch (cause) {
    if (!(cause instanceof SealingError)) throw cause
    const code = cause.code === 'month_in_use' ? 'month_in_use' : 'change_refused'
    throw new CentresError(code, `the directory would not accept it: ${cause.code}`, cause)
  }
}
