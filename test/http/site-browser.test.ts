import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { languages } from '../../src/i18n/languages.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { openSiteHouse, variedRegister } from '../support/site-house.ts'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const PAGES = [
  '',
  'declarations/',
  'declaration/0/',
  'declaration/58/',
  'count/',
  'number/',
  'kept/',
  'verify/',
  'lost/',
]
const skip = missingChromium()

test('every public page meets WCAG 2.2 AA by axe, in every language', { skip }, async () => {
  await using house = await publishedHouse()
  await using server = await listen(house.app)
  await using browser = await startBrowser()
  const context = await browser.open({ scripts: 'on' })
  const page = await context.newPage()
  const paths = ['', ...languages.flatMap((language) => PAGES.map((path) => `${language}/${path}`))]
  for (const path of paths) {
    await page.goto(server.url + path)
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    assert.deepEqual(found, [], path)
  }
})

test('at 320 pixels, which is 400 % zoom, nothing is wider than the screen', { skip }, async () => {
  await using house = await publishedHouse()
  await using server = await listen(house.app)
  await using browser = await startBrowser()
  const context = await browser.open({ scripts: 'on', screen: 'phone' })
  const page = await context.newPage()
  await page.setViewportSize({ width: 320, height: 640 })
  for (const language of languages) {
    for (const path of PAGES) {
      await page.goto(`${server.url}${language}/${path}`)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 320, `${language}/${path} is ${width} wide`)
    }
  }
})

test('a page costs three requests, all to its own site, and sets nothing', { skip }, async () => {
  await using house = await publishedHouse()
  await using server = await listen(house.app)
  await using browser = await startBrowser()
  for (const path of ['', 'en/', 'en/declaration/0/']) {
    const context = await browser.open({ scripts: 'off' })
    const page = await context.newPage()
    const requested: string[] = []
    const complaints: string[] = []
    let bytes = 0
    page.on('request', (request) => requested.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('response', async (response) => {
      bytes += (await response.body()).length
    })
    await page.goto(server.url + path, { waitUntil: 'networkidle' })
    assert.ok(requested.length <= 3, requested.join(' '))
    assert.ok(
      requested.every((url) => url.startsWith(server.url)),
      requested.join(' '),
    )
    assert.ok(bytes <= 30_000, `${path} and what it needs are ${bytes} bytes`)
    assert.deepEqual(complaints, [])
    assert.deepEqual(await context.cookies(), [])
    await context.close()
  }
})

test('opened from a folder, without a server, the pages lead to each other', { skip }, async () => {
  await using house = await publishedHouse()
  await using browser = await startBrowser()
  const context = await browser.open({ scripts: 'off' })
  const page = await context.newPage()
  await page.goto(pathToFileURL(join(house.publicFolder, 'index.html')).href)
  await page.getByRole('link', { name: 'English' }).click()
  assert.equal(await page.locator('#count').textContent(), '60')
  await page.getByRole('link', { name: 'The count' }).click()
  assert.equal(await page.locator('h1').textContent(), 'The count in full')
  await page.getByRole('link', { name: '简体中文' }).click()
  assert.equal(await page.locator('h1').textContent(), '完整计数')
  const background = await page
    .locator('header')
    .evaluate((header) => getComputedStyle(header).backgroundColor)
  assert.notEqual(background, 'rgba(0, 0, 0, 0)', 'the style sheet is in the folder too')
})

async function publishedHouse() {
  const house = await openSiteHouse()
  const register = await variedRegister(60)
  register.act({ type: 'withdraw', index: 58 }).hide(58, 'body', 'name', 'about')
  await house.publish(await register.publish('2026-11-22'))
  return house
}

async function listen(app: Hono): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
