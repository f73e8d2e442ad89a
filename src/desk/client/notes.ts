import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import type { SealedNote } from '../case-contents.ts'
import { openForCentre, sealForCentre } from './centre-seal.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** A few sentences; a note is for the next person, not a place to keep what was taken out. */
export const NOTE_MAX_LENGTH = 1000

/** What a colleague says about a case; null where no key of this volunteer opens it. */
export interface Note {
  readonly by: string
  readonly day: string
  readonly text: string | null
}

export async function addNote(desk: UnlockedDesk, caseId: string, text: string): Promise<void> {
  const sealed = await sealForCentre(desk, utf8(text.slice(0, NOTE_MAX_LENGTH)))
  await desk.connection.post(`case/${caseId}/note`, { sealed: toBase64(sealed) })
}

export function openNotes(
  desk: UnlockedDesk,
  notes: readonly SealedNote[],
): Promise<readonly Note[]> {
  return Promise.all(
    notes.map(async ({ by, day, sealed }) => ({ by, day, text: await openText(desk, sealed) })),
  )
}

/** One note that does not open must not keep the case from whoever holds it. */
async function openText(desk: UnlockedDesk, sealed: string): Promise<string | null> {
  try {
    return fromUtf8(await openForCentre(desk, fromBase64(sealed)))
  } catch (error) {
    if (error instanceof DeskClientError && error.code === 'cannot_open') return null
    throw error
  }
}
