import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BackupError } from './backup-error.ts'

export const MANIFEST_FILE = 'backup.json'
export const SEALED_FILES = ['register.age', 'submissions.age'] as const
export type SealedFile = (typeof SEALED_FILES)[number]
export const PUBLIC_FOLDER = 'public'

const count = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const shape = z.strictObject({
  format: z.literal('avow/backup/v1'),
  register: z.string().min(1).max(200),
  day: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  pair: z.strictObject({ declarations: count, events: count }),
  /** SHA-256 of each sealed file. */
  files: z.strictObject({ 'register.age': hash, 'submissions.age': hash }),
  /** Rows of each table, by the file they are in. */
  rows: z.strictObject({
    'register.age': z.record(z.string(), count),
    'submissions.age': z.record(z.string(), count),
  }),
  /** Files of the public folder, and SHA-256 over `<sha256>  <path>` lines in the order of their paths. */
  public: z.strictObject({ files: count, sha256: hash }),
})

/** What a backup holds, in clear: counts and hashes, nothing that somebody wrote. */
export type BackupManifest = z.infer<typeof shape>

export async function readManifest(folder: string): Promise<BackupManifest> {
  const path = join(folder, MANIFEST_FILE)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BackupError('bad_backup', `${folder} holds no backup: no ${MANIFEST_FILE}`, { cause })
  })
  try {
    return shape.parse(JSON.parse(text))
  } catch (cause) {
    throw new BackupError('bad_backup', `${path} does not read`, { cause })
  }
}
