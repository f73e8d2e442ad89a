import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { toHex } from '../../encoding/hex.ts'
import type { PreparedImport } from '../../importing/prepare-import.ts'
import type { Survey } from '../../importing/survey.ts'
import {
  encodeSignedManifest,
  manifestHash,
  parseSignedManifest,
  type SignedManifest,
} from '../../register/import-manifest.ts'
import { sha256 } from '../world.ts'

// Beside the archive stand two files that travel to the key holders: `<archive>.survey.json`, which people read, and
// `<archive>.manifest.json`, which they sign and which names the survey by its hash.

export const manifestPathOf = (archive: string) => `${archive}.manifest.json`
export const surveyPathOf = (manifest: string) =>
  manifest.replace(/(\.manifest)?\.json$/, '.survey.json')

/** Writes both files; signatures that were made for just this manifest stay. */
export async function keepManifest(
  path: string,
  { manifest, survey }: PreparedImport,
): Promise<SignedManifest> {
  const known = await findManifestFile(path)
  const isSame =
    known !== undefined && manifestHash(known.manifest, sha256) === manifestHash(manifest, sha256)
  const signed = { manifest, signatures: isSame ? known.signatures : [] }
  await writeWhole(surveyPathOf(path), utf8(canonicalJson(survey)))
  await writeManifestFile(path, signed)
  return signed
}

export async function writeManifestFile(path: string, signed: SignedManifest): Promise<void> {
  await writeWhole(path, encodeSignedManifest(signed))
}

export async function loadManifestFile(path: string): Promise<SignedManifest> {
  return parseSignedManifest(await readFile(path))
}

/** The survey that stands beside the manifest, with the hash of its bytes. */
export async function loadSurveyFile(
  manifestPath: string,
): Promise<{ readonly survey: Survey; readonly hash: string }> {
  const bytes = await readFile(surveyPathOf(manifestPath))
  const survey: Survey = JSON.parse(bytes.toString())
  return { survey, hash: toHex(sha256(bytes)) }
}

async function findManifestFile(path: string): Promise<SignedManifest | undefined> {
  try {
    return await loadManifestFile(path)
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
