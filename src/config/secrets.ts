import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The secrets folder: database passwords, log keys, the staging key, and the pinned root key (public, but it must not be
 * a database row). Never inside the data folder, so that a stolen data disk does not carry it.
 */
export interface Secrets {
  readonly folder: string
  /** Reads a secret, or makes it once with `create`. Written whole or not at all, mode 600. */
  readonly obtain: (name: string, create: () => string) => Promise<string>
  readonly find: (name: string) => Promise<string | undefined>
  readonly store: (name: string, value: string) => Promise<void>
}

export async function openSecrets(folder: string): Promise<Secrets & { readonly made: boolean }> {
  const made = !existsSync(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const find = async (name: string) => {
    const path = join(folder, name)
    return existsSync(path) ? (await readFile(path, 'utf8')).trim() : undefined
  }
  const store = (name: string, value: string) => writeWhole(folder, name, `${value}\n`)
  const obtain = async (name: string, create: () => string) => {
    const known = await find(name)
    if (known !== undefined) return known
    const value = create()
    await store(name, value)
    return value
  }
  return { folder, made, find, store, obtain }
}

export function newPassword(): string {
  return randomBytes(32).toString('hex')
}

async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name)
  const fresh = `${path}.new`
  const file = await open(fresh, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
