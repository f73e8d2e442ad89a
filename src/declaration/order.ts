import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { DeclarationError } from './error.ts'
import {
  EVENT_MAX_BYTES,
  type EventOf,
  encodeEvent,
  isAct,
  type LogEvent,
  parseEvent,
} from './event.ts'
import type { Authority } from './event-lines.ts'
import { HEX_16_BYTES, ID, whole } from './grammar.ts'
import { object, oneOf, parseCanonicalJson, text } from './json-shape.ts'
import {
  type TwoPeopleTrust,
  type TwoSignatures,
  twoSignatureShapes,
  verifyTwoPeople,
} from './two-people.ts'

/** The events that two volunteers may order: on a declarant's word, or for the operator's reasons. */
type OrderedAct = 'withdraw' | 'restore' | 'correct' | 'redact'
export type OrderEvent =
  | { [Type in 'flag' | 'unflag']: Omit<EventOf<Type>, 'day' | 'size'> }['flag' | 'unflag']
  | {
      [Type in OrderedAct]: Omit<EventOf<Type>, 'day' | 'size' | 'by'> & {
        readonly by: Exclude<Authority, { kind: 'author-signed' }>
      }
    }[OrderedAct]

/** What two volunteers sign. Its event is written in the log's own lines, so that there is one grammar and no other reading. */
export type Order = {
  readonly format: 'avow/order/v1'
  readonly register: string
  /** 16 random bytes in hex: an order is carried out once. */
  readonly case: string
  readonly centre: string
  /** The event's lines from `type` on, without `day` and `size`. */
  readonly event: string
}

export type ApprovedOrder = TwoSignatures & { readonly order: Order }

export type OrderTrust = TwoPeopleTrust & { readonly register: string; readonly sha256: Sha256 }

export const ORDER_MAX_BYTES = 2 * EVENT_MAX_BYTES
const NOT_YET = { day: '1970-01-01', size: 0 }
const NOT_YET_LINES = `day ${NOT_YET.day}\nsize ${NOT_YET.size}\n`

const orderShape = object({
  format: oneOf(['avow/order/v1']),
  register: text(253),
  case: text(32, whole(HEX_16_BYTES)),
  centre: text(32, whole(ID)),
  event: text(EVENT_MAX_BYTES),
})
const approvedShape = object({ order: orderShape, ...twoSignatureShapes })

/** The `event` of an order. Throws `bad_order` for what could not be ordered. */
export function formatOrderEvent(event: OrderEvent): string {
  const lines = fromUtf8(encodeEvent({ ...event, ...NOT_YET }))
  const written = lines.replace('avow/event/v1\n', '').replace(NOT_YET_LINES, '')
  orderedEvent(written)
  return written
}

/** Throws `bad_order`: not an event, an author's, or one that needs more than two volunteers can give. */
export function orderedEvent(written: string): OrderEvent {
  const [type = '', ...rest] = written.split('\n')
  const event = readEvent(`avow/event/v1\n${type}\n${NOT_YET_LINES}${rest.join('\n')}`)
  if (!isOrderable(event)) throw badOrder('not an event that is ordered')
  const { day: _day, size: _size, ...unplaced } = event
  return unplaced as OrderEvent
}

export function orderHash(order: Order, sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(order))))
}

export function proposeOrderMessage(hash: string): Uint8Array {
  return utf8(`avow/propose-order/v1\n${hash}\n`)
}

export function approveOrderMessage(hash: string): Uint8Array {
  return utf8(`avow/approve-order/v1\n${hash}\n`)
}

export function encodeApprovedOrder(approved: ApprovedOrder): Uint8Array {
  const bytes = utf8(canonicalJson(approved))
  parseApprovedOrder(bytes)
  return bytes
}

/** Throws `bad_order`. Reads only: an order proves nothing before `verifyApprovedOrder`. */
export function parseApprovedOrder(bytes: Uint8Array): ApprovedOrder {
  const approved = parseCanonicalJson(bytes, ORDER_MAX_BYTES, approvedShape, 'bad_order')
  orderedEvent(approved.order.event)
  return approved
}

/** Proves that two different people of the order's centre signed exactly this. Throws `order_refused`. */
export function verifyApprovedOrder(approved: ApprovedOrder, trust: OrderTrust): OrderEvent {
  const { order } = approved
  if (order.register !== trust.register) {
    throw new DeclarationError('order_refused', 'made for another register')
  }
  const hash = orderHash(order, trust.sha256)
  const messages = { propose: proposeOrderMessage(hash), approve: approveOrderMessage(hash) }
  verifyTwoPeople(approved, messages, order.centre, trust, 'order_refused')
  return orderedEvent(order.event)
}

/** Two volunteers take down, flag, lower and count anew; nothing becomes public by an order. */
function isOrderable(event: LogEvent): boolean {
  if (event.type === 'flag' || event.type === 'unflag') return true
  if (!isAct(event) || event.by.kind === 'author-signed') return false
  if (event.type === 'withdraw' || event.type === 'restore') return true
  if (event.type !== 'correct' && event.type !== 'redact') return false
  return [event.body, event.name].every((value) => value === null || value === '-')
}

function readEvent(lines: string): LogEvent {
  try {
    return parseEvent(utf8(lines))
  } catch (cause) {
    throw new DeclarationError('bad_order', 'its event does not read', cause)
  }
}

function badOrder(message: string): DeclarationError {
  return new DeclarationError('bad_order', message)
}
