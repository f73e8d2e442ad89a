import { renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  findFileNow,
  makeFolders,
  type NamedBytes,
  syncFolders,
  writeDurably,
} from './durable-files.ts'
import { RegisterError } from './error.ts'

/** Writes immutable files below `staging`. What is there already must be the same bytes, or somebody else wrote here. */
export async function stageFiles(
  files: readonly NamedBytes[],
  staging: string,
  scratch: string,
): Promise<void> {
  const missing: NamedBytes[] = []
  for (const { path, bytes } of files) {
    const target = join(staging, path)
    const known = findFileNow(target)
    if (known === undefined) missing.push({ path: target, bytes })
    else requireSame(path, known, bytes)
  }
  await writeDurably(missing, scratch)
}

/**
 * Moves staged files below `served`. A file is in one of the two places at every moment, so a crash in the middle is
 * finished by doing it again.
 */
export async function serveStaged(
  files: readonly NamedBytes[],
  staging: string,
  served: string,
): Promise<void> {
  const folders = files.map(({ path }) => dirname(join(served, path)))
  await makeFolders(folders)
  for (const { path, bytes } of files) {
    const target = join(served, path)
    const known = findFileNow(target)
    if (known === undefined) {
      renameSync(join(staging, path), target)
      continue
    }
    requireSame(path, known, bytes)
    rmSync(join(staging, path), { force: true })
  }
  await syncFolders(folders)
}

function requireSame(path: string, found: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(found, expected) !== 0) {
    throw new RegisterError('file_differs', `${path} exists with other bytes`)
  }
}
