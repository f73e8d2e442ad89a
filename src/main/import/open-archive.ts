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

export async function openArchive(path: string, config: RegisterOfArchive): Promise<Archive> {
  return {
    pieces: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
    form: await openArchiveForm(config),
  }
}

type RegisterOfArchive = Pick<Config, 'register' | 'form'>

/** How a register reads archives: by its form definition and by what it knows of old words for organisations. */
export async function openArchiveForm({ register, form }: RegisterOfArchive): Promise<ArchiveForm> {
  const table = await readFile(join(register.folder, 'organisation-prose.json'), 'utf8')
  return {
    read: archiveReader(form),
    findOrganisations: organisationFinder(parseOrganisationProse(table, form)),
  }
}
