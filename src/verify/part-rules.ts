import type { DigestIn } from './digest-text.ts'

/** The parts of a declaration that content may show, each on its own. */
export const PARTS = ['body', 'name', 'about'] as const
export type Part = (typeof PARTS)[number]

/**
 * What the leaf and the events after it say about one part. `may` is a part that an act took down or promised anew:
 * after `restore`, for one, the text returns only if someone supplies an opening.
 */
export type PartRule = {
  /** The newest commitment; null where there is none. */
  readonly commitment: DigestIn | null
  readonly visible: 'must' | 'may' | 'never'
}

export type PartRules = Readonly<Record<Part, PartRule>>

const NEVER = { commitment: null, visible: 'never' } as const

/** Of a declaration that is not in the log. */
export const NOTHING_SHOWN: PartRules = { body: NEVER, name: NEVER, about: NEVER }
