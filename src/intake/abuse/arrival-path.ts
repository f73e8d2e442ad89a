/**
 * Where a request came in, as the operator configured the listener it came in on. Nothing that a stranger can write
 * into a request decides it.
 */
export const ARRIVAL_PATHS = ['plain', 'onion', 'station'] as const
export type ArrivalPath = (typeof ARRIVAL_PATHS)[number]

/** Submissions a minute, each path for itself; `work` is for pages that solved a puzzle, whatever path they came by. */
export type Budgets = Readonly<Record<ArrivalPath | 'work', number>>

/** The listener's path travels in the environment of a request, which only our own server fills. */
export function arrivalPathOf(environment: unknown): ArrivalPath {
  const named =
    typeof environment === 'object' && environment !== null && 'arrival' in environment
      ? environment.arrival
      : undefined
  return ARRIVAL_PATHS.find((path) => path === named) ?? 'plain'
}
