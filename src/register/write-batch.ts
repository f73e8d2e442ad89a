import { encodeLeafIn, LEAF_MAX_BYTES, type Leaf } from '../declaration/leaf.ts'
import type { FoldLevel } from '../declaration/minimum-group.ts'
import { toBase64 } from '../encoding/base64.ts'
import type { BatchContent } from './batch-content.ts'
import { randomOrder } from './random-order.ts'
import type { ReadyDeclaration, ReviewedItem } from './reviewed-item.ts'

/** The declarations of a batch in the order of their indices, which says nothing about who belongs to whom. */
export type OrderedDeclaration = {
  readonly item: ReviewedItem
  readonly declaration: ReadyDeclaration
}

export type WrittenBatch = Pick<BatchContent, 'lines' | 'texts' | 'kept'> & {
  readonly leaves: readonly Leaf[]
  readonly entries: readonly Uint8Array[]
}

export function shuffleDeclarations(
  items: readonly ReviewedItem[],
  random: (length: number) => Uint8Array,
): OrderedDeclaration[] {
  const all = items.flatMap((item) =>
    item.declarations.map((declaration) => ({ item, declaration })),
  )
  return randomOrder(all, random)
}

/** Gives every declaration its index, day and fold level: the leaves, and what becomes visible with them. */
export function writeBatch(
  ordered: readonly OrderedDeclaration[],
  levels: readonly FoldLevel[],
  place: { readonly first: number; readonly day: string },
): WrittenBatch {
  const leaves: Leaf[] = []
  const entries: Uint8Array[] = []
  const lines: string[] = []
  const kept: { lookup: string; index: number; leaf: string; sealed: string }[] = []
  const members = new Map<string, number>()
  const allocate = inOneAllocation()
  for (const [i, { declaration }] of ordered.entries()) {
    const index = place.first + i
    const { leaf, line } = declaration.write({ index, day: place.day, level: levels[i] ?? 3 })
    const entry = encodeLeafIn(leaf, allocate)
    leaves.push(leaf)
    entries.push(entry)
    lines.push(line)
    if (declaration.kept !== null) {
      kept.push({ ...declaration.kept, index, leaf: toBase64(entry) })
    }
    const { textId } = declaration
    if (textId !== null) members.set(textId, (members.get(textId) ?? 0) + 1)
  }
  const items = new Set(ordered.map(({ item }) => item))
  const bodies = new Map(
    Array.from(items).flatMap(({ texts }) => texts.map(({ id, body }) => [id, body] as const)),
  )
  const texts = [...members].map(([id, count]) => ({
    id,
    body: bodies.get(id) ?? '',
    members: count,
  }))
  return { leaves, entries, lines, texts, kept }
}

const LEAVES_TOGETHER = 256

/** Room of one allocation for many leaves: each by itself costs the collector as much as writing it. */
function inOneAllocation(): (length: number) => Uint8Array {
  let room = new Uint8Array(0)
  return (length) => {
    if (room.length < length) room = new Uint8Array(LEAVES_TOGETHER * LEAF_MAX_BYTES)
    const taken = room.subarray(0, length)
    room = room.subarray(length)
    return taken
  }
}
