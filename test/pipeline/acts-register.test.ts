import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentPath } from '../../src/declaration/content.ts'
import { openRegisterHouse, type RegisterHouse } from '../support/register-house.ts'
import { act, TestReceipt, viewReceipt } from '../support/test-receipt.ts'

const TEXT = { kind: 'own', language: 'en', text: 'Made-up words of one person.' } as const

async function contentOf(house: RegisterHouse, bundle = 0): Promise<string> {
  return readFile(join(house.publicFolder, contentPath(bundle)), 'utf8')
}

test('a withdrawal takes text, name and about off every file, and its event says so', async () => {
  await using house = await openRegisterHouse()
  const erasedBefore: string[] = []
  await using publisher = await house.start({
    onErased: async () => {
      erasedBefore.push(await readFile(join(house.publicFolder, 'log/latest'), 'utf8'))
    },
  })
  const receipt = new TestReceipt()
  await house.approve([{ text: TEXT, persons: [{ name: 'Made Up', receipt }] }])
  const { declarations } = await publisher.runRound()
  const shown = await contentOf(house)
  const [, textId = ''] = /"text":"([0-9a-f]{32})"/.exec(shown) ?? []
  assert.match(shown, /Made Up/)
  assert.equal(await act(house, receipt, { kind: 'withdraw' }), 'accepted')
  const before = await readFile(join(house.publicFolder, 'log/latest'), 'utf8')
  const pair = await publisher.runRound()
  assert.deepEqual(erasedBefore, [before])
  assert.equal(pair.declarations.size, declarations.size)
  assert.equal(await contentOf(house), '')
  assert.equal(existsSync(join(house.publicFolder, 'content/texts', textId)), false)
  const { tally } = await house.check()
  assert.deepEqual(
    tally.parts.map(({ state, count }) => [state, count]),
    [['withdrawn', 1]],
  )
  const seen = await viewReceipt(house, receipt.lookup)
  assert.deepEqual([seen.state, seen.seq, seen.withdrawn, seen.pending], ['withdrawn', 1, true, 0])
})
