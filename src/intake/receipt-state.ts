import type { ActView } from '../declaration/possible-acts.ts'

export const RECEIPT_STATES = [
  'unknown',
  'waiting',
  'taken',
  'proposed',
  'returned',
  'approved',
  'published',
  'withdrawn',
  'rejected',
  'withdrawn-before',
  'forgotten',
] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

/** What one receipt sees of its declaration. */
export interface ReceiptView {
  readonly state: ReceiptState
  /** The reviewer's reason by its code in the form definition. */
  readonly code: string | null
  /** How it stands in the log, once it does; `seq` counts the acts that wait for publication too. */
  readonly entry: ActView | null
  /** The age file that only the receipt opens. */
  readonly kept: Uint8Array | null
  /** Why the publisher carried out nothing of the last act; null once another was sent. */
  readonly refused: string | null
}

export const NOTHING_THERE: ReceiptView = {
  state: 'unknown',
  code: null,
  entry: null,
  kept: null,
  refused: null,
}
