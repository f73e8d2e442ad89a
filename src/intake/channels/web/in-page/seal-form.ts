import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { lookupHash, receiptSecrets } from '../../../../declaration/receipt.ts'
import { encodeSubmission, type SubmittedPerson } from '../../../../declaration/submission.ts'
import { toBase64 } from '../../../../encoding/base64.ts'
import { utf8 } from '../../../../encoding/bytes.ts'
import { canonicalJson } from '../../../../encoding/canonical-json.ts'
import { fromHex, toHex } from '../../../../encoding/hex.ts'
import { hybridRecipientOfSeed } from '../../../../sealing/age-recipient.ts'
import { writeAgeFile } from '../../../../sealing/age-writer.ts'
import { pad } from '../../../../sealing/padding.ts'
import type { RandomBytes } from '../../../../sealing/parameters.ts'
import { encodeSealedSubmission } from '../../../../sealing/sealed-submission.ts'
import type { DraftSubmission } from '../build-submission.ts'

/** What leaves the device, and beside it the receipts, which do not. */
export interface SealedForm {
  readonly message: Uint8Array
  /** SHA-256 of the message in hex: its id at the service. */
  readonly id: string
  /** One for each person; empty when declined. */
  readonly receipts: readonly Uint8Array[]
  readonly contentHash: string
}

/**
 * Makes the receipts and seals the form to the centre. The same content gives `before` again, so that pressing twice sends
 * one message; other content names the message it takes the place of, which may have arrived.
 */
export async function sealForm(
  draft: DraftSubmission,
  wantsReceipt: boolean,
  before: SealedForm | null,
  {
    recipient,
    random,
    pause,
  }: {
    readonly recipient: string
    readonly random: RandomBytes
    /** Hundreds of receipts take a while on a telephone; the page stays alive meanwhile. */
    readonly pause: () => Promise<void>
  },
): Promise<SealedForm> {
  const contentHash = toHex(sha256(utf8(canonicalJson({ draft, wantsReceipt }))))
  if (before?.contentHash === contentHash) return before
  const receipts = wantsReceipt ? draft.persons.map(() => random(16)) : []
  const persons: SubmittedPerson[] = []
  for (const [i, person] of draft.persons.entries()) {
    const receipt = receipts[i]
    persons.push({ ...person, receipt: receipt === undefined ? null : publicKeys(receipt) })
    await pause()
  }
  const plaintext = encodeSubmission({ ...draft, replaces: before?.id ?? null, persons })
  const message = encodeSealedSubmission({
    language: draft.language,
    receipts: persons.flatMap(({ receipt }) => (receipt === null ? [] : [fromHex(receipt.lookup)])),
    file: writeAgeFile(recipient, pad(plaintext), random),
  })
  return { message, id: toHex(sha256(message)), receipts, contentHash }
}

/** What the service must know of a receipt: it stands inside the seal, and only the hash of the look-up id beside it. */
function publicKeys(receipt: Uint8Array): NonNullable<SubmittedPerson['receipt']> {
  const { lookupId, authorSeed, ageSeed } = receiptSecrets(receipt)
  return {
    lookup: lookupHash(lookupId, sha256),
    author: toBase64(ed25519.getPublicKey(authorSeed)),
    age: hybridRecipientOfSeed(ageSeed),
  }
}
