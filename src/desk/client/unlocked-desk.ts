import type { FormDefinition } from '../../declaration/form-definition.ts'
import type { Directory, Volunteer } from '../../sealing/directory-state.ts'
import type { Keyring } from '../../sealing/keyring-codec.ts'
import type { Connection } from './connection.ts'

/**
 * What an unlocked tab holds, in memory only: a reload or a lock forgets it. `keyring` and `directory` are
 * replaced as keys are handed over and changes are signed; everything else stays for the session.
 */
export interface UnlockedDesk {
  readonly connection: Connection
  readonly filePassphrase: string
  readonly form: FormDefinition
  readonly formHash: string
  readonly sample: boolean
  readonly random: (length: number) => Uint8Array
  readonly today: () => string
  keyring: Keyring
  directory: Directory
  volunteer: Volunteer
}

/** The identities of the volunteer's own centre, newest month first. */
export function ownCentreIdentities({ keyring, volunteer }: UnlockedDesk): readonly string[] {
  return keyring.centreIdentities
    .filter(({ centre }) => centre === volunteer.centre)
    .toSorted((a, b) => (a.month < b.month ? 1 : -1))
    .map(({ identity }) => identity)
}
