const LENGTH_BYTES = 2
const ENTRY_BYTES_MAX = 0xffff

/**
 * Any number of entries, one after the other, as bundles hold them:
 *   [0..2)    length n of the entry, big-endian
 *   [2..2+n)  the entry
 */
export function encodeEntryList(entries: readonly Uint8Array[]): Uint8Array {
  const length = entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0)
  const list = new Uint8Array(length)
  let offset = 0
  for (const entry of entries) {
    if (entry.length > ENTRY_BYTES_MAX) throw new RangeError('entry too long')
    list[offset] = entry.length >> 8
    list[offset + 1] = entry.length & 0xff
    list.set(entry, offset + LENGTH_BYTES)
    offset += LENGTH_BYTES + entry.length
  }
  return list
}

/** Views into `list`, which is our own database row: cut bytes are a bug or a damaged disk, and stop the start. */
export function parseEntryList(list: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let offset = 0; offset < list.length; ) {
    const start = offset + LENGTH_BYTES
    const end = start + (list[offset] ?? 0) * 256 + (list[offset + 1] ?? 0)
    if (end > list.length) throw new RangeError('cut entry list')
    entries.push(list.subarray(start, end))
    offset = end
  }
  return entries
}
