import { appendLeafHashes, emptyEdge, type Tile, type TreeEdge } from '../../src/tlog/edge.ts'
import { leafHash, type TreeHash } from '../../src/tlog/hash.ts'
import type { ReadTile } from '../../src/tlog/tile.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { sha256 } from './naive-tree.ts'

export function exampleLeaves(count: number, from = 0): TreeHash[] {
  return Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${from + i}`), sha256))
}

/** Serves exactly the tiles it was given, by path, like a folder of files. */
export class MemoryTiles {
  readonly files = new Map<string, Uint8Array>()

  add(tiles: readonly Tile[]): void {
    for (const { level, index, width, bytes } of tiles) {
      this.files.set(tilePath(level, index, width), bytes)
    }
  }

  readonly readTile: ReadTile = async (level, index, width) => {
    const bytes =
      this.files.get(tilePath(level, index, width)) ?? this.files.get(tilePath(level, index))
    if (bytes === undefined) throw new Error(`no ${tilePath(level, index, width)}`)
    return bytes
  }
}

/** A tree grown in the given batches, with every tile that was ever written. */
export function growTree(batches: readonly number[]): {
  edge: TreeEdge
  root: TreeHash
  store: MemoryTiles
} {
  const store = new MemoryTiles()
  let grown = appendLeafHashes(emptyEdge(), [], sha256)
  for (const count of batches) {
    grown = appendLeafHashes(grown.edge, exampleLeaves(count, grown.edge.size), sha256)
    store.add(grown.tiles)
  }
  return { edge: grown.edge, root: grown.root, store }
}
