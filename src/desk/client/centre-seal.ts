import { openWith, sealTo } from '../../sealing/age.ts'
import { SealingError } from '../../sealing/error.ts'
import { pad, unpad } from '../../sealing/padding.ts'
import { DeskClientError } from './error.ts'
import { ownCentreIdentities, type UnlockedDesk } from './unlocked-desk.ts'

/** Seals what this volunteer wrote so that only the own centre reads it: drafts and proposals. */
export function sealForCentre(desk: UnlockedDesk, bytes: Uint8Array): Promise<Uint8Array> {
  const recipient = desk.directory.centres.get(desk.volunteer.centre)?.recipient
  if (recipient === undefined) throw new DeskClientError('no_centre_key', 'the centre has no key')
  return sealTo([recipient], pad(bytes))
}

export async function openForCentre(desk: UnlockedDesk, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    return unpad(await openWith(ownCentreIdentities(desk), sealed))
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('cannot_open', 'no key of this centre opens it', error)
  }
}
