import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { missingChromium, startBrowser, type TestBrowser } from '../support/browser.ts'
import { type DeskHouse, exampleSubmission, openDeskHouse } from '../support/desk-house.ts'
import { joinDesk, unlockDesk } from '../support/desk-page.ts'

const skip = missingChromium()
const MARK = 'canary-of-a-draft'
let house: DeskHouse
let browser: TestBrowser
let context: BrowserContext
let url = ''
let words = ''
before(async () => {
  if (skip) return
  house = await openDeskHouse()
  house.clockAt = new Date()
  url = await house.serve()
  browser = await startBrowser()
  context = await browser.open({ scripts: 'on' })
})
after(async () => {
  if (skip) return
  await browser[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

/** Everything that outlives a tab, in words; an unlocked desk adds one cookie that scripts cannot read. */
async function keptBy(page: Page): Promise<readonly string[]> {
  const kept = await page.evaluate(async () => [
    ...Object.entries(localStorage).map((entry) => `localStorage ${entry}`),
    ...Object.entries(sessionStorage).map((entry) => `sessionStorage ${entry}`),
    ...(await indexedDB.databases()).map(({ name }) => `indexedDB ${name}`),
    ...(await caches.keys()).map((name) => `caches ${name}`),
    ...(document.cookie === '' ? [] : [`readable cookie ${document.cookie}`]),
    ...(history.state === null ? [] : ['history state']),
  ])
  const cookies = (await page.context().cookies()).map(
    ({ name, value, httpOnly }) => `cookie ${name} ${httpOnly} ${value.length}`,
  )
  return [...kept, ...cookies]
}
const SESSION = ['cookie avow-desk true 43']

async function typeDraft(page: Page): Promise<void> {
  const [field] = await page.getByLabel('Words to take out').all()
  assert.ok(field)
  await field.fill(MARK)
  await page.getByLabel('Show the name').uncheck()
  await page.getByText('Draft sealed and saved.').waitFor({ timeout: 60_000 })
}

test('keys and drafts live in the tab: nothing of them is kept while working, after lock, idle or unload', {
  skip,
}, async () => {
  const page = await context.newPage()
  await page.clock.install()
  words = await joinDesk(page, url, house.invitations[0] ?? '', 'ada')
  await house.send(exampleSubmission())
  await house.send(exampleSubmission())
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.locator('[data-list=waiting]').getByRole('button').first().click()
  await page.getByRole('heading', { level: 1, name: /^Case of/ }).waitFor()
  await typeDraft(page)
  assert.deepEqual(await keptBy(page), SESSION)
  const resources = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name),
  )
  assert.ok(resources.every((name) => !name.includes(MARK) && !name.includes('AGE-SECRET')))

  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByRole('heading', { level: 1, name: 'Unlock the desk' }).waitFor()
  assert.deepEqual(await keptBy(page), [], 'after lock')
  assert.doesNotMatch(await page.content(), new RegExp(MARK))

  await unlockDesk(page, 'ada', words)
  await page.clock.fastForward('31:00')
  await page.getByText('half an hour').waitFor()
  assert.deepEqual(await keptBy(page), [], 'after half an hour without a touch')

  await unlockDesk(page, 'ada', words)
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Unlock the desk' }).waitFor()
  assert.deepEqual(await keptBy(page), SESSION, 'after a reload the session is there and no key')
  await page.close()
})

test('two tabs of one volunteer hold one case between them', { skip }, async () => {
  const [first, second] = [await context.newPage(), await context.newPage()]
  for (const page of [first, second]) {
    await page.goto(`${url}/desk`)
    await unlockDesk(page, 'ada', words)
  }
  await second.locator('[data-list=waiting]').getByRole('button').first().click()
  const alert = second.getByRole('alert')
  await alert.waitFor()
  assert.equal(await alert.getAttribute('data-code'), 'case_in_hand')
})
