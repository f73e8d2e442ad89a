import { lookupHash } from '../declaration/receipt.ts'
import { parseSignedAct } from '../declaration/signed-act.ts'
import { fromHex } from '../encoding/hex.ts'
import { sealTo } from '../sealing/age.ts'
import { pad } from '../sealing/padding.ts'
import type { SealedAct, Submitted } from './act-store.ts'

export interface ReceiveActDependencies {
  /** To whom acts are sealed: only the publisher opens them. */
  readonly actRecipient: () => Promise<string>
  readonly submitAct: (act: SealedAct) => Promise<Submitted>
  readonly sha256: (bytes: Uint8Array) => Uint8Array
}

/**
 * Takes a signed act from any channel: bounds it, seals it, stores it. Answers only after the durable commit. Whether it
 * counts is the publisher's to judge; a stranger's act is `unknown`. Throws DeclarationError `bad_act`.
 */
export async function receiveSignedAct(
  bytes: Uint8Array,
  { actRecipient, submitAct, sha256 }: ReceiveActDependencies,
): Promise<Submitted> {
  const { lookup, when } = parseSignedAct(bytes)
  return submitAct({
    lookupHash: fromHex(lookupHash(lookup, sha256)),
    id: sha256(bytes),
    sealed: await sealTo([await actRecipient()], pad(bytes)),
    urgency: when,
  })
}
