import { createHash } from 'node:crypto'
import { receiptSecrets } from '../../../declaration/receipt.ts'
import { encodeSubmission } from '../../../declaration/submission.ts'
import { fromBase64, toBase64 } from '../../../encoding/base64.ts'
import { canonicalJson } from '../../../encoding/canonical-json.ts'
import { fromHex, toHex } from '../../../encoding/hex.ts'
import type { RandomBytes } from '../../../sealing/parameters.ts'
import type { Envelope } from '../../envelope.ts'
import { type ReceiptKeys, receiptKeys } from '../../receipt-keys.ts'
import type { DraftSubmission } from './build-submission.ts'

/** Made when the check page is shown and carried in it: sending the same page twice is sending once. */
export interface Prepared {
  /** One receipt secret a person, base64, in the order of the persons. */
  readonly receipts: readonly string[]
  /** The keys of those receipts, ready for "Send"; left out for a large group, whose page would grow by 2 KB a person. */
  readonly keys: readonly ReceiptKeys[]
  readonly id: string
  readonly contentHash: string
  readonly replaces: string | null
}

const KEYS_CARRIED_MAX = 20

/**
 * The same content keeps its receipts. Edited content gets new ones and names the id it takes the place of:
 * under the old id it would be taken for a repetition and the edit would be lost.
 */
export function prepareSubmission(
  draft: DraftSubmission,
  before: Prepared | null,
  random: RandomBytes,
): Prepared {
  const contentHash = createHash('sha256').update(canonicalJson(draft)).digest('hex')
  if (before?.contentHash === contentHash) return before
  const receipts = draft.persons.map(() => random(16))
  const secrets = receipts.slice(0, KEYS_CARRIED_MAX).map(receiptSecrets)
  const carried = receipts.length <= KEYS_CARRIED_MAX
  return {
    receipts: receipts.map(toBase64),
    keys: carried ? secrets.map(receiptKeys) : [],
    // The first person's receipt gives the id, so that it repeats with the receipt and with nothing else.
    id: toHex(secrets[0]?.submissionId ?? new Uint8Array()),
    contentHash,
    replaces: before?.id ?? null,
  }
}

export function receiptOf({ receipts }: Prepared, person: number): Uint8Array {
  return fromBase64(receipts[person] ?? '')
}

/** The envelope of a draft and what was prepared for it. Pauses now and then: hundreds of receipts take a while. */
export async function sealableEnvelope(
  draft: DraftSubmission,
  prepared: Prepared,
  wantsReceipt: boolean,
): Promise<Pick<Envelope, 'plaintext' | 'id' | 'receipts'>> {
  const persons = []
  for (const [i, person] of draft.persons.entries()) {
    persons.push({ ...person, receipt: wantsReceipt ? keysOf(prepared, i) : null })
    if (i % 16 === 15) await new Promise(setImmediate)
  }
  const plaintext = encodeSubmission({ ...draft, replaces: prepared.replaces, persons })
  return {
    plaintext,
    // Declined and then wanted is sent anew: under one id the receipts would be shown and never stored.
    id: wantsReceipt ? fromHex(prepared.id) : declinedId(prepared),
    receipts: persons.flatMap(({ receipt }, person) =>
      receipt === null
        ? []
        : [{ lookupHash: fromHex(receipt.lookup), person, alone: persons.length === 1 }],
    ),
  }
}

function declinedId({ id }: Prepared): Uint8Array {
  return createHash('sha256').update(`declined\n${id}\n`).digest()
}

function keysOf(prepared: Prepared, person: number): ReceiptKeys {
  return prepared.keys[person] ?? receiptKeys(receiptSecrets(receiptOf(prepared, person)))
}
