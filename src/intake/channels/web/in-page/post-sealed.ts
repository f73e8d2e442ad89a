import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8 } from '../../../../encoding/bytes.ts'
import { solvePuzzle } from '../../../abuse/puzzle.ts'
import type { SealedForm } from './seal-form.ts'

const TRIES = 3
const TRY_AGAIN_MS = 2000
const ANSWER_TIMEOUT_MS = 60_000

/**
 * Posts the sealed message until it is taken. A try whose answer is lost is repeated with the same bytes, which are stored
 * once. `lost` means that nobody knows; the person may press again.
 */
export async function postSealed(
  { message, id }: SealedForm,
  url: string,
  onWait: () => void,
): Promise<'taken' | 'lost' | 'refused'> {
  let ticket = ''
  for (let tries = 1; tries <= TRIES; ) {
    const answer = await post(url, fromUtf8(message) + ticket)
    if (answer === undefined) {
      tries += 1
      if (tries <= TRIES) await sleep(TRY_AGAIN_MS)
    } else if (answer.taken === id) {
      return 'taken'
    } else if (answer.waitMs === undefined) {
      return answer.again ? 'lost' : 'refused'
    } else {
      onWait()
      ticket = await waitOrWork(answer.ticket ?? '', answer.workBits ?? 32, answer.waitMs)
    }
  }
  return 'lost'
}

interface Answer {
  readonly taken?: string
  readonly waitMs?: number
  readonly ticket?: string
  readonly workBits?: number
  /** Not stored this time, through no fault of the message. */
  readonly again: boolean
}

/** A simple request: no cookie, no header of ours, so that a partner's page needs no permission asked beforehand. */
async function post(url: string, body: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=utf-8' },
      body,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    const answer: unknown = await response.json()
    return { ...(typeof answer === 'object' ? answer : {}), again: response.status >= 500 }
  } catch {
    return undefined
  }
}

/** Solves the puzzle that the ticket sets, which ends the wait; where the wait ends first, the ticket alone is enough. */
async function waitOrWork(ticket: string, bits: number, waitMs: number): Promise<string> {
  const overAt = performance.now() + waitMs
  const slices = solvePuzzle(ticket, bits, sha256)
  while (performance.now() < overAt) {
    const { done, value } = slices.next()
    if (done) return `ticket ${ticket} ${value}\n`
    // The page stays alive between the slices.
    await sleep(0)
  }
  return `ticket ${ticket}\n`
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
