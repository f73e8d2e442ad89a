import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSiteHouse, variedRegister } from '../../test/support/site-house.ts'
import { languages } from '../i18n/languages.ts'

const SIZE = 263
const PARTITIONS = ['evidence', 'parts', 'state', 'combinations', 'months', 'forms']

test('every table that claims to add up sums to the count, in every language', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(SIZE)
  register.act({ type: 'withdraw', index: 4 })
  register.act({ type: 'confirm', index: 6 })
  register.act({ type: 'withdraw', index: 9 })
  register.log({ type: 'flag', ranges: [{ first: 8, end: 11 }], reason: 'clerical' })
  await register.publish('2026-11-22')
  await house.publish(register)
  for (const language of languages) {
    const page = await textOf(house.get(`/${language}/count/`))
    for (const id of PARTITIONS) {
      const { body, foot } = tableNumbers(page, id)
      assert.equal(sum(body), SIZE, `${language} ${id}`)
      assert.deepEqual(foot, [SIZE], `${language} ${id}: the total shown`)
    }
    assert.deepEqual(tableNumbers(page, 'state').body, [SIZE - 4, 1, 2, 1])
    const organisations = tableNumbers(page, 'organisations')
    assert.ok(sum(organisations.body) > SIZE, 'who left two stands in two rows')
    assert.deepEqual(organisations.foot, [], 'what does not add up has no total')
    const home = await textOf(house.get(`/${language}/`))
    assert.ok(home.includes(`<data id="count" value="${SIZE}">`))
    for (const id of ['evidence', 'state']) assert.equal(sum(tableNumbers(home, id).body), SIZE, id)
  }
})

test('count.json states the same figures, and they follow from the tally file alone', async () => {
  await using house = await openSiteHouse()
  await house.publish(await variedRegister(SIZE))
  const count = await (await house.get('/count.json')).json()
  const values = (record: object): number[] => Object.values(record)
  assert.equal(count.declarations, SIZE)
  for (const name of ['byEvidence', 'byState', 'byOrganisationsNamedTogether', 'byMonth']) {
    assert.equal(sum(values(count[name])), SIZE, name)
  }
  const tally = await textOf(house.get('/log/tally'))
  const self = tally.split('\n').filter((line) => / self (own|served|handed) /.test(line))
  assert.equal(count.byEvidence.self, sum(self.map((line) => Number(line.split(' ').at(-1)))))
})

test('who was only claimed or kept out stands apart and in no count', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(10)
  const days = { from: '2026-11-21', to: '2026-11-22' }
  const keptOut = [{ code: 'absent', count: 4 }]
  register.log({ type: 'desk', ...days, rejected: [], keptOut, claimed: 111 })
  await register.publish('2026-11-22')
  register.log({ type: 'desk', ...days, rejected: [], keptOut, claimed: 9 })
  await house.publish(await register.publish('2026-11-22'))
  const home = await textOf(house.get('/en/'))
  assert.deepEqual(tableNumbers(home, 'apart'), { body: [120, 8], foot: [] })
  assert.ok(home.includes('<data id="count" value="10">'))
  assert.ok(!(await textOf(house.get('/en/number/'))).includes('>120<'))
})

test('an event that the rules refuse changes neither a figure nor a page', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(10)
  const forged = { kind: 'author-signed', seq: 1, signature: new Uint8Array(64) } as const
  register.act(
    { type: 'withdraw', index: 6 },
    { ...forged, author: new Uint8Array(32), salt: new Uint8Array(32) },
  )
  await register.publish('2026-11-22')
  await house.publish(register)
  const page = await textOf(house.get('/en/declaration/6/'))
  assert.ok(page.includes('示例文字 6'))
  assert.ok(!page.includes('Withdrawn'))
  assert.deepEqual(tableNumbers(await textOf(house.get('/en/')), 'state').body, [10, 0, 0, 0])
})

async function textOf(response: Promise<Response>): Promise<string> {
  const answered = await response
  assert.equal(answered.status, 200)
  return answered.text()
}

function tableNumbers(page: string, id: string): { body: number[]; foot: number[] } {
  const table = new RegExp(`<table id="${id}"[\\s\\S]*?</table>`).exec(page)?.[0]
  assert.ok(table !== undefined, `no table ${id}`)
  const [body = '', foot = ''] = table.split('</tbody>')
  const numbers = (part: string) =>
    [...part.matchAll(/<data value="(\d+)">/g)].map(([, value]) => Number(value))
  return { body: numbers(body), foot: numbers(foot) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
