import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { walkToCheck } from '../support/file-declaration.ts'
import { askReceipt } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { countOf, untilCount } from '../support/watch-register.ts'

const skip = missingChromium()

test('a group files in traditional Chinese; each person is one declaration with a receipt of their own', {
  skip,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const [first = '', second = ''] = product.invitations
  const { desk: proposer } = await becomeVolunteer(first, 'alder')
  const { desk: decider } = await becomeVolunteer(second, 'birch')
  const context = await browser.open({ scripts: 'off', screen: 'phone', locale: 'zh-TW' })
  const page = await context.newPage()

  await walkGroupToCheck(page, product.url)
  await t.test(
    'check your answers counts three persons and shows the bare number apart',
    async () => {
      const text = await page.locator('main').innerText()
      assert.match(text, /範例甲|2人/)
      assert.match(text, /111/)
    },
  )
  const state = await page.locator('input[name=state]').inputValue()
  await press(page, 'send')
  const receipts = [await receiptOn(page)]
  await t.test(
    'the same page sent again, by a second click or after Back, shows the same receipt',
    async () => {
      // The pages are never stored, so a browser that goes back asks, and then sends these same bytes.
      const body = new URLSearchParams({ state, go: 'send', receipt: 'yes' })
      const again = await fetch(`${product.url}zh-hant/declare`, { method: 'POST', body })
      const words = [...(await again.text()).matchAll(/<li><b>\d+<\/b>(\S+) /g)].map(
        ([, word]) => word,
      )
      assert.equal(words.join(''), receipts[0])
    },
  )
  for (let person = 1; person < 3; person++) {
    await press(page, 'next-receipt')
    receipts.push(await receiptOn(page))
  }
  assert.equal(new Set(receipts).size, 3)

  assert.equal(await proposeAll(proposer), 1, 'two presses made one case')
  assert.equal(await approveAll(decider), 1)
  await untilCount(product.url, 3)
  assert.equal(await countOf(product.url), 3)

  await t.test('the bare number stands apart and in no sum', async () => {
    const count = (await (await fetch(`${product.url}count.json`)).json()) as {
      declarations: number
      notCounted: { claimed: number }
      byEvidence: Record<string, number>
    }
    assert.equal(count.notCounted.claimed, 111)
    assert.equal(
      Object.values(count.byEvidence).reduce((a, b) => a + b, 0),
      3,
    )
    assert.equal(count.byEvidence['consented'], 2)
  })
  await t.test(
    'every receipt finds its own declaration, in words of another language too',
    async () => {
      const answers = await Promise.all(receipts.map((receipt) => askReceipt(product.url, receipt)))
      const indices = answers.map((answer) => /(?:number|index|No\.?|#)\D*(\d+)/i.exec(answer)?.[1])
      assert.deepEqual([...indices].sort(), ['0', '1', '2'], answers.join('\n'))
    },
  )
  await t.test('a person without a receipt is counted all the same', async () => {
    await walkToCheck(page, product.url, { organisations: ['pioneers'] })
    await page.locator('input[name=receipt][value=no]').check()
    await press(page, 'send')
    assert.equal(await page.locator('.receipt li').count(), 0)
    assert.equal(await proposeAll(proposer), 1)
    assert.equal(await approveAll(decider), 1)
    await untilCount(product.url, 4)
  })
})

async function walkGroupToCheck(page: Page, baseUrl: string): Promise<void> {
  await page.goto(`${baseUrl}zh-hant/declare/`)
  await page.locator('input[name=who][value=group]').check()
  await press(page, 'next')
  await page.locator('input[name=organisation][value=league]').check()
  await press(page, 'next')
  await page.locator('input[name=name-kind][value=none]').check()
  await press(page, 'next')
  for (const [row, name] of ['範例甲', '範例乙'].entries()) {
    await page.locator(`input[name=row-${row}-name]`).fill(name)
    await page.locator(`input[name=row-${row}-organisation][value=pioneers]`).check()
  }
  await page.locator('input[name=claimed]').fill('111')
  await press(page, 'next')
  await press(page, 'next')
  await press(page, 'next')
  await press(page, 'next')
  await page.locator('input[name=asked][value=yes]').check()
  await press(page, 'next')
}

/** The page's visible button of that meaning; the hidden one is for the Enter key. */
async function press(page: Page, go: string): Promise<void> {
  await page.locator(`main button[name=go][value="${go}"]:visible`).first().click()
}

async function receiptOn(page: Page): Promise<string> {
  const words = await page.locator('.receipt li').allInnerTexts()
  assert.equal(words.length, 12, await page.title())
  return words.map((word) => word.replace(/[\d\s]+/g, '')).join('')
}
