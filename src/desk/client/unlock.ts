import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { formHash, parseFormDefinition } from '../../declaration/form-definition.ts'
import { fromBase64 } from '../../encoding/base64.ts'
import { equalBytes } from '../../encoding/bytes.ts'
import { recipientOf } from '../../sealing/age.ts'
import { verifyDirectory } from '../../sealing/directory.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import type { Directory, Volunteer } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { openKeyring, stretchPassphrase } from '../../sealing/keyring.ts'
import type { Keyring } from '../../sealing/keyring-codec.ts'
import type { Connection } from './connection.ts'
import { DeskClientError } from './error.ts'
import { type HandedKey, renewKeyring } from './handed-keys.ts'
import { renewRecoveryFile } from './recovery.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

export interface LoginAnswer {
  readonly keyring: string
  readonly entries: readonly DirectoryEntry[]
  readonly handed: readonly HandedKey[]
}

export interface UnlockOptions {
  readonly volunteer: string
  readonly passphrase: string
  readonly random: (length: number) => Uint8Array
  readonly today: () => string
}

/** Signs in with the seven words. Throws DeskClientError; after `untrusted_directory` nothing may be signed. */
export async function unlock(
  connection: Connection,
  { volunteer, passphrase, random, today }: UnlockOptions,
): Promise<UnlockedDesk> {
  const { loginProof, filePassphrase } = await stretchPassphrase(passphrase, volunteer)
  const answer = await connection.post<LoginAnswer>('login', { volunteer, loginProof })
  return openDesk(connection, answer, { volunteer, filePassphrase, random, today })
}

/**
 * Opens the keyring with a file passphrase, however it was come by, then trusts nothing the server says before the
 * directory verifies under the root key in that keyring and goes on from what this keyring knew of it.
 */
export async function openDesk(
  connection: Connection,
  answer: LoginAnswer,
  {
    volunteer,
    filePassphrase,
    random,
    today,
  }: Omit<UnlockOptions, 'passphrase'> & { readonly filePassphrase: string },
): Promise<UnlockedDesk> {
  const keyring = await openOwnKeyring(answer.keyring, filePassphrase, volunteer)
  const directory = trustDirectory(answer.entries, keyring)
  const register = await connection.get<{ readonly form: unknown; readonly sample: boolean }>(
    'register',
  )
  const form = parseFormDefinition(JSON.stringify(register.form))
  const desk: UnlockedDesk = {
    connection,
    filePassphrase,
    form,
    formHash: formHash(form, sha256),
    sample: register.sample,
    random,
    today,
    keyring,
    directory,
    volunteer: await requireOwnEntry(directory, keyring),
  }
  await renewKeyring(desk, answer.handed)
  await renewRecoveryFile(desk)
  return desk
}

async function openOwnKeyring(
  sealed: string,
  filePassphrase: string,
  volunteer: string,
): Promise<Keyring> {
  try {
    const keyring = await openKeyring(fromBase64(sealed), filePassphrase)
    if (keyring.volunteer !== volunteer) {
      throw new DeskClientError('untrusted_directory', 'the keyring of somebody else')
    }
    return keyring
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    throw new DeskClientError('cannot_open', 'the keyring does not open', error)
  }
}

function trustDirectory(entries: readonly DirectoryEntry[], keyring: Keyring): Directory {
  try {
    const pin = keyring.directory
    return verifyDirectory(entries, keyring.register, keyring.rootPublicKey, { pin })
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    if (error.code === 'rolled_back' || error.code === 'forked') {
      throw new DeskClientError('old_directory', 'not the directory we knew', error)
    }
    throw new DeskClientError('untrusted_directory', 'the directory does not verify', error)
  }
}

/** The directory must name our own keys: otherwise what we sign would be somebody else's to others. */
async function requireOwnEntry(directory: Directory, keyring: Keyring): Promise<Volunteer> {
  const entry = directory.volunteers.get(keyring.volunteer)
  if (
    entry === undefined ||
    entry.recipient !== (await recipientOf(keyring.identity)) ||
    !equalBytes(entry.signingKey, ed25519.getPublicKey(keyring.signingSeed))
  ) {
    throw new DeskClientError('untrusted_directory', 'the directory names other keys than ours')
  }
  return entry
}
