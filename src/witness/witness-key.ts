import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { COSIGNATURE_V1, type SigningKey, signingKey } from '../tlog/note-key.ts'
import { findFile, hasErrorCode, syncFolder, writeNewFile } from './durable-file.ts'
import { WitnessError } from './error.ts'

export type WitnessKey = SigningKey<typeof COSIGNATURE_V1>

const SEED_BYTES = 32
const OTHERS_BITS = 0o077

/** Where a witness keeps everything: its key and, per log, what it cosigned last. Neither is worth anything alone. */
export function keyPath(folder: string): string {
  return join(folder, 'witness.key')
}

export function logsPath(folder: string): string {
  return join(folder, 'logs')
}

/**
 * Loads the key, or makes folder and key if there is no folder. A folder without its key is refused, because a new key
 * beside old records, or the old key beside no records, is how a witness comes to contradict itself.
 */
export async function obtainWitnessKey(
  folder: string,
  name: string | undefined,
  random: (length: number) => Uint8Array,
): Promise<WitnessKey> {
  const known = await findFile(keyPath(folder))
  const key = known === undefined ? undefined : await parseKeyFile(keyPath(folder), known)
  if (key === undefined) return makeFolder(folder, name, random)
  if (name !== undefined && name !== key.key.name) {
    throw new WitnessError('other_name', `this witness is ${key.key.name} and cannot be ${name}`)
  }
  return key
}

async function makeFolder(
  folder: string,
  name: string | undefined,
  random: (length: number) => Uint8Array,
): Promise<WitnessKey> {
  if (name === undefined) throw new WitnessError('bad_name', 'a new witness needs a name')
  const seed = random(SEED_BYTES)
  const key = signingKey(name, COSIGNATURE_V1, seed)
  const target = resolve(folder)
  await mkdir(dirname(target), { recursive: true })
  // Whole or not at all: a crash before the rename leaves a folder under another name, and no witness.
  const draft = `${target}.new-${toHex(random(8))}`
  await mkdir(join(draft, 'logs'), { recursive: true, mode: 0o700 })
  try {
    await writeNewFile(keyPath(draft), utf8(`${formatSecretKey(key, seed)}\n`))
    await syncFolder(draft)
    await rename(draft, target)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true })
    if (!hasErrorCode(cause, 'ENOTEMPTY', 'EEXIST')) throw cause
    const message = `${folder} is there, but its witness.key is not`
    throw new WitnessError('no_folder_key', message, { cause })
  }
  await syncFolder(dirname(target))
  return key
}

/** As Go's sumdb/note writes secret keys, with the type of a cosignature: `PRIVATE+KEY+<name>+<id>+<base64(type ‖ seed)>`. */
function formatSecretKey({ key }: WitnessKey, seed: Uint8Array): string {
  return `PRIVATE+KEY+${key.name}+${key.id}+${toBase64(concatBytes(Uint8Array.of(key.type), seed))}`
}

async function parseKeyFile(path: string, bytes: Uint8Array): Promise<WitnessKey> {
  const { mode } = await stat(path)
  if ((mode & OTHERS_BITS) !== 0) {
    throw new WitnessError('open_key_file', `others may read ${path}: chmod 600 it`)
  }
  const [, name, id, material] =
    /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)\n$/.exec(decode(bytes)) ?? []
  const secret = name === undefined ? undefined : materialBytes(material ?? '')
  if (name === undefined || secret?.length !== 1 + SEED_BYTES || secret[0] !== COSIGNATURE_V1) {
    throw new WitnessError('bad_key_file', `${path} holds no key of a witness`)
  }
  const key = signingKey(name, COSIGNATURE_V1, secret.slice(1))
  if (key.key.id !== id) throw new WitnessError('bad_key_file', `${path} is damaged`)
  return key
}

// Without causes: a message about the text could quote the key.
function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    return ''
  }
}

function materialBytes(base64: string): Uint8Array | undefined {
  try {
    return fromBase64(base64)
  } catch {
    return undefined
  }
}
