import { EVENT_MAX_BYTES } from '../declaration/event.ts'
import { LEAF_MAX_BYTES } from '../declaration/leaf.ts'
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

type Head = { readonly size: number; readonly root: TreeHash; readonly file: string }

export function declarationTree<Of extends Head>(head: Of): Of & SignedTree {
  const folder = 'log/declarations'
  return { ...head, folder, signedIn: head.file, maxEntryBytes: LEAF_MAX_BYTES }
}

export function eventTree<Of extends Head>(head: Of): Of & SignedTree {
  return { ...head, folder: 'log/events', signedIn: head.file, maxEntryBytes: EVENT_MAX_BYTES }
}

export function maxBundleBytes({ maxEntryBytes }: SignedTree): number {
  return TILE_WIDTH * (2 + maxEntryBytes)
}
