import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { ED25519, formatVerifierKey, type SigningKey, signingKey } from '../tlog/note-key.ts'
import { findFile, writeDurably } from './durable-files.ts'
import { RegisterError } from './error.ts'

export const LOG_IDS = ['declarations', 'events'] as const
export type LogId = (typeof LOG_IDS)[number]

export type LogKey = { readonly signer: SigningKey<typeof ED25519>; readonly verifierKey: string }
export type LogKeys = Readonly<Record<LogId, LogKey>>

const SEED_BYTES = 32

/** `<name>/log/<id>`: chosen once, never derived from the address people use. */
export function originOf(registerName: string, log: LogId): string {
  return `${registerName}/log/${log}`
}

/**
 * Loads the two log keys, or makes them at first start. They sign every checkpoint: losing them ends the logs,
 * so they belong in the operator's offline backup.
 */
export async function loadLogKeys(
  secretsFolder: string,
  registerName: string,
  random: (length: number) => Uint8Array,
): Promise<LogKeys> {
  return {
    declarations: await loadLogKey(secretsFolder, registerName, 'declarations', random),
    events: await loadLogKey(secretsFolder, registerName, 'events', random),
  }
}

/** Seals what waits between the transaction that assigns indices and publication. Losing it in that moment needs the volunteers again. */
export async function loadStagingKey(
  secretsFolder: string,
  random: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const path = join(secretsFolder, 'staging.key')
  const text = await loadOrMake(path, () => toBase64(random(SEED_BYTES)))
  return seedFromBase64(text, path)
}

async function loadLogKey(
  secretsFolder: string,
  registerName: string,
  log: LogId,
  random: (length: number) => Uint8Array,
): Promise<LogKey> {
  const name = originOf(registerName, log)
  const path = join(secretsFolder, `log-${log}.key`)
  const text = await loadOrMake(path, () => formatSecretKey(name, random(SEED_BYTES)))
  const signer = parseSecretKey(text, name, path)
  return { signer, verifierKey: formatVerifierKey(signer.key) }
}

/** The signed-note private key of Go's sumdb/note: `PRIVATE+KEY+<name>+<8 hex of the id>+<base64(type ‖ seed)>`. */
function formatSecretKey(name: string, seed: Uint8Array): string {
  const { id } = signingKey(name, ED25519, seed).key
  return `PRIVATE+KEY+${name}+${id}+${toBase64(concatBytes(Uint8Array.of(ED25519), seed))}`
}

function parseSecretKey(text: string, name: string, path: string): SigningKey<typeof ED25519> {
  const [, owner, id, material] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? []
  if (owner !== name) throw new RegisterError('bad_key_file', `${path} is not the key of ${name}`)
  const bytes = materialBytes(material ?? '', path)
  if (bytes[0] !== ED25519 || bytes.length !== 1 + SEED_BYTES) {
    throw new RegisterError('bad_key_file', `${path} holds no Ed25519 key`)
  }
  const signer = signingKey(name, ED25519, bytes.slice(1))
  if (signer.key.id !== id) throw new RegisterError('bad_key_file', `${path} is damaged`)
  return signer
}

function seedFromBase64(text: string, path: string): Uint8Array {
  const seed = materialBytes(text, path)
  if (seed.length !== SEED_BYTES) throw new RegisterError('bad_key_file', `${path} is damaged`)
  return seed
}

function materialBytes(base64: string, path: string): Uint8Array {
  try {
    return fromBase64(base64)
  } catch {
    // No cause: a message about the text could quote the key.
    throw new RegisterError('bad_key_file', `${path} is damaged`)
  }
}

async function loadOrMake(path: string, make: () => string): Promise<string> {
  const known = await findFile(path)
  if (known !== undefined) return fromUtf8(known).trim()
  const text = make()
  const folder = join(path, '..')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably([{ path, bytes: utf8(`${text}\n`) }], folder, 0o600)
  return text
}
