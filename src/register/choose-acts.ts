import type { AliasWords } from '../declaration/alias.ts'
import type { ActTiming } from '../declaration/form-definition.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import type { LeafState } from '../declaration/leaf-state.ts'
import { parseSignedAct, type SignedAct } from '../declaration/signed-act.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { openWith } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import {
  countWaitingActs,
  dateAct,
  findHeldReceipt,
  listActs,
  listUndatedActs,
  type PendingAct,
  refuseAct,
} from './act-store.ts'
import { RegisterError } from './error.ts'
import { isAnnounced } from './event-queue.ts'
import type { FormIds } from './form-ids.ts'
import { loadState, type StateSources } from './leaf-state-store.ts'
import { randomOrder } from './random-order.ts'
import { type ActReview, type ReviewedAct, reviewAct } from './review-act.ts'
import { refusalCode } from './review-items.ts'
import type { RegisterDatabase } from './tables.ts'

export type ChoosingActsDeps = {
  readonly db: RegisterDatabase
  readonly acts: ActTiming
  readonly identity: string
  readonly formIds: FormIds
  readonly aliasWords: AliasWords | undefined
  readonly trust: ActReview['trust']
  readonly sources: StateSources
  readonly today: string
  readonly random: (length: number) => Uint8Array
}

export type ChosenAct = ReviewedAct & {
  readonly pending: PendingAct
  readonly act: SignedAct
  readonly isForgotten: boolean
}
export type ChosenActs = {
  readonly acts: readonly ChosenAct[]
  /** The batch of the day: there is no other before tomorrow. */
  readonly isOfTheDay: boolean
}

/** Below what one publication takes of events, each receipt having eight acts at most. */
const RECEIPTS_AT_ONCE = 100
const UNDATED_AT_ONCE = 500
export const DAILY_ACTS = 'acts'

/** Acts that go now: those in a hurry by themselves, or the batch of the day. */
export async function chooseActs(deps: ChoosingActsDeps): Promise<ChosenActs | undefined> {
  await dateActs(deps)
  const urgent = await listActs(deps.db, { which: 'now', maxReceipts: RECEIPTS_AT_ONCE })
  if (urgent.length > 0) return { acts: await reviewActs(urgent, deps), isOfTheDay: false }
  if (!(await isBatchDue(deps))) return undefined
  const waiting = await listActs(deps.db, { which: 'all', maxReceipts: RECEIPTS_AT_ONCE })
  const receipts = new Set(waiting.map(({ lookupHash }) => toHex(lookupHash)))
  const isLast = receipts.size < RECEIPTS_AT_ONCE
  return {
    acts: await reviewActs(waiting, deps),
    isOfTheDay: isLast && deps.acts.maxDays > 0,
  }
}

/** Enough acts to be lost among, or one that has waited long enough; and not twice on a day. */
async function isBatchDue({ db, acts, today }: ChoosingActsDeps): Promise<boolean> {
  const { receipts, overdue } = await countWaitingActs(db, today)
  if (receipts === 0 || (!overdue && receipts < acts.minActs)) return false
  return !(await isAnnounced(db, DAILY_ACTS, today))
}

/** Counted in days: finer times would say when somebody acted. */
async function dateActs(deps: ChoosingActsDeps): Promise<void> {
  const { db, acts, today } = deps
  for (const pending of await listUndatedActs(db, UNDATED_AT_ONCE)) {
    const act = await openOrRefuse(pending, deps)
    if (act === undefined) continue
    const days = takesDown(act) ? Math.ceil(acts.withdrawHours / 24) : acts.maxDays
    await dateAct(db, pending.id, addDays(today, days))
  }
}

function takesDown({ event }: SignedAct): boolean {
  return event.type === 'withdraw' || event.type === 'redact'
}

/** Each receipt's acts one after the other, the receipts in random order. */
async function reviewActs(
  waiting: readonly PendingAct[],
  deps: ChoosingActsDeps,
): Promise<readonly ChosenAct[]> {
  const byReceipt = Map.groupBy(waiting, ({ lookupHash }) => toHex(lookupHash))
  const chosen: ChosenAct[] = []
  const seen = { states: new Map<number, LeafState>(), heirs: new Set<string>() }
  for (const ofReceipt of randomOrder([...byReceipt.values()], deps.random)) {
    const opened: { readonly pending: PendingAct; readonly act: SignedAct }[] = []
    for (const pending of ofReceipt) {
      const act = await openOrRefuse(pending, deps)
      if (act !== undefined) opened.push({ pending, act })
    }
    for (const { pending, act } of opened.toSorted(inTheirOrder)) {
      const reviewed = await reviewOrRefuse(pending, act, seen, deps)
      if (reviewed === undefined) continue
      seen.states.set(act.event.index, reviewed.after)
      if (act.receipt !== null) seen.heirs.add(act.receipt)
      chosen.push(reviewed)
    }
  }
  return chosen
}

/** Of two that were signed for the same place the one that takes something back counts. */
function inTheirOrder(a: { readonly act: SignedAct }, b: { readonly act: SignedAct }): number {
  const order = a.act.event.by.seq - b.act.event.by.seq
  return order !== 0 ? order : Number(takesDown(b.act)) - Number(takesDown(a.act))
}

async function openOrRefuse(
  pending: PendingAct,
  { db, identity, sources, today }: ChoosingActsDeps,
): Promise<SignedAct | undefined> {
  try {
    const bytes = unpad(await openWith([identity], pending.sealed))
    const act = parseSignedAct(bytes)
    if (!equalBytes(sources.sha256(bytes), pending.id)) throw badAct('filed under another id')
    if (!equalBytes(sources.sha256(act.lookup), pending.lookupHash)) {
      throw badAct('filed under another receipt')
    }
    return act
  } catch (error) {
    await refuseAct(db, pending.id, refusalCode(error), today)
    return undefined
  }
}

async function reviewOrRefuse(
  pending: PendingAct,
  act: SignedAct,
  seen: { readonly states: ReadonlyMap<number, LeafState>; readonly heirs: ReadonlySet<string> },
  deps: ChoosingActsDeps,
): Promise<ChosenAct | undefined> {
  const { db, sources, today } = deps
  try {
    const held = await findHeldReceipt(db, pending.lookupHash)
    const { index } = act.event
    if (held === undefined || (held !== 'forgotten' && held.index !== index)) {
      throw badAct('not the receipt of this declaration')
    }
    if (index >= sources.entries.size) throw badAct('no such declaration')
    const heir = act.receipt
    if (heir !== null && (seen.heirs.has(heir) || (await isUsed(db, heir)))) {
      throw badAct('a receipt in use')
    }
    const stored = await loadState(index, sources)
    const logged = held === 'forgotten' ? stored.logged : parseLeaf(held.leaf)
    const place = { day: today, size: sources.entries.size }
    const reviewed = reviewAct(act, seen.states.get(index) ?? stored, logged, { ...deps, place })
    return { ...reviewed, pending, act, isForgotten: held === 'forgotten' }
  } catch (error) {
    await refuseAct(db, pending.id, refusalCode(error), today)
    return undefined
  }
}

async function isUsed(db: RegisterDatabase, receipt: string): Promise<boolean> {
  return (await findHeldReceipt(db, Buffer.from(receipt, 'hex'))) !== undefined
}

function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

function badAct(message: string): RegisterError {
  return new RegisterError('bad_item', message)
}
