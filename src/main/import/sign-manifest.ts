import { fileURLToPath } from 'node:url'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { FormDefinition } from '../../declaration/form-definition.ts'
import type { UnlockedDesk } from '../../desk/client/unlocked-desk.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { ImportError } from '../../importing/error.ts'
import { prepareImport } from '../../importing/prepare-import.ts'
import { importMessage, manifestHash, type SignedManifest } from '../../register/import-manifest.ts'
import { sha256 } from '../world.ts'
import { openArchive } from './open-archive.ts'

/** Adds one key holder's signature. Signing twice changes nothing; a third has no place. */
export function signManifest(signed: SignedManifest, desk: UnlockedDesk): SignedManifest {
  const { keyring, volunteer, formHash } = desk
  const { manifest, signatures } = signed
  if (!volunteer.roles.includes('key-holder')) {
    throw new ImportError('cannot_sign', `${volunteer.id} is no key holder`)
  }
  if (manifest.register !== keyring.register || manifest.form !== formHash) {
    throw new ImportError('cannot_sign', 'the manifest is for another register or form definition')
  }
  const message = importMessage(manifestHash(manifest, sha256))
  const signature = toBase64(ed25519.sign(message, keyring.signingSeed))
  const others = signatures.filter(({ by }) => by !== volunteer.id)
  if (others.length >= 2) throw new ImportError('cannot_sign', 'two others have signed already')
  return { manifest, signatures: [...others, { by: volunteer.id, signature }] }
}

/** Reads the signer's own copy of the archive; throws `survey_differs` unless it makes exactly this manifest. */
export async function requireOwnReading(
  path: string,
  { manifest }: SignedManifest,
  form: FormDefinition,
): Promise<void> {
  const folder = fileURLToPath(new URL(`../../../registers/${form.id}`, import.meta.url))
  const archive = await openArchive(path, { register: { id: form.id, folder }, form })
  const own = await prepareImport(archive.pieces(), archive.form, {
    register: manifest.register,
    formHash: manifest.form,
  })
  if (manifestHash(own.manifest, sha256) !== manifestHash(manifest, sha256)) {
    throw new ImportError('survey_differs', 'your copy of the archive makes another manifest')
  }
}
