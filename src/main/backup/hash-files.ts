import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { BackupManifest } from './backup-manifest.ts'

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Every file below a folder, one hash over all. */
export async function hashFolder(folder: string): Promise<BackupManifest['public']> {
  const paths = await listPaths(folder)
  const list = createHash('sha256')
  for (const path of paths) {
    const hash = createHash('sha256')
      .update(await readFile(join(folder, path)))
      .digest('hex')
    list.update(`${hash}  ${path}\n`)
  }
  return { files: paths.length, sha256: list.digest('hex') }
}

export async function listPaths(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort()
}
