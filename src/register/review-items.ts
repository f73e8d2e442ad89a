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
  const opened = await openItems(db, items, day, trust)
  const candidates = await leaveOutWithdrawn(
    db,
    opened.map(({ candidate }) => candidate),
  )
  const fresh = await leaveOutPublished(db, candidates)
  const used = await findUsed(db, fresh)
  const reviewed: ReviewedItem[] = []
  for (const candidate of fresh) {
    try {
      requireUnused(candidate, used)
      reviewed.push(candidate)
    } catch (error) {
      const item = opened.find(({ candidate: { caseId } }) => caseId === candidate.caseId)?.item
      if (item === undefined) throw error
      await refuseItem(db, item, refusalCode(error), day)
    }
  }
  return reviewed
}

/** After a rebuild some of what waits may be public already. */
async function leaveOutPublished(
  db: RegisterDatabase,
  candidates: readonly ReviewedItem[],
): Promise<readonly ReviewedItem[]> {
  if (candidates.length === 0 || !(await hasRebuiltLeaves(db))) return candidates
  const fresh: ReviewedItem[] = []
  for (const candidate of candidates) {
    if ((await adoptPublished(db, candidate)) !== 'published') fresh.push(candidate)
  }
  return fresh
}

async function openItems(
  db: RegisterDatabase,
  items: readonly WaitingItem[],
  day: string,
  trust: ReviewTrust,
): Promise<{ readonly item: WaitingItem; readonly candidate: ReviewedItem }[]> {
  const opened: { item: WaitingItem; candidate: ReviewedItem }[] = []
  for (const item of items) {
    try {
      opened.push({ item, candidate: await openItem(item, trust) })
    } catch (error) {
      await refuseItem(db, item, refusalCode(error), day)
    }
  }
  return opened
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

type Used = { readonly receipts: Set<string>; readonly texts: Set<string> }

/** What of these items belongs to declarations already: asked once for all, since a way to the database costs more than a case. */
async function findUsed(db: RegisterDatabase, items: readonly ReviewedItem[]): Promise<Used> {
  const receipts = items.flatMap(receiptsOf).map(fromHex).map(toBuffer)
  const texts = items.flatMap((item) => item.texts.map(({ id }) => id))
  return {
    receipts: new Set(await findUsedReceipts(db, receipts)),
    texts: new Set(await findUsedTexts(db, texts)),
  }
}

/** A receipt belongs to one declaration and a text to one statement, for ever. */
function requireUnused(item: ReviewedItem, used: Used): void {
  const receipts = receiptsOf(item)
  if (receipts.some((receipt) => used.receipts.has(receipt))) {
    throw new RegisterError('bad_item', 'a receipt is used already')
  }
  if (item.texts.some(({ id }) => used.texts.has(id))) {
    throw new RegisterError('bad_item', 'a statement id is used already')
  }
  for (const receipt of receipts) used.receipts.add(receipt)
  for (const { id } of item.texts) used.texts.add(id)
}

function receiptsOf({ declarations }: ReviewedItem): string[] {
  return declarations.flatMap(({ kept }) => kept?.lookup ?? [])
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
