import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { archiveReader } from '../../importing/archive-statement.ts'
import { organisationFinder, parseOrganisationProse } from '../../importing/organisation-prose.ts'
import type { ArchiveForm } from '../../importing/read-archive.ts'

/** An archive as often as it must be read: once for the manifest, once for its parts. */
export interface Archive {
  readonly pieces: () => AsyncIterable<Uint8Array>
  readonly form: ArchiveForm
}

/** How this register reads an archive: by its form definition and by what it knows of old words for organisations. */
export async function openArchive(
  path: string,
  { register, form }: Pick<Config, 'register' | 'form'>,
): Promise<Archive> {
  const table = await readFile(join(register.folder, 'organisation-prose.json'), 'utf8')
  return {
    pieces: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
    form: {
      read: archiveReader(form),
      findOrganisations: organisationFinder(parseOrganisationProse(table, form)),
    },
  }
}
