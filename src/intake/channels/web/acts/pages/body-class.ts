const KIB = 1024
/** Of an answer about how a receipt stands, and of the pages of its acts. */
export const STATUS_BYTES = 20 * KIB
export const ACT_BYTES = 48 * KIB
/** Pages that carry a long text of the person's own are longer; nobody without that receipt is shown one. */
const LONGER = [128 * KIB, 512 * KIB, 2048 * KIB, 4096 * KIB]
const LINE_FEED = 10

/**
 * Every answer weighs the same on the wire, so that who watches it cannot tell one receipt from another. Line breaks after
 * the document change nothing for a reader; compressing on the way would undo this.
 */
export function padPage(text: string, smallest: number): Uint8Array<ArrayBuffer> {
  const room = Buffer.allocUnsafe(smallest)
  const { read, written } = new TextEncoder().encodeInto(text, room)
  if (read === text.length) return Uint8Array.from(room.fill(LINE_FEED, written))
  const bytes = Buffer.from(text)
  const size = LONGER.find((one) => one >= bytes.length)
  if (size === undefined) throw new RangeError('the answer is longer than its class')
  const padded = new Uint8Array(size).fill(LINE_FEED)
  padded.set(bytes)
  return padded
}
