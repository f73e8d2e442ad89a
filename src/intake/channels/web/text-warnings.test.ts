import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebForm } from '../../../../test/support/web-form.ts'
import { findTextWarnings, type WarningKind } from './text-warnings.ts'

const particulars: readonly (readonly [string, WarningKind])[] = [
  ['我的身份证是 11010119900101123X。', 'identity'],
  ['护照 E12345678', 'identity'],
  ['电话 138-1234-5678', 'phone'],
  ['电话：１３８１２３４５６７８', 'phone'],
  ['call +1 202 555 0100 now', 'phone'],
  ['座机 010-12345678', 'phone'],
  ['卡号 6222 0212 3456 7890 123', 'card'],
  ['write to someone@example.org', 'email'],
  ['微信号：example_123', 'account'],
  ['QQ 123456789', 'account'],
  ['住在5号楼2单元301室', 'address'],
  ['人民路12号', 'address'],
  ['at 12 Example Street', 'address'],
  ['我在某某大学工作', 'employer'],
  ['服役于 12345 部队', 'employer'],
]

test('particulars that give a person away are noticed', () => {
  for (const [text, kind] of particulars) assert.ok(findTextWarnings(text).includes(kind), text)
})

test('ordinary sentences are left alone', () => {
  const plain = [
    '我声明退出中国共产党、共青团、少先队。',
    'I joined in 1989 and I leave today, 35 years later.',
    '我1990年入党，入党28年。',
    'Two of us, my brother and I, leave together.',
  ]
  for (const text of plain) assert.deepEqual(findTextWarnings(text), [], text)
})

test('a long text is looked through in bounded time', () => {
  for (const text of [
    '1'.repeat(20_000),
    'a@'.repeat(10_000),
    '1 '.repeat(10_000),
    '微信'.repeat(9_999),
  ]) {
    findTextWarnings(text)
  }
})

test('a text that is too long is sent back without being looked through', async () => {
  const form = await new WebForm().open()
  const steps = [{ who: 'self' }, { organisation: 'party' }, { 'name-kind': 'none' }, {}]
  const asked = async (text: string) => {
    const page = await form.walk([...steps, { words: 'own', text }])
    return { status: page.status, keep: page.text.includes('name="keep"') }
  }
  const phone = '138-1234-5678'
  assert.deepEqual(await asked(phone), { status: 422, keep: true })
  const tooLong = `${phone} ${'words '.repeat(4000)}`
  assert.deepEqual(await asked(tooLong), { status: 422, keep: false })
})
