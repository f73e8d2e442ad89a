import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { plantedText } from '../../src/main/drill/canary.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { missingChromium, openProfile } from '../support/browser.ts'
import { lookUpReceipt, sendAndReadReceipt, walkToCheck } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'

const written = [plantedText('text'), plantedText('name'), plantedText('typed and given up')]
const [text, name, givenUp] = written

test('after *leave this page* a browser without scripts has kept nothing of the form on its disk', {
  skip: missingChromium(),
}, async (t) => {
  assert.ok(text && name && givenUp)
  const profile = await mkdtemp(join(tmpdir(), 'avow-profile-'))
  t.after(() => rm(profile, { recursive: true, force: true }))
  await using product = await startProduct()
  const context = await openProfile(profile, { scripts: 'off' })
  const page = context.pages()[0] ?? (await context.newPage())
  const uncached: string[] = []
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname
    const isPage = /^\/\w[\w-]*\/(declare|receipt)/.test(path)
    if (isPage && response.headers()['cache-control'] !== 'no-store') uncached.push(path)
  })

  const filing = { organisations: ['party'], text: text.text, consents: ['text'] }
  await walkToCheck(page, product.url, {
    ...filing,
    name: { kind: 'alias', value: name.text },
  })
  const receipt = await sendAndReadReceipt(page)
  await page.locator('a[href$="declare/leave"]').first().click()
  await page.waitForURL('**/declare/leave')
  await lookUpReceipt(page, product.url, receipt)
  await walkToCheck(page, product.url, { ...filing, text: givenUp.text })
  await page.goto(`${product.url}en/declare/leave`)

  await t.test('no cookie, no storage, and every page said: do not keep', async () => {
    assert.deepEqual(await context.cookies(), [])
    assert.deepEqual((await context.storageState()).origins, [])
    assert.deepEqual(uncached, [])
  })
  await t.test('going back shows nothing of what was written', async () => {
    await page.goBack().catch(() => {})
    // Chromium shows its own page instead, which takes the place of ours in the middle of the navigation.
    await page.waitForURL(/^chrome-error:/)
    const shown = await page.content()
    for (const { text } of written) assert.ok(!shown.includes(text))
  })
  await context.close()
  await t.test('no byte of it is in the browser’s folder, which did keep what it may', async () => {
    const sought = [...written, { name: 'receipt', text: receipt }]
    const { sightings, files } = await searchFolders([profile], sought)
    assert.ok(files > 20, `${files} files`)
    assert.deepEqual(sightings, [])
    const visited = await searchFolders([profile], [{ name: 'visited', text: '/declare/leave' }])
    assert.ok(visited.sightings.length > 0, 'the history names the page, as the page itself says')
  })
})
