import { DeclarationError } from '../declaration/error.ts'
import type { ActEvent } from '../declaration/event.ts'
import { type ActTrust, applyAct, type LeafState } from '../declaration/leaf-state.ts'
import {
  type OrderEvent,
  type OrderTrust,
  parseApprovedOrder,
  verifyApprovedOrder,
} from '../declaration/order.ts'
import { toHex } from '../encoding/hex.ts'
import { openWith } from '../sealing/age.ts'
import { unpad } from '../sealing/padding.ts'
import { listOrderItems, refuseItem, type WaitingItem } from './approved-item-store.ts'
import type { ContentPart } from './erase-content.ts'
import { loadState, type StateSources } from './leaf-state-store.ts'
import { erasedParts, publishesMore } from './review-act.ts'
import { refusalCode } from './review-items.ts'
import type { RegisterDatabase } from './tables.ts'

export type ChoosingOrdersDeps = {
  readonly db: RegisterDatabase
  readonly identity: string
  readonly recipientHash: Uint8Array
  readonly operatorReasons: ReadonlySet<string>
  readonly organisations: ReadonlySet<string>
  readonly orderTrust: OrderTrust
  readonly actTrust: ActTrust
  readonly sources: StateSources
  readonly today: string
}

export type ChosenOrder = {
  readonly caseId: Uint8Array
  readonly event: OrderEvent
  readonly index: number | null
  readonly erased: readonly ContentPart[]
}

const ORDERS_AT_ONCE = 200

/** Orders of two people, verified from where each declaration stands. What does not verify goes out of the way. */
export async function chooseOrders(deps: ChoosingOrdersDeps): Promise<readonly ChosenOrder[]> {
  const chosen: ChosenOrder[] = []
  const states = new Map<number, LeafState>()
  for (const item of await listOrderItems(deps.db, deps.recipientHash, ORDERS_AT_ONCE)) {
    try {
      chosen.push(await reviewOrder(item, states, deps))
    } catch (error) {
      await refuseItem(deps.db, item, refusalCode(error), deps.today)
    }
  }
  return chosen
}

async function reviewOrder(
  { caseId, centre, sealed }: WaitingItem,
  states: Map<number, LeafState>,
  deps: ChoosingOrdersDeps,
): Promise<ChosenOrder> {
  const approved = parseApprovedOrder(unpad(await openWith([deps.identity], sealed)))
  const { order } = approved
  if (order.case !== toHex(caseId) || order.centre !== centre) throw refused('filed as another')
  const event = verifyApprovedOrder(approved, deps.orderTrust)
  requireKnownReason(event, deps)
  const { entries } = deps.sources
  if (event.type === 'flag' || event.type === 'unflag') {
    if (event.ranges.length === 0 || event.ranges.some(({ end }) => end > entries.size)) {
      throw refused('a range beyond the register')
    }
    return { caseId, event, index: null, erased: [] }
  }
  if (event.index >= entries.size) throw refused('no such declaration')
  const before = states.get(event.index) ?? (await loadState(event.index, deps.sources))
  const placed: ActEvent = { ...event, day: deps.today, size: entries.size }
  const after = applyAct(before, placed, deps.actTrust)
  if (publishesMore(before, after)) throw refused('an order publishes nothing')
  states.set(event.index, after)
  return { caseId, event, index: event.index, erased: erasedParts(before, after) }
}

function requireKnownReason(event: OrderEvent, deps: ChoosingOrdersDeps): void {
  const isFlag = event.type === 'flag' || event.type === 'unflag'
  const reason = isFlag ? event.reason : event.by.kind === 'operator' ? event.by.reason : undefined
  if (reason !== undefined && !deps.operatorReasons.has(reason)) throw refused('unknown reason')
  const orgs = event.type === 'correct' ? (event.orgs ?? []) : []
  if (orgs.some((id) => !deps.organisations.has(id))) throw refused('unknown organisation')
}

function refused(message: string): DeclarationError {
  return new DeclarationError('order_refused', message)
}
