/**
 * A text in one plain spelling, with the way back. People write numbers so that machines do not find them, or as
 * their keyboard gives them: full width, circled, in characters, letter O for nought.
 */
export type PlainText = {
  readonly plain: string
  /** For every unit of `plain`, where it began in the text; one more at the end. */
  readonly starts: readonly number[]
  readonly original: string
}

const CHARACTER_DIGITS = new Map(
  [
    ['0', '零〇○Ｏ'],
    ['1', '一壹弌幺'],
    ['2', '二贰貳弍'],
    ['3', '三叁參弎'],
    ['4', '四肆'],
    ['5', '五伍'],
    ['6', '六陆陸'],
    ['7', '七柒'],
    ['8', '八捌'],
    ['9', '九玖'],
  ].flatMap(([digit = '', characters = '']) => [...characters].map((one) => [one, digit] as const)),
)
const INVISIBLE = /^(?:\p{Cf}|\p{Mn}|\p{Me})$/u

export function plainText(original: string): PlainText {
  let plain = ''
  const starts: number[] = []
  const add = (units: string, start: number) => {
    plain += units
    for (let i = 0; i < units.length; i++) starts.push(start)
  }
  let at = 0
  for (const point of original) {
    if (!INVISIBLE.test(point)) add(plainPoint(point), at)
    at += point.length
  }
  starts.push(original.length)
  return { plain, starts, original }
}

/** The same with numbers in characters read as digits, wherever seven or more stand together. */
export function readCharacterDigits(text: PlainText): PlainText {
  const plain = text.plain.replaceAll(
    /[零〇○一壹弌幺二贰貳弍三叁參弎四肆五伍六陆陸七柒八捌九玖 \-·.\d]{7,}/g,
    (run) => [...run].map((one) => CHARACTER_DIGITS.get(one) ?? one).join(''),
  )
  return { ...text, plain }
}

/** The same with letters read as the digits they look like, where digits stand on both sides. */
export function readLookAlikes(text: PlainText): PlainText {
  const plain = text.plain
    .replaceAll(/(?<=\d[ -]?)[oO]{1,6}(?=[ -]?\d)/g, (letters) => '0'.repeat(letters.length))
    .replaceAll(/(?<=\d)[lI|](?=\d)/g, '1')
  return { ...text, plain }
}

/** The range of the original that a match in `plain` stands for. */
export function originalRange(
  { starts, original }: PlainText,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  const last = starts[end - 1] ?? original.length
  const point = original.codePointAt(last) ?? 0
  return { start: starts[start] ?? original.length, end: last + (point > 0xffff ? 2 : 1) }
}

function plainPoint(point: string): string {
  const folded = point.normalize('NFKC')
  // One unit for one point keeps "㍿" and the like from growing into words that nobody wrote.
  if (folded.length > 2) return ' '
  const digit = /^\p{Nd}$/u.test(folded) ? String(digitValue(folded)) : folded
  return /^[‐‑‒–—―−]$/.test(digit) ? '-' : digit.replace(/^[\s\u3000]$/u, ' ')
}

/** Decimal digits of every script stand in runs of ten that begin at their nought. */
function digitValue(digit: string): number {
  const point = digit.codePointAt(0) ?? 0
  let nought = point
  while (point - nought < 9 && /\p{Nd}/u.test(String.fromCodePoint(nought - 1))) nought--
  return point - nought
}
