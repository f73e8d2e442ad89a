import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { openWith, recipientOf, sealTo } from '../../sealing/age.ts'
import { SealingError } from '../../sealing/error.ts'
import { sealKeyring } from '../../sealing/keyring.ts'
import type { CentreIdentity } from '../../sealing/keyring-codec.ts'
import { pad, unpad } from '../../sealing/padding.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** A centre identity that a key holder sealed to this volunteer. */
export interface HandedKey {
  readonly id: string
  readonly sealed: string
}

/** The identities one volunteer needs, sealed to their own recipient. */
export function sealHandedKeys(
  identities: readonly CentreIdentity[],
  recipient: string,
): Promise<Uint8Array> {
  const list = identities.map(({ centre, month, identity }) => ({ centre, month, identity }))
  return sealTo([recipient], pad(utf8(canonicalJson({ format: 'avow/handed-keys/v1', list }))))
}

/**
 * Puts what was handed over into the keyring and stores that. Keys the directory never named are dropped: they
 * open nothing. What does not open is left where it is. A crash before the store leaves all as it was.
 */
export async function takeHandedKeys(
  desk: UnlockedDesk,
  handed: readonly HandedKey[],
): Promise<void> {
  const taken: string[] = []
  const fresh: CentreIdentity[] = []
  for (const { id, sealed } of handed) {
    const opened = await openHandedKeys(fromBase64(sealed), desk.keyring.identity)
    if (opened === undefined) continue
    taken.push(id)
    fresh.push(...(await knownToDirectory(desk, opened)))
  }
  if (taken.length === 0) return
  const held = new Set(desk.keyring.centreIdentities.map(({ identity }) => identity))
  const added = fresh.filter(({ identity }) => !held.has(identity))
  const centreIdentities = [...desk.keyring.centreIdentities, ...added]
  await storeKeyring(desk, { ...desk.keyring, centreIdentities }, taken)
}

export async function storeKeyring(
  desk: UnlockedDesk,
  keyring: UnlockedDesk['keyring'],
  taken: readonly string[],
): Promise<void> {
  const sealed = await sealKeyring(keyring, desk.filePassphrase)
  await desk.connection.post('keyring', { keyring: toBase64(sealed), taken })
  desk.keyring = keyring
}

async function openHandedKeys(
  sealed: Uint8Array,
  identity: string,
): Promise<readonly CentreIdentity[] | undefined> {
  try {
    return parseHandedKeys(unpad(await openWith([identity], sealed)))
  } catch (error) {
    if (error instanceof SealingError) return undefined
    throw error
  }
}

function parseHandedKeys(bytes: Uint8Array): readonly CentreIdentity[] {
  const value: unknown = JSON.parse(fromUtf8(bytes))
  if (typeof value !== 'object' || value === null || !('list' in value)) return []
  if (!Array.isArray(value.list)) return []
  return value.list.flatMap((item: unknown) => (isCentreIdentity(item) ? [item] : []))
}

function isCentreIdentity(item: unknown): item is CentreIdentity {
  if (typeof item !== 'object' || item === null) return false
  return ['centre', 'month', 'identity'].every(
    (key) => typeof (item as Readonly<Record<string, unknown>>)[key] === 'string',
  )
}

async function knownToDirectory(
  { directory }: UnlockedDesk,
  identities: readonly CentreIdentity[],
): Promise<readonly CentreIdentity[]> {
  const known: CentreIdentity[] = []
  for (const item of identities) {
    const owner = directory.keyOwners.get(await recipientOf(item.identity))
    if (owner === `centre ${item.centre}`) known.push(item)
  }
  return known
}
