import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { findParticulars } from './find-particulars.ts'

type Page = {
  readonly text: string
  readonly planted: readonly {
    readonly kind: string
    readonly start: number
    readonly end: number
  }[]
}
const NUMBER_KINDS = ['phone', 'identity', 'card']

const corpus = (name: string): Page[] =>
  readFileSync(join(import.meta.dirname, '../../../test/corpus', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

function score(pages: readonly Page[]) {
  const missed: string[] = []
  const wrong: string[] = []
  const counts: Record<string, number> = {}
  for (const { text, planted } of pages) {
    const marks = findParticulars(text)
    for (const { kind, start, end } of planted) {
      counts[kind] = (counts[kind] ?? 0) + 1
      const isFound = marks.some(
        (mark) => NUMBER_KINDS.includes(mark.kind) && mark.start <= start && mark.end >= end,
      )
      if (!isFound) missed.push(`${kind} ${text.slice(Math.max(0, start - 8), end + 4)}`)
    }
    for (const mark of marks) {
      if (planted.some(({ start, end }) => mark.start < end && mark.end > start)) continue
      wrong.push(`${mark.kind} ${text.slice(mark.start, mark.end)}`)
    }
  }
  return { missed, wrong, counts, pages: pages.length }
}

test('telephone, identity and card numbers of the corpus are found, and little else is marked', (t) => {
  const { missed, wrong, counts, pages } = score(corpus('particulars.jsonl'))
  const planted = Object.values(counts).reduce((sum, count) => sum + count, 0)
  assert.ok(planted >= 300, `${planted} planted`)
  const recall = 1 - missed.length / planted
  t.diagnostic(JSON.stringify({ planted, counts, recall, falseMarksPerPage: wrong.length / pages }))
  assert.ok(recall >= 0.98, `recall ${recall}; missed:\n${missed.join('\n')}`)
  assert.ok(
    wrong.length <= pages,
    `${wrong.length} false marks on ${pages} pages:\n${wrong.join('\n')}`,
  )
})

test('every other kind is marked where it stands, with its reason', () => {
  const marked = (text: string) =>
    findParticulars(text).map(({ start, end, kind, reason }) => [
      text.slice(start, end),
      kind,
      reason,
    ])
  assert.deepEqual(marked('write to someone(at)example.org, thanks'), [
    ['someone(at)example.org', 'email', 'shape'],
  ])
  assert.deepEqual(marked('微信号：abcde_1'), [['微信号：abcde_1', 'account', 'named-before']])
  assert.deepEqual(marked('QQ 123456789'), [['123456789', 'account', 'named-before']])
  assert.deepEqual(marked('住在样例路12号3单元501室'), [
    ['住在样例路12号3单元501室', 'address', 'place-words'],
  ])
  assert.deepEqual(marked('12 Sample Street, Apt 4'), [
    ['12 Sample Street, Apt 4', 'address', 'place-words'],
  ])
  assert.deepEqual(marked('车牌京A12345在门口'), [['京A12345', 'plate', 'shape']])
  assert.deepEqual(marked('出生于1965年3月2日'), [['出生于1965年3月2日', 'birth', 'named-before']])
  assert.deepEqual(marked('王样例局长来过'), [['王样例局长', 'name', 'title-beside']])
  assert.deepEqual(marked('我叫李样例，'), [['我叫李样例', 'name', 'named-before']])
  assert.deepEqual(marked('My name is Sample Person.'), [
    ['My name is Sample Person', 'name', 'named-before'],
  ])
  assert.deepEqual(marked('样例县公安局副局长'), [['样例县公安局副局长', 'unit', 'narrow-unit']])
})

test('words about nobody in particular are left alone', () => {
  for (const text of [
    '1989年6月4日，二〇〇四年十一月十九日，19890604。',
    '从1949到2024，共有1,400,000,000人，花费￥1,234,567,890。',
    'In 1989 there were 12 of us; 2,500,000 people followed, about 98.7654321 %.',
    '我声明退出，从此与它没有关系。',
    '',
  ]) {
    assert.deepEqual(findParticulars(text), [], text)
  }
})

test('any text is read in bounded steps, and marks lie inside it in order', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 12 }),
          fc.constantFrom('1', '138', '0', '路', '号', '王', '@', '.', 'E', ' ', '-', '①', '一'),
        ),
        { maxLength: 60 },
      ),
      (pieces) => {
        const text = pieces.join('')
        let at = 0
        for (const { start, end } of findParticulars(text)) {
          assert.ok(start >= at && end > start && end <= text.length)
          at = end
        }
      },
    ),
  )
  const long = ['1 ', '一', '路1号', 'a.', 'A1', '王', '＠a', '1'].map((piece) =>
    piece.repeat(20_000 / piece.length),
  )
  for (const text of long) assert.ok(Array.isArray(findParticulars(text)))
})
