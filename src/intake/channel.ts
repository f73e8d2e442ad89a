import type { Channel } from '../declaration/channel.ts'
import type { Envelope } from './envelope.ts'

/** Everything of an envelope that stays in clear. */
export type EnvelopeMeta = Omit<Envelope, 'plaintext'>

/**
 * Takes an envelope from an adapter. `ack` is called after the durable commit and never before: it is the
 * adapter's way to answer its sender. A rejection means that nothing is stored and nothing may be acknowledged.
 */
export type OnEnvelope = (
  bytes: Uint8Array,
  meta: EnvelopeMeta,
  ack: () => void | Promise<void>,
) => Promise<void>

export type ChannelHealth =
  | { readonly state: 'stopped' | 'running' }
  | { readonly state: 'failing'; readonly code: string }

/** One way in, on one line. main starts and stops it; it knows nothing of storage or keys. */
export interface ChannelAdapter {
  readonly channel: Channel
  /** The number, mailbox, host name or page this adapter answers for. */
  readonly line: string
  start(onEnvelope: OnEnvelope): Promise<void>
  stop(): Promise<void>
  health(): ChannelHealth
}
