import { useState } from 'preact/hooks'
import type { Desk } from '../client/desk-client.ts'
import { DeskClientError } from '../client/error.ts'
import type { Screen } from './app-context.ts'

/** What a volunteer goes through one after the other: cases that wait, or proposals of others. */
export type RunList = 'waiting' | 'to-decide'

/** Case after case without the list in between. */
export interface Run {
  readonly list: RunList
  /** Which case of this run is open, from 1. */
  readonly place: number
  /** How many stood in the list when this one was opened; the server counts no further than COUNT_MAX. */
  readonly left: number
}

/** Somebody was quicker so many times: the queue is shown rather than tried for ever. */
const TRIES_MAX = 25

export interface Runs {
  readonly run: Run | null
  readonly end: () => void
  /** The next case of the list, opened; undefined when nothing is left. A run starts with the first and goes on with the others. */
  readonly openNext: (list: RunList) => Promise<Screen | undefined>
}

export function useRun(desk: Desk): Runs {
  const [run, setRun] = useState<Run | null>(null)
  const openNext = async (list: RunList): Promise<Screen | undefined> => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const { counts, lists } = await desk.readQueue()
      const inHand = list === 'waiting' ? lists.mine.cases[0] : undefined
      const chosen = inHand ?? anyOf(lists[list].cases)
      if (chosen === undefined) break
      const screen = await openUnlessGone(desk, list, chosen.id)
      if (screen === undefined) continue
      const left = counts[list === 'waiting' ? 'waiting' : 'proposed'] ?? 0
      setRun((old) => ({ list, place: old?.list === list ? old.place + 1 : 1, left }))
      return screen
    }
    return undefined
  }
  return { run, end: () => setRun(null), openNext }
}

/** Not the first: two volunteers who go on at once should not want the same one. */
function anyOf<One>(cases: readonly One[]): One | undefined {
  const [draw = 0] = crypto.getRandomValues(new Uint32Array(1))
  return cases[draw % cases.length]
}

async function openUnlessGone(desk: Desk, list: RunList, id: string): Promise<Screen | undefined> {
  try {
    if (list === 'waiting') return { name: 'case', open: await desk.take(id) }
    return { name: 'review', review: await desk.openProposal(id) }
  } catch (error) {
    const isGone =
      error instanceof DeskClientError &&
      ['case_gone', 'case_not_proposed', 'empty_envelope'].includes(error.code)
    if (isGone) return undefined
    throw error
  }
}
