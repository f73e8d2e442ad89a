/** How a declaration reached the register, weakest first. The order is the order of `mayLower`. */
export const EVIDENCE = ['legacy', 'relayed', 'consented', 'self', 'in-person'] as const
export type Evidence = (typeof EVIDENCE)[number]

/** Who made the receipt: the declarant's own page, the server, another person; `-` for legacy imports. */
export const KEY_ORIGINS = ['own', 'served', 'handed', '-'] as const
export type KeyOrigin = (typeof KEY_ORIGINS)[number]

/**
 * Whether a reviewer may write `to` for a declaration that arrived as `from`: the same or weaker.
 * `legacy` says where an entry comes from, not how strong it is, so nothing is lowered to it.
 */
export function mayLower(from: Evidence, to: Evidence): boolean {
  if (from === to) return true
  return to !== 'legacy' && EVIDENCE.indexOf(to) < EVIDENCE.indexOf(from)
}

/** Only imports have no receipt, and an import never has one. */
export function keyFitsEvidence(evidence: Evidence, key: KeyOrigin): boolean {
  return (evidence === 'legacy') === (key === '-')
}
