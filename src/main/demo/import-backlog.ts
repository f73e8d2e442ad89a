import type { Config } from '../../config/config.ts'
import type { FormDefinition } from '../../declaration/form-definition.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { prepareImport } from '../../importing/prepare-import.ts'
import { openDatabase } from '../../postgres/database.ts'
import { loadLogKeys } from '../../register/log-keys.ts'
import type { RegisterTables } from '../../register/tables.ts'
import { feedPublisher } from '../import/feed-publisher.ts'
import { openArchiveForm } from '../import/open-archive.ts'
import { random } from '../world.ts'
import { sampleLine } from './sample-archive.ts'

/** With 13.6 persons each, these are 2,040 declarations. */
const STATEMENTS = 150

/** Imports the synthetic archive, unsigned, as only a sample register may. The next time it adds nothing. */
export async function importBacklog(config: Config, publisherUrl: string): Promise<void> {
  await using db = openDatabase<RegisterTables>(publisherUrl, { max: 2 })
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  const form = await openArchiveForm(config)
  const archive = { pieces: () => samplePieces(config.form), form }
  const { manifest } = await prepareImport(archive.pieces(), form, {
    register: config.name,
    formHash: config.formHash,
  })
  await feedPublisher(
    archive,
    { manifest, signatures: [] },
    { db, verifierKey: logKeys.declarations.verifierKey, onProgress: () => {} },
  )
}

async function* samplePieces(form: FormDefinition): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < STATEMENTS; number++) {
    yield utf8(`${sampleLine(number, { form, prose: [] })}\n`)
  }
}
