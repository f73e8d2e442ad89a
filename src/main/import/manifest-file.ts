import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { toHex } from '../../encoding/hex.ts'
import { ImportError } from '../../importing/error.ts'
import type { PreparedImport } from '../../importing/prepare-import.ts'
import type { Survey } from '../../importing/survey.ts'
import {
  encodeSignedManifest,
  parseSignedManifest,
  type SignedManifest,
} from '../../register/import-manifest.ts'
import { sha256 } from '../world.ts'

// Beside the archive stand two files that travel to the key holders: `<archive>.survey.json`, which people read, and
// `<archive>.manifest.json`, which they sign and which names the survey by its hash.

export const manifestPathOf = (archive: string) => `${archive}.manifest.json`
export const surveyPathOf = (manifest: string) =>
  manifest.replace(/(\.manifest)?\.json$/, '.survey.json')

/** A manifest with what is known of its archive in words. */
export interface KeptManifest {
  readonly signed: SignedManifest
  readonly survey: Survey
}

/** Writes both files of an archive that nobody has signed for yet. */
export async function keepManifest(
  path: string,
  { manifest, survey }: PreparedImport,
): Promise<KeptManifest> {
  const signed = { manifest, signatures: [] }
  await writeWhole(surveyPathOf(path), utf8(canonicalJson(survey)))
  await writeManifestFile(path, signed)
  return { signed, survey }
}

export async function writeManifestFile(path: string, signed: SignedManifest): Promise<void> {
  await writeWhole(path, encodeSignedManifest(signed))
}

/** Throws `survey_differs` when the survey is not the one the manifest names: nobody signs for what they did not read. */
export async function loadManifest(path: string): Promise<KeptManifest> {
  const signed = parseSignedManifest(await readFile(path))
  const bytes = await readFile(surveyPathOf(path))
  if (toHex(sha256(bytes)) !== signed.manifest.survey) {
    throw new ImportError('survey_differs', 'the survey is not the one the manifest was made with')
  }
  const survey: Survey = JSON.parse(bytes.toString())
  return { signed, survey }
}

export async function findManifest(path: string): Promise<KeptManifest | undefined> {
  try {
    return await loadManifest(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${path}.new`
  const file = await open(fresh, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
