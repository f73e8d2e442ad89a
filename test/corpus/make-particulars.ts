import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes particulars.jsonl: pages of plainly synthetic prose with planted numbers, each in one of the spellings people
 * use, among numbers that tell nothing. Run by hand when a spelling is added; the tests read the file.
 */

type Planted = { readonly kind: string; readonly value: string }
type Piece = string | Planted

let state = 20_261_123
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
function pick<T>(choices: readonly T[]): T {
  const chosen = choices[random(choices.length)]
  if (chosen === undefined) throw new RangeError('nothing to choose from')
  return chosen
}
const digits = (length: number) => Array.from({ length }, () => String(random(10))).join('')
const inGroups = (number: string, lengths: readonly number[], between: string) => {
  let at = 0
  const parts = lengths.map((length) => {
    at += length
    return number.slice(at - length, at)
  })
  return [...parts, number.slice(at)].filter((part) => part !== '').join(between)
}
const fullWidth = (text: string) =>
  text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
const inCharacters = (text: string) =>
  text.replaceAll(/[0-9]/g, (digit) => '零一二三四五六七八九'[Number(digit)] ?? '')
const circled = (text: string) =>
  text.replaceAll(/[0-9]/g, (digit) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)] ?? '')

function mobile(): string {
  return `1${pick(['3', '5', '7', '8', '9'])}${digits(9)}`
}

const phones: readonly (() => string)[] = [
  mobile,
  () => inGroups(mobile(), [3, 4], ' '),
  () => inGroups(mobile(), [3, 4], '-'),
  () => inGroups(mobile(), [3, 4], '·'),
  () => inGroups(mobile(), [3, 3], ' '),
  () => `+86 ${mobile()}`,
  () => `0086-${inGroups(mobile(), [3, 4], '-')}`,
  () => `(+86)${mobile()}`,
  () => fullWidth(mobile()),
  () => inCharacters(mobile()),
  () => circled(mobile()),
  () => mobile().split('').join(' '),
  () => mobile().replaceAll('0', 'O').replace(/O$/, '0'),
  () => `${mobile().slice(0, 5)}\u200b${mobile().slice(5)}`,
  () => `0${pick(['10', '21', '22', '28'])}-${pick(['6', '8'])}${digits(7)}`,
  () => `0${pick(['371', '451', '531', '755'])} ${pick(['6', '8'])}${digits(6)}`,
  () => `(0${pick(['10', '20'])})8${digits(7)}转${digits(3)}`,
  () => `+852 ${pick(['5', '6', '9'])}${digits(3)} ${digits(4)}`,
  () => `+886-9${digits(2)}-${digits(3)}-${digits(3)}`,
  () => `09${digits(2)}-${digits(3)}-${digits(3)}`,
  () => `(${pick(['212', '415', '626'])}) ${pick(['2', '5'])}${digits(2)}-${digits(4)}`,
  () => `+1 ${pick(['212', '415'])}-5${digits(2)}-${digits(4)}`,
  () => `+44 20 7${digits(3)} ${digits(4)}`,
]

const provinces = ['110101', '210102', '320583', '370205', '440306', '510107', '620102', '650102']
const birthday = () =>
  `19${4 + random(6)}${digits(1)}${pick(['01', '04', '07', '11', '12'])}${pick(['02', '09', '15', '28'])}`
function identity(): string {
  const body = pick(provinces) + birthday() + digits(3)
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(body[i]) * (weights[i] ?? 0)
  return body + ('10X98765432'[sum % 11] ?? '')
}
const identities: readonly (() => string)[] = [
  identity,
  () => identity().toLowerCase(),
  () => fullWidth(identity()),
  () => inGroups(identity(), [6, 8], ' '),
  () => inGroups(identity(), [6, 4, 4], ' '),
  () => inGroups(identity(), [6, 8], '-'),
  () => inGroups(identity(), [4, 4, 4, 4], ' '),
  () => inCharacters(identity().replace('X', '1')),
  () => `${identity().slice(0, 17)}${pick(['0', '5', 'X'])}`,
  () => `${pick(provinces)}${birthday().slice(2)}${digits(3)}`,
  () => `${pick(['A', 'K', 'P', 'Z'])}${digits(6)}(${pick(['3', '7', 'A'])})`,
  () => `${pick(['A', 'F', 'N'])}${pick(['1', '2'])}${digits(8)}`,
  () => `${pick(['E', 'G'])}${digits(8)}`,
  () => `E${pick(['A', 'C', 'K'])}${digits(7)}`,
  () => `军字第${digits(8)}号`,
  () => `H${digits(10)}`,
]
/** Spellings that only what stands before them tells from any other number. */
const namedIdentities: readonly (() => readonly Piece[])[] = [
  () => ['警号', { kind: 'identity', value: digits(6) }],
  () => ['护照号码：', { kind: 'identity', value: `P${digits(7)}` }],
  () => ['学号 ', { kind: 'identity', value: `20${digits(8)}` }],
  () => ['passport number ', { kind: 'identity', value: digits(9) }],
]

function withLuhn(prefix: string, length: number): string {
  const body = prefix + digits(length - prefix.length - 1)
  for (let check = 0; check < 10; check++) {
    const whole = `${body}${check}`
    let sum = 0
    for (let i = 0; i < whole.length; i++) {
      const digit = Number(whole[whole.length - 1 - i]) * (i % 2 === 1 ? 2 : 1)
      sum += digit > 9 ? digit - 9 : digit
    }
    if (sum % 10 === 0) return whole
  }
  throw new RangeError('one of ten check digits fits')
}
const union = () => withLuhn(pick(['622202', '621700', '622848', '621661']), 19)
const cards: readonly (() => string)[] = [
  union,
  () => withLuhn('622588', 16),
  () => inGroups(union(), [4, 4, 4, 4], ' '),
  () => inGroups(union(), [6], ' '),
  () => inGroups(union(), [4, 4, 4, 4], '-'),
  () => inGroups(withLuhn('4', 16), [4, 4, 4], ' '),
  () => inGroups(withLuhn('51', 16), [4, 4, 4], '-'),
  () => fullWidth(union()),
  () => fullWidth(inGroups(union(), [4, 4, 4, 4], '　')),
  () => inCharacters(union()),
  () => digits(19).replace(/^./, '6'),
  () => `62${digits(14)}`,
  () => 'GB82WEST12345698765432',
  () => 'DE89 3704 0044 0532 0130 00',
]
const namedCards: readonly (() => readonly Piece[])[] = [
  () => ['开户银行账号 ', { kind: 'card', value: digits(12).replace(/^0/, '3') }],
  () => [
    '工行卡号：',
    { kind: 'card', value: inGroups(digits(15).replace(/^0/, '9'), [5, 5], ' ') },
  ],
  () => ['account number ', { kind: 'card', value: digits(10).replace(/^0/, '8') }],
]

const lead = {
  phone: ['我的电话是', '可以打', '联系', 'call me at ', '手机 ', '，', '请找 '],
  identity: ['身份证号', '证件号码是 ', 'my ID is ', '，', '号码：', '本人'],
  card: ['卡号', '汇到 ', '请打到', 'card ', '，', '账户：'],
}
function plant(kind: 'phone' | 'identity' | 'card', make: () => string): readonly Piece[] {
  return [pick(lead[kind]), { kind, value: make() }]
}

const prose = [
  '这是一段合成的文字，用来检查标记，不是任何人的声明。',
  '样例文字：那一年我们搬过两次家，后来又回到原来的城市。',
  '测试用语句，天气、道路和树木，都没有特别的意思。',
  '樣例段落：第二天早上下雨，大家都在屋裡看書。',
  '测试：一九八九年六月的时候，他在读书，三十三岁那年换了工作。',
  'This is synthetic prose for a test and nobody said it. ',
  'Sample words: we walked for two hours and then came home. ',
  '这里有一些数字：1989年6月4日、2004-11-19、20041119、100,000元、14亿人。',
  '参加的有 1200 人，花了 ￥35,000,000，占 98.76%，编到第 3 页第 12 行。',
  '合成句子：文件第300条第2款，2019年第47号，共 1,234,567 份。',
  'Numbers that tell nothing: 1949-1976, 12.5 km, 2,500,000 people, page 1024. ',
  '时间从 1999.07.20 到 2024.12.31，一共 25 年，二零零四年开始。',
  '比分 3:2，温度 -12.5，版本 24.21.0，圆周率 3.14159265。',
  '一千二百三十四万五千六百七十八元，只是一笔合成的数目。',
  '第一、第二、第三、第四、第五、第六、第七，共七点。',
  '一二三四五，上山打老虎；这是儿歌。',
  '面积 9,600,000 平方公里，人口 1,400,000,000，网点 12345 个。',
  '早上 08:30-17:45 上班，24 小时热线不写在这里。',
]

function page(plants: readonly (readonly Piece[])[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (const planted of plants) {
    for (let i = 0; i < 6; i++) pieces.push(pick(prose))
    pieces.push(...planted, pick(['。', '，谢谢。', '. ', '\n']))
  }
  for (let i = 0; i < 6; i++) pieces.push(pick(prose))
  return pieces
}

function encode(pieces: readonly Piece[]): string {
  let text = ''
  const planted = pieces.flatMap((piece) => {
    if (typeof piece === 'string') {
      text += piece
      return []
    }
    const start = text.length
    text += piece.value
    return [{ kind: piece.kind, start, end: text.length }]
  })
  return JSON.stringify({ text, planted })
}

const plants: (readonly Piece[])[] = [
  ...Array.from({ length: 161 }, (_, i) => plant('phone', phones[i % phones.length] ?? mobile)),
  ...Array.from({ length: 128 }, (_, i) =>
    plant('identity', identities[i % identities.length] ?? identity),
  ),
  ...Array.from({ length: 16 }, (_, i) => (namedIdentities[i % 4] ?? (() => []))()),
  ...Array.from({ length: 126 }, (_, i) => plant('card', cards[i % cards.length] ?? union)),
  ...Array.from({ length: 15 }, (_, i) => (namedCards[i % 3] ?? (() => []))()),
]
for (let i = plants.length - 1; i > 0; i--) {
  const j = random(i + 1)
  const [a, b] = [plants[i], plants[j]]
  if (a !== undefined && b !== undefined) [plants[i], plants[j]] = [b, a]
}
const lines: string[] = []
for (let i = 0; i < plants.length; i += 4) lines.push(encode(page(plants.slice(i, i + 4))))
for (let i = 0; i < 20; i++) lines.push(encode(page([[], [], []])))
writeFileSync(join(import.meta.dirname, 'particulars.jsonl'), `${lines.join('\n')}\n`)
