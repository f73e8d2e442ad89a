import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FIRST_CENTRE } from '../centres/bootstrap.ts'
import type { Config } from '../config/config.ts'
import { parseAliasWords } from '../declaration/alias.ts'
import { fromHex } from '../encoding/hex.ts'
import type { PageDataOptions } from '../intake/channels/web/in-page/make-page-data.ts'
import { type CentreProof, proveKeyOfDay } from '../sealing/centre-entry.ts'
import { verifyDirectory } from '../sealing/directory.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import { readRegisterTexts } from '../site/read-register-texts.ts'
import { MainError } from './error.ts'
import { clock } from './world.ts'

/** What every copy of the form carries: on the site's own pages, in a file to take along, on a partner's site. */
export async function formDataOf(
  config: Config,
  rootPublicKey: Uint8Array,
): Promise<PageDataOptions> {
  const { folder } = config.register
  return {
    form: config.form,
    formHash: config.formHash,
    texts: await readRegisterTexts(folder),
    aliasWords: parseAliasWords(await readFile(join(folder, 'alias.json'), 'utf8')),
    notBefore: config.notBefore,
    register: config.name,
    centre: FIRST_CENTRE,
    rootPublicKey,
  }
}

/** The pinned root and the centre's key as the served directory has it: enough for a command without a database. */
export async function readServedCentre(
  config: Config,
): Promise<{ readonly rootPublicKey: Uint8Array; readonly entry: CentreProof }> {
  const rootPublicKey = fromHex((await read(join(config.secretsFolder, 'root.pub'))).trim())
  const lines = (await read(join(config.publicFolder, 'log/directory'))).trim().split('\n')
  const entries = lines.map((line): DirectoryEntry => JSON.parse(line))
  const directory = verifyDirectory(entries, config.name, rootPublicKey)
  const today = clock().toISOString().slice(0, 10)
  const entry = proveKeyOfDay(directory, entries, FIRST_CENTRE, today)
  if (entry === undefined) {
    throw new MainError('no_centre_key', 'the directory names no key of the centre')
  }
  return { rootPublicKey, entry }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new MainError('not_started', `${path} is missing: start the service once`, { cause })
  }
}
