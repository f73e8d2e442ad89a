import { type ApprovedItem, encodeApprovedItem } from '../../declaration/approved-item.ts'
import { DeclarationError } from '../../declaration/error.ts'
import { openPublisherRecipient } from '../../declaration/publisher-recipient.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { sealTo } from '../../sealing/age.ts'
import { pad } from '../../sealing/padding.ts'
import type { ItemToReseal, PublisherRecipient } from '../reseal-items.ts'
import { DeskClientError } from './error.ts'
import { openBundle, type Review } from './review.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** Seals the twice-signed proposal to the publisher and records the decision. */
export async function approve(
  desk: UnlockedDesk,
  review: Extract<Review, { kind: 'publish' }>,
): Promise<void> {
  const recipient = await trustedRecipient(desk)
  await decide(desk, review, {
    kind: 'approve',
    hash: review.hash,
    signature: review.item.approvedSignature,
    sealedItem: await sealItem(review.item, recipient.recipient),
    recipientHash: recipient.hash,
  })
}

/** Gives the case back to its proposer, or to whoever takes it, for a reason of the desk's own list. */
export function giveBack(desk: UnlockedDesk, review: Review, code: string): Promise<void> {
  return decide(desk, review, { kind: 'return', hash: review.hash, code })
}

/** Ends the case without publication, for a reason of the form that the sender will read. */
export function reject(desk: UnlockedDesk, review: Review, code: string): Promise<void> {
  return decide(desk, review, { kind: 'reject', hash: review.hash, code })
}

/**
 * Approved items whose publisher key is gone are sealed again to the new one, with the approvals as they are.
 * Returns how many; what another browser did meanwhile is not an error.
 */
export async function resealItems(desk: UnlockedDesk): Promise<number> {
  const { items } = await desk.connection.get<{ readonly items: readonly ItemToReseal[] }>('reseal')
  if (items.length === 0) return 0
  const { recipient, hash } = await trustedRecipient(desk)
  let resealed = 0
  for (const item of items) {
    const { proposal } = await openBundle(desk, { sealed: item.sealedProposal })
    const { proposedBy, proposedSignature, approvedBy, approvedSignature } = item
    const approved = { proposal, proposedBy, proposedSignature, approvedBy, approvedSignature }
    const sealed = await sealItem(approved, recipient)
    try {
      await desk.connection.post(`case/${item.caseId}/reseal`, { sealed, recipientHash: hash })
      resealed++
    } catch (error) {
      if (!(error instanceof DeskClientError) || error.code !== 'case_gone') throw error
    }
  }
  return resealed
}

async function decide(desk: UnlockedDesk, review: Review, decision: object): Promise<void> {
  await desk.connection.post(`case/${review.summary.id}/decide`, decision)
}

async function sealItem(item: ApprovedItem, recipient: string): Promise<string> {
  return toBase64(await sealTo([recipient], pad(encodeApprovedItem(item))))
}

/** The recipient in a note signed by the declaration log, whose key the directory names. Anything else is refused. */
async function trustedRecipient(
  desk: UnlockedDesk,
): Promise<{ readonly recipient: string; readonly hash: string }> {
  const answer = await desk.connection.get<PublisherRecipient>('publisher-recipient')
  const verifierKey = desk.directory.logs.get('declarations')
  if (verifierKey === undefined) {
    throw new DeskClientError('untrusted_recipient', 'the directory names no declaration log')
  }
  try {
    const { register, recipient } = openPublisherRecipient(utf8(answer.note), verifierKey)
    if (register !== desk.keyring.register) {
      throw new DeskClientError('untrusted_recipient', 'the publisher of another register')
    }
    return { recipient, hash: answer.recipientHash }
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    throw new DeskClientError('untrusted_recipient', 'the publisher key is not signed', error)
  }
}
