import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { openStreamWith } from '../../sealing/age-stream.ts'
import { BackupError } from './backup-error.ts'
import {
  type BackupManifest,
  PUBLIC_FOLDER,
  SEALED_FILES,
  type SealedFile,
} from './backup-manifest.ts'
import { hashFile, hashFolder } from './hash-files.ts'
import { loadTables } from './load-tables.ts'
import { listTables } from './table-groups.ts'

/** Throws `bad_backup` naming the part that is not what the manifest says. */
export async function requireWhole(folder: string, manifest: BackupManifest): Promise<void> {
  for (const file of SEALED_FILES) {
    const found = await hashFile(join(folder, file)).catch(() => undefined)
    if (found !== manifest.files[file]) {
      throw new BackupError(
        'bad_backup',
        `${file} is not the one that the backup was finished with`,
      )
    }
  }
  const found = await hashFolder(join(folder, PUBLIC_FOLDER)).catch(() => undefined)
  if (found?.sha256 !== manifest.public.sha256) {
    throw new BackupError(
      'bad_backup',
      'the public files are not those the backup was finished with',
    )
  }
}

/** All rows or none. Throws `not_empty` for a database that holds a register. */
export async function loadBackup(
  folder: string,
  manifest: BackupManifest,
  ownerUrl: string,
  identities: readonly string[],
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await requireEmpty(client)
    for (const file of SEALED_FILES) {
      const sealed = Readable.toWeb(
        createReadStream(join(folder, file)),
      ) as ReadableStream<Uint8Array>
      const loaded = await loadTables(client, await openStreamWith(identities, sealed))
      requireRows(file, loaded, manifest)
    }
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function requireEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(`
    SELECT EXISTS (SELECT 1 FROM avow.log_state) OR EXISTS (SELECT 1 FROM avow.directory_change)
      OR EXISTS (SELECT 1 FROM avow.envelope) AS found`)
  if (rows[0]?.found !== false) {
    throw new BackupError(
      'not_empty',
      'this database holds a register: restore into an empty data folder or an empty database',
    )
  }
}

function requireRows(
  file: SealedFile,
  loaded: ReadonlyMap<string, number>,
  { rows }: BackupManifest,
): void {
  for (const [table, count] of Object.entries(rows[file])) {
    if (loaded.get(table) === count) continue
    throw new BackupError('bad_backup', `${file} has not ${count} rows of ${table}`)
  }
}

/** After a refusal: the database is as empty as it was before. */
export async function unloadBackup(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const tables = await listTables(client)
    const names = tables
      .filter(({ name }) => name !== 'migration')
      .map(({ name }) => `avow."${name}"`)
    // The audit refuses to be emptied, by its owner too; what was just loaded is not yet anybody's audit.
    await client.query(`
      BEGIN;
      ALTER TABLE avow.audit DISABLE TRIGGER USER;
      TRUNCATE ${names.join(', ')};
      ALTER TABLE avow.audit ENABLE TRIGGER USER;
      COMMIT`)
  } finally {
    await client.end()
  }
}
