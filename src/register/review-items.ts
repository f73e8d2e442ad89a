import { parseApprovedItem } from '../declaration/approved-item.ts'
import { DeclarationError } from '../declaration/error.ts'
import { fromHex } from '../encoding/hex.ts'
import { openWith } from '../sealing/age.ts'
import type { Directory } from '../sealing/directory-state.ts'
import { SealingError } from '../sealing/error.ts'
import { unpad } from '../sealing/padding.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import { adoptPublished, hasRebuiltLeaves } from './adopt-published.ts'
import { findUsedReceipts, refuseItem, type WaitingItem } from './approved-item-store.ts'
import { findUsedTexts } from './content-store.ts'
import { RegisterError } from './error.ts'
import type { FormIds } from './form-ids.ts'
import { leaveOutWithdrawn } from './receipt-fate.ts'
import { type ReviewedItem, reviewItem } from './reviewed-item.ts'
import type { RegisterDatabase } from './tables.ts'

export type ReviewTrust = {
  readonly register: string
  readonly formIds: FormIds
  readonly directory: Directory
  readonly identity: string
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly ed25519Verify?: Ed25519Verify
}

/**
 * Opens and verifies what waits. What does not verify is taken out of the way with its code, and its case goes back:
 * one bad item must hold up neither the others nor its own declarants for ever.
 */
export async function reviewItems(
  db: RegisterDatabase,
  items: readonly WaitingItem[],
  day: string,
  trust: ReviewTrust,
): Promise<ReviewedItem[]> {
  const seen = { receipts: new Set<string>(), texts: new Set<string>() }
  const reviewed: ReviewedItem[] = []
  const mayBePublic = items.length > 0 && (await hasRebuiltLeaves(db))
  for (const item of items) {
    try {
      const candidate = await leaveOutWithdrawn(db, await openItem(item, trust))
      if (mayBePublic && (await adoptPublished(db, candidate)) === 'published') continue
      await requireUnused(db, candidate, seen)
      reviewed.push(candidate)
    } catch (error) {
      await refuseItem(db, item, refusalCode(error), day)
    }
  }
  return reviewed
}

async function openItem(item: WaitingItem, trust: ReviewTrust): Promise<ReviewedItem> {
  const { directory, identity, ed25519Verify = nobleEd25519.verify } = trust
  const opened = parseApprovedItem(unpad(await openWith([identity], item.sealed)))
  if (opened.proposal.centre !== item.centre) {
    throw new DeclarationError('approval_refused', 'the item is filed under another centre')
  }
  return reviewItem(item.caseId, opened, {
    ...trust,
    ed25519Verify,
    findVolunteer: (id) => directory.volunteers.get(id),
  })
}

/** A receipt belongs to one declaration and a text to one statement, for ever. */
async function requireUnused(
  db: RegisterDatabase,
  { declarations, texts }: ReviewedItem,
  seen: { readonly receipts: Set<string>; readonly texts: Set<string> },
): Promise<void> {
  const receipts = declarations.flatMap(({ kept }) => kept?.lookup ?? [])
  const textIds = texts.map(({ id }) => id)
  const usedReceipts = await findUsedReceipts(db, receipts.map(fromHex).map(toBuffer))
  const usedTexts = await findUsedTexts(db, textIds)
  if (receipts.some((receipt) => usedReceipts.has(receipt) || seen.receipts.has(receipt))) {
    throw new RegisterError('bad_item', 'a receipt is used already')
  }
  if (textIds.some((id) => usedTexts.has(id) || seen.texts.has(id))) {
    throw new RegisterError('bad_item', 'a statement id is used already')
  }
  for (const receipt of receipts) seen.receipts.add(receipt)
  for (const id of textIds) seen.texts.add(id)
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes)
}

/** What an operator is told. Anything else is a fault of ours or of the database, and refuses nothing. */
export function refusalCode(error: unknown): string {
  if (error instanceof DeclarationError || error instanceof SealingError) return error.code
  const isItem = error instanceof RegisterError && ['bad_item', 'bad_import'].includes(error.code)
  if (isItem) return error.code
  throw error
}
