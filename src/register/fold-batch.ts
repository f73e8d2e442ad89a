import {
  chooseVariants,
  type FoldLevel,
  type GroupCounts,
  groupKeys,
} from '../declaration/minimum-group.ts'
import type { ReadyDeclaration } from './reviewed-item.ts'

/** Every key whose count `foldBatch` will ask for. */
export function foldKeys(declarations: readonly ReadyDeclaration[]): string[] {
  return [...new Set(declarations.flatMap(({ ladder }) => groupKeys(ladder[0])))]
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
  const behind = new Map<string, Set<string>>()
  for (const [i, { statement, ladder }] of declarations.entries()) {
    for (const key of groupKeys(ladder[levels[i] ?? 3])) {
      const statements = behind.get(key)
      if (statements === undefined) behind.set(key, new Set([statement]))
      else statements.add(statement)
    }
  }
  return {
    levels,
    added: new Map([...behind].map(([key, statements]) => [key, statements.size])),
  }
}
