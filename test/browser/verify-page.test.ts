import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { flipBit } from '../support/find-lie.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { standardRegister } from '../support/tiny-examples.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { runAvow, untilCount } from '../support/watch-register.ts'

const skip = missingChromium()
const PATIENCE = { timeout: 60_000 }

test('a reader checks the site in their browser', { skip }, async () => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const one = await becomeVolunteer(product.invitations[0] ?? '', 'alder')
  const two = await becomeVolunteer(product.invitations[1] ?? '', 'birch')
  const text = 'A sample text <b>of nobody</b>'
  await (await prepareFiling(product.url, { text, organisation: 'league' })).send()
  await proposeAll(one.desk)
  await approveAll(two.desk)
  await untilCount(product.url, 1)

  const context = await browser.open({ scripts: 'on' })
  const page = await context.newPage()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(product.url)) elsewhere.push(request.url())
  })
  await page.goto(`${product.url}en/verify/`)
  await page.locator('#checker input[inputmode=numeric]').fill('0')
  await page.keyboard.press('Enter')
  const shown = await outcome(page, 'dl')
  assert.match(shown, /Declaration 0 is in the register as shown here/)
  assert.ok(shown.includes(text), 'words of a stranger stand as text')
  assert.match(shown, /none yet: its operator could show others another history/)

  await page.getByRole('button', { name: 'Check everything' }).click()
  assert.match(await outcome(page, 'dl'), /The register holds what it promises/)

  await page.locator('#checker input[inputmode=numeric]').fill('7')
  await page.keyboard.press('Enter')
  assert.match(await outcome(page, '[role=alert]'), /there is no declaration 7/)

  await page.getByLabel('a policy of your own').check()
  await page.locator('#checker textarea').fill('not a policy')
  await page.getByRole('button', { name: 'Check everything' }).click()
  await page.getByText('This is not a policy').waitFor(PATIENCE)
  assert.deepEqual(elsewhere, [])

  const plain = await (await browser.open({ scripts: 'off' })).newPage()
  await plain.goto(`${product.url}en/verify/`)
  assert.equal(await plain.locator('#checker').isVisible(), false)
})

test('the checker in a file judges a folder without the site, and finds a flipped bit', {
  skip,
}, async () => {
  await using browser = await startBrowser()
  const folder = mkdtempSync(join(tmpdir(), 'avow-check-'))
  try {
    const register = await standardRegister()
    await register.writeTo(join(folder, 'copy'))
    writeFileSync(join(folder, 'policy'), register.policyText)
    const file = join(folder, 'check.html')
    const args = ['verify-file', '--out', file, '--policy', join(folder, 'policy')]
    const written = await runAvow(args)
    assert.equal(written.code, 0, written.output)
    const again = join(folder, 'again.html')
    await runAvow(['verify-file', '--out', again, '--policy', join(folder, 'policy')])
    assert.deepEqual(readFileSync(again), readFileSync(file))

    const page = await (await browser.open({ scripts: 'on' })).newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(`file://${file}`)
    await page.locator('input[webkitdirectory]').setInputFiles(join(folder, 'copy'))
    await page.getByRole('button', { name: 'Check everything' }).click()
    assert.match(await outcome(page, 'dl'), /The register holds what it promises/)
    await page.getByRole('button', { name: '繁體中文' }).click()
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hant-TW')

    const tile = join(folder, 'copy/log/declarations/tile/entries/000.p/9')
    writeFileSync(tile, flipBit(readFileSync(tile), 200))
    await page.locator('input[webkitdirectory]').setInputFiles(join(folder, 'copy'))
    await page.getByRole('button', { name: '查驗全部' }).click()
    assert.match(await outcome(page, '[role=alert]'), /tile\/entries\/000\.p\/9/)
    assert.deepEqual(
      asked.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:')),
      [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

async function outcome(page: Page, selector: string): Promise<string> {
  const status = page.locator('#checker [role=status]')
  await status.locator(selector).first().waitFor(PATIENCE)
  await status.locator('progress').waitFor({ state: 'detached', ...PATIENCE })
  return status.innerText()
}
