import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { prepareImport } from '../../importing/prepare-import.ts'
import { findManifest, type KeptManifest, keepManifest } from './manifest-file.ts'
import type { Archive } from './open-archive.ts'

/**
 * The manifest of just this file for this register: the one that stands at `path`, signatures and all, or a new one.
 * Hashing a file takes minutes where understanding it takes hours, so what was understood once is kept.
 */
export async function obtainManifest(
  path: string,
  archive: Archive,
  { name, formHash }: Pick<Config, 'name' | 'formHash'>,
): Promise<KeptManifest> {
  const known = await findManifest(path)
  if (known !== undefined) {
    const { register, form, file } = known.signed.manifest
    const isForUs = register === name && form === formHash
    if (isForUs && file === (await hashOf(archive.pieces()))) return known
  }
  return keepManifest(
    path,
    await prepareImport(archive.pieces(), archive.form, { register: name, formHash }),
  )
}

async function hashOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
