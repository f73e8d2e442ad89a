import { createHash } from 'node:crypto'
import { receiptSecrets } from '../../../declaration/receipt.ts'
import { encodeSubmission } from '../../../declaration/submission.ts'
import { fromBase64, toBase64 } from '../../../encoding/base64.ts'
import { canonicalJson } from '../../../encoding/canonical-json.ts'
import { fromHex, toHex } from '../../../encoding/hex.ts'
import type { RandomBytes } from '../../../sealing/parameters.ts'
import type { Envelope } from '../../envelope.ts'
import { receiptKeys } from '../../receipt-keys.ts'
import type { DraftSubmission } from './build-submission.ts'

/** Made when the check page is shown and carried in it: sending the same page twice is sending once. */
export interface Prepared {
  /** One receipt secret a person, base64, in the order of the persons. */
  readonly receipts: readonly string[]
  readonly contentHash: string
  readonly replaces: string | null
}

/**
 * The same content keeps its receipts. Edited content gets new ones and names the id it takes the place of:
 * under the old id it would be taken for a repetition and the edit would be lost.
 */
export function prepareSubmission(
  draft: DraftSubmission,
  before: Prepared | null,
  random: RandomBytes,
): Prepared {
  const contentHash = hashContent(draft)
  if (before?.contentHash === contentHash) return before
  return {
    receipts: draft.persons.map(() => toBase64(random(16))),
    contentHash,
    replaces: before === null ? null : toHex(submissionId(before)),
  }
}

export function hashContent(draft: DraftSubmission): string {
  return createHash('sha256').update(canonicalJson(draft)).digest('hex')
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
    const receipt = wantsReceipt ? receiptKeys(receiptSecrets(receiptOf(prepared, i))) : null
    persons.push({ ...person, receipt })
    if (i % 16 === 15) await new Promise(setImmediate)
  }
  const plaintext = encodeSubmission({ ...draft, replaces: prepared.replaces, persons })
  return {
    plaintext,
    id: submissionId(prepared),
    receipts: persons.flatMap(({ receipt }, person) =>
      receipt === null ? [] : [{ lookupHash: fromHex(receipt.lookup), person }],
    ),
  }
}

function submissionId(prepared: Prepared): Uint8Array {
  return receiptSecrets(receiptOf(prepared, 0)).submissionId
}
