import { fromBase64, toBase64 } from '../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { openWith, recipientOf, sealTo } from '../../sealing/age.ts'
import { SealingError } from '../../sealing/error.ts'
import { sealKeyring } from '../../sealing/keyring.ts'
import type { CentreIdentity } from '../../sealing/keyring-codec.ts'
import { pad, unpad } from '../../sealing/padding.ts'
import type { KeyFor } from './sign-directory.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** A centre identity that a key holder sealed to this volunteer. */
export interface HandedKey {
  readonly id: string
  readonly sealed: string
}

/** Each identity is a file of its own, so that a month that closes takes its own with it. */
export async function sealHandedKeys(
  identities: readonly CentreIdentity[],
  { id, recipient }: { readonly id: string; readonly recipient: string },
): Promise<readonly KeyFor[]> {
  const keys: KeyFor[] = []
  for (const { centre, month, identity } of identities) {
    const list = [{ centre, month, identity }]
    const bytes = pad(utf8(canonicalJson({ format: 'avow/handed-keys/v1', list })))
    keys.push({ volunteer: id, centre, month, sealed: await sealTo([recipient], bytes) })
  }
  return keys
}

/**
 * Puts what was handed over into the keyring, takes out what this volunteer has to hold no longer, and stores that with
 * the newest state of the directory. Keys the directory never named are dropped: they open nothing. What does not
 * open is left where it is. A crash before the store leaves all as it was.
 */
export async function renewKeyring(
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
  const { centreIdentities, directory: known } = desk.keyring
  const held = new Set(centreIdentities.map(({ identity }) => identity))
  const added = fresh.filter(({ identity }) => !held.has(identity))
  const kept = [...centreIdentities, ...added].filter((one) => isStillOurs(desk, one))
  const unchanged = added.length === 0 && kept.length === centreIdentities.length
  if (taken.length === 0 && unchanged && known.size === desk.directory.size) return
  await storeKeyring(desk, { ...desk.keyring, centreIdentities: kept }, taken)
}

/** What was handed over since the desk was unlocked. */
export async function takeHandedKeys(desk: UnlockedDesk): Promise<void> {
  const { handed } = await desk.connection.get<{ readonly handed: readonly HandedKey[] }>('handed')
  await renewKeyring(desk, handed)
}

/** Closed months are destroyed, and nobody keeps the keys of a centre that is not theirs; key holders keep all centres'. */
export function isStillOurs(
  { directory, volunteer }: UnlockedDesk,
  { centre, month }: CentreIdentity,
) {
  const isKeeper = volunteer.roles.includes('key-holder')
  if (centre !== volunteer.centre && !isKeeper) return false
  const closedThrough = directory.centres.get(centre)?.closedThrough ?? '-'
  return closedThrough === '-' || month > closedThrough
}

export async function storeKeyring(
  desk: UnlockedDesk,
  keyring: UnlockedDesk['keyring'],
  taken: readonly string[],
): Promise<void> {
  const { size, head } = desk.directory
  const next = { ...keyring, directory: { size, head } }
  const sealed = await sealKeyring(next, desk.filePassphrase)
  await desk.connection.post('keyring', { keyring: toBase64(sealed), at: size, taken })
  desk.keyring = next
}

export async function openHandedKeys(
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
