import { EVIDENCE, type Evidence, KEY_ORIGINS, type KeyOrigin } from '../declaration/evidence.ts'
import {
  byEvidence,
  byOrganisation,
  byState,
  type StateCounts,
  type Tally,
} from '../declaration/tally.ts'

/** Of the rules by which the figures follow from the log; it changes when one of them does. */
export const METHOD_VERSION = 1

export interface Counted {
  readonly id: string
  readonly count: number
}

interface CountedPart {
  readonly evidence: Evidence
  readonly key: KeyOrigin
  readonly confirmed: boolean
  readonly count: number
}

/** What pages show of a tally. Everything but `byOrganisation` partitions `total`. */
export interface Figures {
  readonly total: number
  readonly byEvidence: Readonly<Record<Evidence, number>>
  readonly byState: StateCounts
  /** Strongest evidence first. */
  readonly byPart: readonly CountedPart[]
  /** By the exact set of organisations, most frequent first. */
  readonly byCombination: readonly Counted[]
  /** Not additive. Most frequent first. */
  readonly byOrganisation: readonly Counted[]
  /** Newest first; `YYYY-MM` and `YYYY-MM-DD`. */
  readonly byMonth: readonly Counted[]
  readonly byDay: readonly Counted[]
  readonly byForm: readonly Counted[]
}

export function figuresOf(tally: Tally): Figures {
  const evidence = byEvidence(tally)
  const ofEvidence = (level: Evidence) => sumStates(evidence.get(level))
  const organisations = Array.from(byOrganisation(tally), ([id, states]) => ({
    id,
    count: sumStates(states),
  }))
  return {
    total: tally.declarations,
    byEvidence: {
      legacy: ofEvidence('legacy'),
      relayed: ofEvidence('relayed'),
      consented: ofEvidence('consented'),
      self: ofEvidence('self'),
      'in-person': ofEvidence('in-person'),
    },
    byState: byState(tally.parts),
    byPart: partsOf(tally),
    byCombination: group(tally, (part) => part.orgs).toSorted(mostFrequentFirst),
    byOrganisation: organisations.toSorted(mostFrequentFirst),
    byMonth: group(tally, (part) => part.day.slice(0, 7)).toSorted(latestFirst),
    byDay: group(tally, (part) => part.day).toSorted(latestFirst),
    byForm: group(tally, (part) => part.form).toSorted(mostFrequentFirst),
  }
}

function partsOf({ parts }: Tally): readonly CountedPart[] {
  return EVIDENCE.toReversed().flatMap((evidence) =>
    KEY_ORIGINS.flatMap((key) =>
      [true, false].flatMap((confirmed) => {
        const alike = parts.filter(
          (part) => part.evidence === evidence && part.key === key && part.confirmed === confirmed,
        )
        const count = alike.reduce((sum, part) => sum + part.count, 0)
        return count === 0 ? [] : [{ evidence, key, confirmed, count }]
      }),
    ),
  )
}

function group({ parts }: Tally, idOf: (part: Tally['parts'][number]) => string): Counted[] {
  const counts = new Map<string, number>()
  for (const part of parts) counts.set(idOf(part), (counts.get(idOf(part)) ?? 0) + part.count)
  return Array.from(counts, ([id, count]) => ({ id, count }))
}

function sumStates(states: StateCounts | undefined): number {
  return states === undefined ? 0 : Object.values(states).reduce((sum, count) => sum + count, 0)
}

function mostFrequentFirst(a: Counted, b: Counted): number {
  return b.count - a.count || (a.id < b.id ? -1 : 1)
}

function latestFirst(a: Counted, b: Counted): number {
  return a.id < b.id ? 1 : -1
}
