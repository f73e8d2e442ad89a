import { verifyDraw } from '../declaration/audit.ts'
import { DeclarationError } from '../declaration/error.ts'
import { toHex } from '../encoding/hex.ts'
import { archiveFile } from './archive.ts'
import { VerifyError } from './error.ts'
import type { EventHistory } from './event-history.ts'
import { eventFile } from './replay-events.ts'
import type { Trust } from './trust.ts'
import { verifyNote } from './verify-note.ts'
import type { SignedPair } from './verify-pair.ts'

/**
 * Every audit drew what a later root of the declaration log says, and nothing else. Whether the approvals were shown is the
 * auditor's word: only auditors can open them.
 */
export async function verifyAudits(
  { declarations, events }: SignedPair,
  { audits, batches }: Pick<EventHistory, 'audits' | 'batches'>,
  trust: Trust,
): Promise<void> {
  for (const audit of audits) {
    const { checkpoint } = await verifyNote(
      archiveFile('declarations', audit.rootSize),
      declarations.origin,
      trust,
    )
    const range = batches.get(audit.batch)?.range ?? { first: 0, end: 0 }
    try {
      verifyDraw(audit, { range, root: toHex(checkpoint.root) }, trust.sha256)
    } catch (cause) {
      if (!(cause instanceof DeclarationError)) throw cause
      throw new VerifyError(
        'event_refused',
        eventFile(audit.position, events.size),
        `event ${audit.position} (audit): ${cause.message}`,
        { cause },
      )
    }
  }
}
