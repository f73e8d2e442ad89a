import { hash } from 'node:crypto'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import type { ImportManifest } from '../register/import-manifest.ts'
import { ImportError } from './error.ts'
import { type ArchiveForm, readArchive } from './read-archive.ts'
import type { Survey } from './survey.ts'

export type PreparedImport = { readonly manifest: ImportManifest; readonly survey: Survey }

/** Reads the whole archive once and writes down what key holders sign: the manifest, and the survey it names. */
export async function prepareImport(
  pieces: AsyncIterable<Uint8Array>,
  form: ArchiveForm,
  { register, formHash }: { readonly register: string; readonly formHash: string },
): Promise<PreparedImport> {
  const parts: string[] = []
  const { file, surveyor } = await readArchive(pieces, form, async (part) => {
    parts.push(hash('sha256', part))
  })
  const survey = surveyor.survey()
  const manifest: ImportManifest = {
    format: 'avow/import-manifest/v1',
    register,
    form: formHash,
    file,
    survey: surveyHash(survey),
    ...surveyor.counts,
    parts,
  }
  return { manifest, survey }
}

export function surveyHash(survey: Survey): string {
  return hash('sha256', utf8(canonicalJson(survey)))
}

/** Hands over the parts that the manifest names. Throws `file_changed` where the archive, or how it is read, is another now. */
export async function readManifestParts(
  pieces: AsyncIterable<Uint8Array>,
  form: ArchiveForm,
  manifest: ImportManifest,
  onPart: (part: Uint8Array, index: number) => Promise<void>,
): Promise<void> {
  let parts = 0
  await readArchive(pieces, form, async (part, index) => {
    if (hash('sha256', part) !== manifest.parts[index]) throw changed()
    parts++
    await onPart(part, index)
  })
  if (parts !== manifest.parts.length) throw changed()
}

function changed(): ImportError {
  return new ImportError(
    'file_changed',
    'the archive, or what the register knows of its words, is not what the manifest was made from; ' +
      'remove the manifest to make a new one',
  )
}
