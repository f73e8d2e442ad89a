import { consistencyProof, verifyConsistency } from '../tlog/proof.ts'
import { type ReadTile, TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import type { LogName, TreeHead } from './latest.ts'
import { readRequired } from './read-file.ts'
import type { Trust } from './trust.ts'

/** The tree of `older` is the beginning of the one of `newer`. Throws `checkpoint_mismatch` blaming `file`. */
export async function verifyContinues(
  log: LogName,
  older: TreeHead,
  newer: TreeHead,
  file: string,
  trust: Pick<Trust, 'read' | 'sha256'>,
): Promise<void> {
  const { read, sha256 } = trust
  try {
    const proof = await consistencyProof(older.size, newer.size, tileReader(log, read), sha256)
    verifyConsistency(
      {
        oldSize: older.size,
        oldRoot: older.root,
        newSize: newer.size,
        newRoot: newer.root,
        proof,
      },
      sha256,
    )
  } catch (cause) {
    const message = `the tree of ${newer.size} entries does not continue the one of ${older.size}`
    throw new VerifyError('checkpoint_mismatch', file, message, { cause })
  }
}

/** A partial tile, or the full one that took its place: what a proof is made from, trusted by nobody. */
export function tileReader(log: LogName, read: Trust['read']): ReadTile {
  return async (level, index, width) => {
    const partial = await read(`log/${log}/${tilePath(level, index, width)}`, TILE_BYTES)
    if (partial !== undefined || width === TILE_WIDTH) return partial ?? new Uint8Array(0)
    return readRequired(read, `log/${log}/${tilePath(level, index)}`, TILE_BYTES)
  }
}
