import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { prepareImport } from '../../importing/prepare-import.ts'
import { findManifest, type KeptManifest, keepManifest } from './manifest-file.ts'
import type { Archive } from './open-archive.ts'

/**
 * The manifest of just this file for this register: the one at `path` if somebody has signed it, or a new one. Before
 * that the archive is read anew each time, because its operator may have taught the register more of its words.
 */
export async function obtainManifest(
  path: string,
  archive: Archive,
  { name, formHash }: Pick<Config, 'name' | 'formHash'>,
): Promise<KeptManifest> {
  const known = await findManifest(path)
  if (known !== undefined && known.signed.signatures.length > 0) {
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
