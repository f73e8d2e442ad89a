const AT_MOST = 3

/**
 * Up to three different words within two slips of the typed one, for help while typing: fewest slips
 * first, then those that begin alike, because first letters are seldom mistyped.
 */
export function nearestWords(typed: string, words: readonly string[]): readonly string[] {
  const bound = Math.min(2, typed.length - 1)
  const beginsOtherwise = (word: string) => (word.normalize('NFKD')[0] === typed[0] ? 0 : 1)
  const scored = words.flatMap((word) => {
    const slips = countSlips(typed, word.normalize('NFKD'), bound)
    return slips <= bound ? [{ word, slips }] : []
  })
  const sorted = scored
    .toSorted((a, b) => a.slips - b.slips || beginsOtherwise(a.word) - beginsOtherwise(b.word))
    .map(({ word }) => word)
  return Array.from(new Set(sorted)).slice(0, AT_MOST)
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
