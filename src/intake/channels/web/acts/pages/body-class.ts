const KIB = 1024
/** Of an answer about how a receipt stands, and of the pages of its acts. */
export const STATUS_BYTES = 20 * KIB
export const ACT_BYTES = 48 * KIB
/** Pages that carry a long text of the person's own are longer; nobody without that receipt is shown one. */
const LONGER = [128 * KIB, 512 * KIB, 2048 * KIB, 4096 * KIB]
const LINE_FEED = 10
const encoder = new TextEncoder()

/**
 * Every answer weighs the same on the wire, so that who watches it cannot tell one receipt from another. Line breaks after
 * the document change nothing for a reader; compressing on the way would undo this.
 */
export function padPage(text: string, smallest: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(smallest)
  const { read, written } = encoder.encodeInto(text, room)
  if (read === text.length) return room.fill(LINE_FEED, written)
  const bytes = Buffer.from(text)
  const size = LONGER.find((one) => one >= bytes.length)
  if (size === undefined) throw new RangeError('the answer is longer than its class')
  const padded = new Uint8Array(size).fill(LINE_FEED)
  padded.set(bytes)
  return padded
}

/** A page that is the same for every receipt but for its sealed state, ready to be sent. */
export type PageAround = { readonly before: Uint8Array; readonly after: Uint8Array }

export function splitPage(page: string, state: string): PageAround {
  const at = page.indexOf(state)
  return {
    before: encoder.encode(page.slice(0, at)),
    after: encoder.encode(page.slice(at + state.length)),
  }
}

/** The state is base64url. */
export function joinPage(
  { before, after }: PageAround,
  state: string,
  size: number,
): Uint8Array<ArrayBuffer> {
  const end = before.length + state.length + after.length
  if (end > size) throw new RangeError('the answer is longer than its class')
  const room = new Uint8Array(size)
  room.set(before)
  encoder.encodeInto(state, room.subarray(before.length))
  room.set(after, before.length + state.length)
  return room.fill(LINE_FEED, end)
}
