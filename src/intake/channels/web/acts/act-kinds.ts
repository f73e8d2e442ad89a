import { possibleActs, WISH_KINDS } from '../../../../declaration/possible-acts.ts'
import type { ReceiptState, ReceiptView } from '../../../receipt-state.ts'

/** What a receipt can do here. The wishes become entries of the log; the others leave no entry. */
export const ACT_KINDS = [
  ...WISH_KINDS,
  'withdraw-unpublished',
  'prove',
  'open-name',
  'keep',
  'forget',
] as const
export type ActKind = (typeof ACT_KINDS)[number]

const BEFORE_PUBLICATION: readonly ReceiptState[] = [
  'waiting',
  'taken',
  'proposed',
  'returned',
  'approved',
]

export function isActKind(text: string | null): text is ActKind {
  return ACT_KINDS.some((kind) => kind === text)
}

/** In the order of the page. Without the kept file nothing can be signed, only forgotten. */
export function offeredActs({ state, entry, kept }: ReceiptView): readonly ActKind[] {
  if (BEFORE_PUBLICATION.includes(state)) return ['withdraw-unpublished']
  if (entry === null) return []
  if (kept === null) return ['forget']
  const named: readonly ActKind[] =
    entry.leaf.name === undefined || entry.withdrawn ? ['prove'] : ['prove', 'open-name']
  return [...possibleActs(entry), ...named, 'keep', 'forget']
}
