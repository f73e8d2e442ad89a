type RandomBytes = (length: number) => Uint8Array

const RANGE = 2 ** 32

/**
 * A uniformly random order (Fisher and Yates, without modulo bias). Every arrangement is as likely as any other, so
 * that standing side by side tells nothing about belonging together.
 */
export function randomOrder<T>(items: readonly T[], random: RandomBytes): T[] {
  const order = [...items]
  const draw = drawer(random)
  for (let last = order.length - 1; last > 0; last--) {
    const other = draw(last + 1)
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) throw new RangeError('no such item')
    order[last] = b
    order[other] = a
  }
  return order
}

/** A whole number from `min` to `max`, each as likely. */
export function randomBetween(min: number, max: number, random: RandomBytes): number {
  return min + drawer(random)(max - min + 1)
}

function drawer(random: RandomBytes): (below: number) => number {
  let bytes: DataView = new DataView(new ArrayBuffer(0))
  let offset = 0
  return (below) => {
    for (;;) {
      if (offset === bytes.byteLength) {
        // Randomness is asked for in pieces: one call a number is what makes a large batch slow.
        const fresh = random(1024)
        bytes = new DataView(fresh.buffer, fresh.byteOffset, fresh.length)
        offset = 0
      }
      const drawn = bytes.getUint32(offset)
      offset += 4
      if (drawn < RANGE - (RANGE % below)) return drawn % below
    }
  }
}
