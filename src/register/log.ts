import { join } from 'node:path'
import type { ED25519, SigningKey } from '../tlog/note-key.ts'
import { type LogId, type LogKeys, originOf } from './log-keys.ts'

/** One of the two logs: who signs it and where its files are. */
export type Log = {
  readonly id: LogId
  readonly origin: string
  readonly signer: SigningKey<typeof ED25519>
  /** Exactly what is served: checkpoint and tiles. */
  readonly served: string
  /** Every published note, by size. */
  readonly archive: string
  /** Files that nobody may see yet. */
  readonly staging: string
  /** Temporary names, on the file system of both. */
  readonly scratch: string
}

export type RegisterFolders = { readonly publicFolder: string; readonly stagingFolder: string }

export function openLog(
  id: LogId,
  registerName: string,
  keys: LogKeys,
  { publicFolder, stagingFolder }: RegisterFolders,
): Log {
  return {
    id,
    origin: originOf(registerName, id),
    signer: keys[id].signer,
    served: join(publicFolder, 'log', id),
    archive: join(publicFolder, 'log/checkpoints', id),
    staging: join(stagingFolder, id),
    scratch: join(stagingFolder, 'new'),
  }
}

export function checkpointPath(log: Log): string {
  return join(log.served, 'checkpoint')
}

export function archivePath(log: Log, size: number): string {
  return join(log.archive, String(size))
}
