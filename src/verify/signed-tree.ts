import type { TreeHash } from '../tlog/hash.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'

/** A log as served: where its files are, and the root a verified checkpoint promises for its size. */
export type SignedTree = {
  readonly folder: string
  readonly size: number
  readonly root: TreeHash
  /** The file that promises root and size. */
  readonly signedIn: string
  readonly maxEntryBytes: number
}

export function maxBundleBytes({ maxEntryBytes }: SignedTree): number {
  return TILE_WIDTH * (2 + maxEntryBytes)
}
