import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { sql } from 'kysely'
import type { BrowserContext, Page } from 'playwright-core'
import { missingChromium, startBrowser, type TestBrowser } from '../support/browser.ts'
import {
  type DeskHouse,
  examplePerson,
  exampleSubmission,
  openDeskHouse,
} from '../support/desk-house.ts'

const skip = missingChromium()
let house: DeskHouse
let browser: TestBrowser
let url = ''
let ada: Volunteer
let ben: Volunteer

interface Volunteer {
  readonly context: BrowserContext
  readonly page: Page
  readonly name: string
  readonly words: string
  /** Whatever the page complained about: errors of scripts, refusals of the content policy. */
  readonly complaints: string[]
}

before(async () => {
  if (skip) return
  house = await openDeskHouse()
  house.clockAt = new Date()
  url = await house.serve()
  await house.startPublisher()
  browser = await startBrowser()
  ada = await invited(house.invitations[0] ?? '', 'ada', 'desktop')
  ben = await invited(house.invitations[1] ?? '', 'ben', 'phone')
})
after(async () => {
  if (skip) return
  await browser[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

/** Goes from the link to a keyring as a person does: reads the words, types two of them back. */
async function invited(link: string, name: string, screen: 'phone' | 'desktop') {
  const context = await browser.open({ scripts: 'on', screen })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(link.replace(/^http:\/\/[^/]+/, url))
  const nameField = page.getByLabel('Choose a name for this desk')
  await nameField.fill(name)
  await requireAccessible(page)
  await page.getByRole('button', { name: 'Continue' }).click()
  const words = await page.locator('.word').allInnerTexts()
  assert.equal(words.length, 7)
  await requireAccessible(page)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  for (const label of await page.locator('main label').allInnerTexts()) {
    const number = Number(/\d/.exec(label)?.[0])
    await page.getByLabel(label).fill(words[number - 1] ?? '')
  }
  await requireAccessible(page)
  await page.getByRole('button', { name: 'Make my keys' }).click()
  await page.getByRole('button', { name: 'Go to the desk' }).click()
  return { context, page, name, words: words.join(' '), complaints }
}

async function unlock({ page, name, words }: Volunteer): Promise<void> {
  await page.getByLabel('Your name here').fill(name)
  await page.getByLabel('Your seven words').fill(words)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
}

async function requireAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)
  assert.deepEqual(found, [])
}

async function requireNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, width] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ])
  assert.ok((wide ?? 0) <= (width ?? 0), `${wide} px wide on ${width}`)
}

const heading = (page: Page, text: RegExp) =>
  page.getByRole('heading', { level: 1, name: text }).waitFor()

test('a case goes from one browser to the other and to the publisher', { skip }, async (t) => {
  const { page } = ada
  assert.equal(new URL(page.url()).hash, '', 'the link’s secret left the address bar')

  await t.test('the wrong words open nothing and say so', async () => {
    await page.getByLabel('Your name here').fill('ada')
    await page.getByLabel('Your seven words').fill('seven words that are not the right ones')
    await page.keyboard.press('Enter')
    const alert = page.getByRole('alert')
    await alert.waitFor()
    assert.equal(await alert.getAttribute('data-code'), 'wrong_passphrase')
    await requireAccessible(page)
    ada.complaints.length = 0 // Chromium writes every 401 to its console.
  })

  await t.test('an empty queue says what it is', async () => {
    await unlock(ada)
    await page.getByText('No case is waiting').waitFor()
    await requireAccessible(page)
  })

  await t.test(
    'a case is taken with the keyboard, redacted, lowered, saved and proposed',
    async () => {
      await house.send(
        exampleSubmission({
          language: 'zh-hans',
          who: 'group',
          claimed: 4,
          statement: {
            kind: 'own',
            language: 'zh-hans',
            text: '这是编造的文字。电话 138 0013 8000，住在某地。',
          },
          persons: [
            examplePerson({ name: { kind: 'alias', value: '晨光' } }),
            examplePerson({ name: { kind: 'real', value: '示例乙' }, evidence: 'consented' }),
          ],
        }),
      )
      await page.getByRole('button', { name: 'Refresh' }).click()
      const take = page.locator('[data-list=waiting]').getByRole('button')
      await take.focus()
      await page.keyboard.press('Enter')
      await heading(page, /^Case of/)
      await page.getByRole('button', { name: /^Take out 138/ }).click()
      await page.getByLabel('Words to take out').fill('某地')
      await page.getByRole('button', { name: 'Take out everywhere' }).click()
      const text = page.getByLabel('The text as it will stand')
      assert.equal(await text.inputValue(), '这是编造的文字。电话 […]，住在[…]。')
      const second = page.locator('details.person').nth(1)
      await second.getByLabel('Show the name').uncheck()
      await second.getByLabel('Evidence').selectOption('relayed')
      assert.deepEqual(
        await second
          .getByLabel('Evidence')
          .locator('option')
          .evaluateAll((all) => all.length),
        2,
        'nothing stronger is offered',
      )
      await page.getByText('Draft sealed and saved.').waitFor()
      await requireAccessible(page)
      await requireNoSidewaysScroll(page)
      await page.getByRole('button', { name: 'Propose for publication' }).click()
      await page.getByText('waits for a second person').waitFor()
      await page.getByText('Nothing waits for your decision.').waitFor()
    },
  )

  await t.test(
    'the second person sees what was changed, in their language, and signs',
    async () => {
      const phone = ben.page
      await unlock(ben)
      await requireNoSidewaysScroll(phone)
      await phone.locator('[data-list=to-decide]').getByRole('button').click()
      await heading(phone, /^Decide/)
      assert.deepEqual(await phone.locator('del').allInnerTexts(), ['138 0013 8000', '某地'])
      assert.match(await phone.locator('table').innerText(), /Evidence/)
      const preview = await phone.locator('.preview').last().innerText()
      assert.match(preview, /晨光/)
      assert.doesNotMatch(preview, /示例乙|138/)
      await requireAccessible(phone)
      await phone.getByRole('button', { name: '繁體中文' }).click()
      await requireAccessible(phone)
      await requireNoSidewaysScroll(phone)
      assert.equal(await phone.locator('html').getAttribute('lang'), 'zh-Hant-TW')
      await phone.getByRole('button', { name: '核准並簽名' }).click()
      await phone.getByText('已核准。').waitFor()
      const { rows } = await sql`SELECT 1 FROM avow.approved_item`.execute(house.owner)
      assert.equal(rows.length, 1)
      await phone.getByRole('button', { name: 'English' }).click()
    },
  )
})

test('without a connection nothing is lost: the draft waits and the proposal is sent again', {
  skip,
}, async () => {
  const { page, context } = ada
  await house.send(exampleSubmission())
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.locator('[data-list=waiting]').getByRole('button').first().click()
  await heading(page, /^Case of/)
  await context.setOffline(true)
  await page.getByLabel('Show the name').uncheck()
  await page.getByText('the draft is kept in this tab').waitFor()
  await page.getByRole('button', { name: 'Propose for publication' }).click()
  assert.equal(await page.getByRole('alert').getAttribute('data-code'), 'offline')
  await context.setOffline(false)
  await page.getByText('Draft sealed and saved.').waitFor()
  await page.getByRole('button', { name: 'Propose for publication' }).click()
  await page.getByText('waits for a second person').waitFor()
  ada.complaints.length = 0 // Chromium writes every failed request to its console.
})

test('locking forgets the keys and not the work', { skip }, async () => {
  const { page } = ben
  await house.send(exampleSubmission())
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.locator('[data-list=waiting]').getByRole('button').first().click()
  await heading(page, /^Case of/)
  await page.getByLabel('Show the name').uncheck()
  await page.getByRole('button', { name: 'Lock' }).click()
  await page.getByText('This tab holds no keys any more.').waitFor()
  assert.doesNotMatch(await page.content(), /Example Person/)
  await requireAccessible(page)
  await unlock(ben)
  await page.locator('[data-list=mine]').getByRole('button').click()
  await heading(page, /^Case of/)
  assert.equal(await page.getByLabel('Show the name').isChecked(), false)
  await page.getByRole('button', { name: 'Put back' }).click()
  await page.getByText('The case was put back.').waitFor()
})

test('a session that ended asks for the words again, with the draft kept', { skip }, async () => {
  const { page, context } = ben
  await page.locator('[data-list=waiting]').getByRole('button').first().click()
  await heading(page, /^Case of/)
  await context.clearCookies()
  await page.getByLabel('Show the text').uncheck()
  await page.getByRole('button', { name: 'Propose for publication' }).click()
  await page.getByText('Your session has ended.').waitFor()
  await unlock(ben)
  await page.locator('[data-list=mine]').getByRole('button').click()
  await heading(page, /^Case of/)
  assert.equal(await page.getByLabel('Show the text').isChecked(), false)
  await page.getByRole('button', { name: 'Put back' }).click()
  await page.getByText('The case was put back.').waitFor()
  ben.complaints.length = 0 // Chromium writes every 401 to its console.
})

test('a case that comes back says why, and one that is not to be published ends', {
  skip,
}, async () => {
  const { page } = ada
  const id = await page.evaluate(() => location.href)
  assert.doesNotMatch(id, /[0-9a-f]{16}/, 'no case in the address')
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.locator('[data-list=waiting]').getByRole('button').first().click()
  await heading(page, /^Case of/)
  await page.getByText('Propose not to publish').first().click()
  await page.getByRole('button', { name: 'Propose not to publish' }).click()
  await page.getByText('Choose a reason first.').waitFor()
  await requireAccessible(page)
  await page.getByLabel('Reason for the sender').selectOption('advertising')
  await page.getByRole('button', { name: 'Propose not to publish' }).click()
  await page.getByText('waits for a second person').waitFor()

  const phone = ben.page
  await phone.getByRole('button', { name: 'Refresh' }).click()
  const rejection = phone.locator('[data-list=to-decide] li', { hasText: 'not to be published' })
  await rejection.getByRole('button').click()
  await heading(phone, /^Decide/)
  await phone.locator('summary', { hasText: 'Give back' }).click()
  await phone.getByLabel('What should be done').selectOption('other')
  await phone.getByRole('button', { name: 'Give back' }).click()
  await phone.getByText('The case was given back.').waitFor()

  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.locator('[data-list=returned]').getByRole('button').click()
  await page.getByText('This case was returned. Reason: please look at it again').waitFor()
  await page.getByText('Propose not to publish').first().click()
  await page.getByLabel('Reason for the sender').selectOption('test')
  await page.getByRole('button', { name: 'Propose not to publish' }).click()
  await page.getByText('waits for a second person').waitFor()
  await phone.getByRole('button', { name: 'Refresh' }).click()
  await rejection.getByRole('button').click()
  await heading(phone, /^Decide/)
  await requireAccessible(phone)
  await phone.getByRole('button', { name: 'Confirm: do not publish' }).click()
  await phone.getByText('closed without publication').waitFor()
})

test('a key holder invites and proposes, and the second compares the code and signs', {
  skip,
}, async () => {
  const { page } = ada
  await page.getByRole('button', { name: 'Volunteers' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.locator('.note .mono').innerText()
  const cat = await invited(link, 'cat', 'phone')
  await page.getByRole('button', { name: 'Refresh' }).click()
  const code = await page.locator('[data-list=applicants] .code').innerText()
  assert.match(code, /^(\d{4} ){3}\d{4}$/)
  await requireAccessible(page)
  await page.getByRole('button', { name: /propose cat/ }).click()
  await page.getByText('cat is proposed.').waitFor()
  await page.getByText('You proposed this.').waitFor()
  assert.equal(await page.getByRole('button', { name: /^Sign/ }).count(), 0)
  await requireAccessible(page)

  const phone = ben.page
  await phone.getByRole('button', { name: 'Volunteers' }).click()
  const waiting = phone.locator('[data-list=pending]')
  assert.equal(await waiting.locator('.code').innerText(), code)
  await requireAccessible(phone)
  await requireNoSidewaysScroll(phone)
  await waiting.getByRole('button', { name: /^Sign/ }).focus()
  await phone.keyboard.press('Enter')
  await phone.getByText('Signed. The change holds from now on.').waitFor()
  await unlock(cat)
  assert.deepEqual(cat.complaints, [])
})

test('the tab stores nothing, and the page obeys its own policy', { skip }, async () => {
  for (const { page, context, complaints } of [ada, ben]) {
    const stored = await page.evaluate(() => localStorage.length + sessionStorage.length)
    assert.equal(stored, 0)
    const cookies = await context.cookies()
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: 'avow-desk', httpOnly: true, sameSite: 'Strict' }],
    )
    assert.deepEqual(complaints, [])
  }
})
