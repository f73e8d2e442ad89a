import { sha256 } from '@noble/hashes/sha2.js'
import { parseSignedAct } from '../../../../declaration/signed-act.ts'
import { toBase64 } from '../../../../encoding/base64.ts'
import { toHex } from '../../../../encoding/hex.ts'
import { writeAgeFile } from '../../../../sealing/age-writer.ts'
import { pad } from '../../../../sealing/padding.ts'
import type { RandomBytes } from '../../../../sealing/parameters.ts'
import { IntakeError } from '../../../error.ts'
import type { ReceiptDoor } from '../acts/receipt-door.ts'
import { readDone, readView } from './door-answer.ts'
import type { DoorQuestion } from './door-question.ts'

/** As long as most acts are when padded. */
const NOTHING_BYTES = 2 * 1024
const TRIES = 3
const TRY_AGAIN_MS = 1500
const ANSWER_TIMEOUT_MS = 60_000

/** Nobody knows whether what was asked has arrived: asking again does the same as once. */
export class LostError extends Error {
  override readonly name = 'LostError'
}

/** The service behind one address; only the look-up id of a receipt goes there, and what is sealed. */
export function remoteDoor(options: {
  readonly url: string
  /** To whom acts are sealed, verified. */
  readonly recipient: string
  readonly random: RandomBytes
}): ReceiptDoor {
  const { url, recipient, random } = options
  const ask = (question: DoorQuestion) => post(url, JSON.stringify(question))
  return {
    view: async (lookupId) => readView(await ask({ kind: 'view', lookup: toHex(lookupId) })),
    prepare: async () => {},
    submit: async (message) => {
      const { lookup, when } = parseSignedAct(message)
      const sealed = toBase64(writeAgeFile(recipient, pad(message), random))
      const id = toHex(sha256(message))
      const act = { lookup: toHex(lookup), id, sealed, urgency: when }
      return readDone('act', await ask({ kind: 'act', ...act }))
    },
    submitNothing: async () => {
      const sealed = toBase64(writeAgeFile(recipient, random(NOTHING_BYTES), random))
      const nobody = { lookup: toHex(random(32)), id: toHex(random(32)) }
      await ask({ kind: 'act', ...nobody, sealed, urgency: 'batch' })
    },
    withdrawUnpublished: async (lookupId) =>
      readDone('withdraw', await ask({ kind: 'withdraw', lookup: toHex(lookupId) })),
    forgetReceipt: async (lookupId) =>
      readDone('forget', await ask({ kind: 'forget', lookup: toHex(lookupId) })),
  }
}

/** The same bytes again where an answer was lost: what was done is then said once more. */
async function post(url: string, body: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const answer = await postOnce(url, body)
    if (answer?.status === 200) return answer.text
    if (answer !== undefined) throw new IntakeError('not_stored', `refused with ${answer.status}`)
    if (tries === TRIES) throw new LostError('no answer')
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
  }
}

async function postOnce(
  url: string,
  body: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
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
    return { status: response.status, text: await response.text() }
  } catch {
    return undefined
  }
}
