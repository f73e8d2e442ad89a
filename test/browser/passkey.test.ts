import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { CDPSession, Page } from 'playwright-core'
import { missingChromium, startBrowser, type TestBrowser } from '../support/browser.ts'
import { joinDesk } from '../support/desk-page.ts'
import { type Product, startProduct } from '../support/product.ts'

const skip = missingChromium()
let product: Product
let browser: TestBrowser
let url = ''
before(async () => {
  if (skip) return
  product = await startProduct()
  // A passkey is bound to a name, and an address in digits is none.
  url = product.url.replace('127.0.0.1', 'localhost').replace(/\/$/, '')
  browser = await startBrowser()
})
after(async () => {
  if (skip) return
  await browser[Symbol.asyncDispose]()
  await product[Symbol.asyncDispose]()
})

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

async function requireAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)
  assert.deepEqual(found, [])
}

/** A device that verifies its owner and answers at once. */
async function plugIn(page: Page, hasPrf: boolean): Promise<{ cdp: CDPSession; device: string }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return { cdp, device: authenticatorId }
}

async function joined(link: string, name: string) {
  const context = await browser.open({ scripts: 'on' })
  const page = await context.newPage()
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.postData() ?? ''))
  await joinDesk(page, url, link, name)
  return { page, sent }
}

test('a passkey opens the keys, its secret stays in the browser, and a removed one opens nothing', {
  skip,
}, async () => {
  const { page, sent } = await joined(product.invitations[0] ?? '', 'ada')
  const { cdp, device } = await plugIn(page, true)
  await page.getByRole('button', { name: 'Your keys' }).click()
  await page.getByText('No passkey yet.').waitFor()
  await page.getByLabel('A name for it').fill('Blue laptop')
  await requireAccessible(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('Added.').waitFor()
  await page.locator('[data-list=passkeys]').getByText('Blue laptop').waitFor()
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: device })
  assert.equal(credentials.length, 1)
  assert.equal(credentials[0]?.rpId, 'localhost')
  assert.equal(credentials[0]?.isResidentCredential, true)

  await page.getByRole('button', { name: 'Lock' }).click()
  await heading(page, 'Unlock the desk')
  await requireAccessible(page)
  await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
  await page.getByText('Signed in as ada').waitFor({ timeout: 90_000 })
  const login = sent.find((body) => body.includes('authenticatorData')) ?? ''
  assert.notEqual(login, '')
  const again = await page.context().request.post(`${url}/desk/api/passkey/login`, {
    headers: { origin: url, 'content-type': 'application/json' },
    data: login,
  })
  assert.equal(again.status(), 401, 'a signature seen on its way signs nobody in again')
  for (const body of sent) {
    assert.doesNotMatch(body, /"prf"|clientExtensionResults/, 'the secret leaves with no request')
    assert.doesNotMatch(body, /Blue laptop/, 'nor does the name in clear')
  }

  await page.getByRole('button', { name: 'Your keys' }).click()
  await page.getByRole('button', { name: 'Remove Blue laptop' }).click()
  await page.getByText('No passkey yet.').waitFor()
  await page.getByRole('button', { name: 'Lock' }).click()
  await heading(page, 'Unlock the desk')
  await page.getByRole('button', { name: 'Unlock with a passkey' }).click()
  const alert = page.getByRole('alert')
  await alert.waitFor()
  assert.equal(await alert.getAttribute('data-code'), 'wrong_passkey')
})

test('a device without the PRF is refused in plain words and leaves nothing at the desk', {
  skip,
}, async () => {
  const { page } = await joined(product.invitations[1] ?? '', 'ben')
  await plugIn(page, false)
  await page.getByRole('button', { name: 'Your keys' }).click()
  await page.getByLabel('A name for it').fill('Old key')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const alert = page.getByRole('alert')
  await alert.waitFor()
  assert.equal(await alert.getAttribute('data-code'), 'no_prf')
  await page.getByText('No passkey yet.').waitFor()
})

test('where passkeys cannot be, no button offers one and the page says why', { skip }, async () => {
  const context = await browser.open({ scripts: 'on' })
  const page = await context.newPage()
  await page.goto(`${product.url}desk`)
  await page.getByText('cannot use passkeys').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Unlock with a passkey' }).count(), 0)
  const answer = await context.request.post(`${product.url}desk/api/passkey/challenge`, {
    headers: { origin: new URL(product.url).origin, 'content-type': 'application/json' },
    data: {},
  })
  assert.equal(answer.status(), 409)
})
