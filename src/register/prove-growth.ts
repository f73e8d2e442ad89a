import { join } from 'node:path'
import type { Sha256, TreeHash } from '../tlog/hash.ts'
import { consistencyProof } from '../tlog/proof.ts'
import { type ReadTile, tilePath } from '../tlog/tile.ts'
import { findFile } from './durable-files.ts'
import { RegisterError } from './error.ts'
import type { Log } from './log.ts'

/**
 * Proofs that the tree of `size` continues an older one, for witnesses. Reads staged tiles before served ones: while the
 * witnesses are asked, the newest are in staging. Partial tiles of the newest size are never collected. Throws `missing_file`.
 */
export function proveGrowth(
  log: Pick<Log, 'staging' | 'served'>,
  size: number,
  sha256: Sha256,
): (oldSize: number) => Promise<TreeHash[]> {
  const readTile: ReadTile = async (level, index, width) => {
    const path = tilePath(level, index, width)
    const tile =
      (await findFile(join(log.staging, path))) ?? (await findFile(join(log.served, path)))
    if (tile !== undefined) return tile
    throw new RegisterError('missing_file', `${path} is not there`)
  }
  return (oldSize) => consistencyProof(oldSize, size, readTile, sha256)
}
