import {
  chooseVariants,
  type FoldLevel,
  type GroupCounts,
  groupKeys,
  statementsBehind,
} from '../declaration/minimum-group.ts'
import type { ReadyDeclaration } from './reviewed-item.ts'

/** Every key whose count `foldBatch` will ask for. */
export function foldKeys(declarations: readonly ReadyDeclaration[]): string[] {
  const abouts = new Set(declarations.map(({ ladder }) => ladder[0]))
  return [...new Set([...abouts].flatMap(groupKeys))]
}

/**
 * The fold level of each declaration, and how many statements it adds behind each key. An item is never split over
 * batches, so a statement counted here was not counted before.
 */
export function foldBatch(
  declarations: readonly ReadyDeclaration[],
  visible: GroupCounts,
  k: number,
): { readonly levels: readonly FoldLevel[]; readonly added: GroupCounts } {
  const candidates = declarations.map(({ statement, ladder, few }) => ({
    statement,
    about: ladder,
    few,
  }))
  const levels = chooseVariants(candidates, visible, k)
  const behind = statementsBehind(
    declarations.map(({ statement, ladder }, i) => ({ statement, about: ladder[levels[i] ?? 3] })),
  )
  return {
    levels,
    added: new Map([...behind].map(([key, statements]) => [key, statements.size])),
  }
}
