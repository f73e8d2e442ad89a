import { TILE_WIDTH } from '../tlog/tile.ts'
import { type CompactRange, pushSubtree } from './compact-range.ts'
import { type Bundle, type Replay, replayTree } from './replay-tree.ts'
import type { SignedTree } from './signed-tree.ts'

/** A bundle, and the tree of everything before it. */
export type ReplayedBundle = { readonly bundle: Bundle; readonly before: CompactRange }

/** replayTree with what is needed to know the root at any size inside the bundle. */
export async function* replayLog(tree: SignedTree, replay: Replay): AsyncGenerator<ReplayedBundle> {
  let before: CompactRange = []
  for await (const bundle of replayTree(tree, replay)) {
    yield { bundle, before }
    if (bundle.root !== null) before = pushSubtree(before, bundle.root, TILE_WIDTH, replay.sha256)
  }
}
