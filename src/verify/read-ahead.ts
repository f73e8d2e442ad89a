/**
 * Starts up to `window` of `count` reads before their turn and yields them in order. Over a network this
 * hides the round trips; the window is all that is held in memory.
 */
export async function* readAhead<T>(
  count: number,
  window: number,
  start: (position: number) => Promise<T>,
): AsyncGenerator<T> {
  const started: Promise<T>[] = []
  for (let position = 0, next = 0; position < count; position++) {
    for (; next < count && next < position + window; next++) {
      const read = start(next)
      // The consumer may stop at an earlier finding: a read nobody awaits any more must not crash.
      read.catch(() => undefined)
      started.push(read)
    }
    const read = started.shift()
    if (read !== undefined) yield await read
  }
}
