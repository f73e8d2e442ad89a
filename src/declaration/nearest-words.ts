const AT_MOST = 3

/** Up to three words of a list within two slips of the typed one, closest first, for help while typing. */
export function nearestWords(typed: string, words: readonly string[]): readonly string[] {
  const bound = Math.min(2, typed.length - 1)
  const scored = words.flatMap((word) => {
    const slips = countSlips(typed, word.normalize('NFKD'), bound)
    return slips <= bound ? [{ word, slips }] : []
  })
  return scored
    .toSorted((a, b) => a.slips - b.slips)
    .slice(0, AT_MOST)
    .map(({ word }) => word)
}

/** Letters changed, left out, added, or two neighbours exchanged; stops counting above `bound`. */
function countSlips(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let slips = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, at(beforePrevious, j - 2) + 1)
      }
      row.push(slips)
    }
    if (Math.min(...row) > bound) return bound + 1
    beforePrevious = previous
    previous = row
  }
  return at(previous, b.length)
}

function at(row: readonly number[], j: number): number {
  return row[j] ?? Number.POSITIVE_INFINITY
}
