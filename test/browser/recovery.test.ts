import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { missingChromium, startBrowser, type TestBrowser } from '../support/browser.ts'
import { type DeskHouse, openDeskHouse } from '../support/desk-house.ts'
import { joinDesk } from '../support/desk-page.ts'

const skip = missingChromium()
let house: DeskHouse
let browser: TestBrowser
let url = ''
before(async () => {
  if (skip) return
  house = await openDeskHouse()
  house.clockAt = new Date()
  url = await house.serve()
  browser = await startBrowser()
})
after(async () => {
  if (skip) return
  await browser[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

async function requireAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)
  assert.deepEqual(found, [])
}
async function newPage(screen: 'phone' | 'desktop' = 'desktop'): Promise<Page> {
  return (await browser.open({ scripts: 'on', screen })).newPage()
}
async function fillShares(page: Page, shares: readonly (readonly string[])[]): Promise<void> {
  for (const [i, words] of shares.entries()) {
    await page.getByLabel(`The 24 words of share ${i + 1} at hand`).fill(words.join(' '))
  }
}

test('shares are printed once, rehearsed, and bring back two key holders', { skip }, async () => {
  const ada = await newPage()
  await joinDesk(ada, url, house.invitations[0] ?? '', 'ada')
  const ben = await newPage()
  await joinDesk(ben, url, house.invitations[1] ?? '', 'ben')

  await ada.getByRole('button', { name: 'Your keys' }).click()
  await ada.getByRole('button', { name: 'Split or rehearse' }).click()
  await requireAccessible(ada)
  await ada.getByRole('button', { name: 'Make the shares' }).click()
  await ada.getByRole('heading', { level: 1, name: 'The shares' }).waitFor()
  await requireAccessible(ada)
  const shares: string[][] = []
  for (const sheet of await ada.locator('.share').all()) {
    shares.push(await sheet.locator('.share-words li').allInnerTexts())
    const shot = await sheet.locator('.share-code path').getAttribute('d')
    assert.equal(readCode(shot ?? ''), shares.at(-1)?.join(' '))
  }
  assert.deepEqual(
    shares.map(({ length }) => length),
    [24, 24, 24],
  )
  await ada.getByRole('button', { name: 'I have them on paper' }).click()
  assert.equal(await ada.locator('.share-words').count(), 0)

  await ben.getByRole('button', { name: 'Volunteers' }).click()
  await ben.getByText('The recovery key is replaced').waitFor()
  await ben.getByRole('button', { name: 'Sign' }).first().click()
  await ben.getByText('The recovery key is replaced').waitFor({ state: 'detached' })

  const [first = [], second = []] = shares
  await fillShares(ada, [first.with(4, `${first[4]}x`), second])
  await ada.getByRole('button', { name: 'Rehearse' }).click()
  await ada.getByText(`is not in the list. Is it: ${first[4]}`).waitFor()
  await requireAccessible(ada)
  await fillShares(ada, [first, second])
  await ada.getByRole('button', { name: 'Rehearse' }).click()
  await ada.getByText('These shares open the recovery file').waitFor()

  const stranger = await newPage('phone')
  await stranger.goto(`${url}/desk`)
  await stranger.getByRole('button', { name: 'All key holders have lost their keys' }).click()
  await requireAccessible(stranger)
  await fillShares(stranger, [first, second])
  await stranger.getByRole('button', { name: 'Make two new key holders' }).click()
  await stranger.getByText('Each link is for one person').waitFor()
  const links = await stranger.locator('p.mono').allInnerTexts()
  assert.equal(links.length, 2)
  const clara = await newPage()
  await joinDesk(clara, url, links[0] ?? '', 'clara')
  await clara.getByRole('button', { name: 'Volunteers' }).click()
  await clara.getByRole('heading', { level: 1, name: 'Volunteers' }).waitFor()
})

/** What a camera would read from the drawn squares. */
function readCode(path: string): string {
  const dark = [...path.matchAll(/M(\d+) (\d+)h/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  )
  const scale = 4
  const width = scale * (Math.max(...dark.map(([x]) => x)) + 5)
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [x, y] of dark) {
    for (let i = 0; i < scale * scale; i++) {
      const at = 4 * ((y * scale + Math.floor(i / scale)) * width + x * scale + (i % scale))
      data.fill(0, at, at + 3)
    }
  }
  return decodeQR({ width, height: width, data })
}
