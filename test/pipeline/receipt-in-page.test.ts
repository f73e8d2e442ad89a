import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import {
  parseReceipt,
  receiptSecrets,
  receiptToDigits,
  receiptToWords,
} from '../../src/declaration/receipt.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { wordlistOf, wordlists } from '../../src/intake/channels/web/wordlists.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { lookUpReceipt, sendAndReadReceipt, walkToCheck } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { ReceiptPage, SiteReader, until } from '../support/receipt-page.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'
import { type Posted, type WatchedRequests, watchRequests } from '../support/watch-requests.ts'

const skip = missingChromium()
const MODULE_MAX_BYTES = 60_000
const TEXT = 'This text is made up for a test.'
const filing = {
  organisations: ['league'],
  name: { kind: 'alias', value: 'Sample Reed' },
  text: TEXT,
} as const

test('where scripts run, a receipt never leaves the browser', {
  skip,
  timeout: 900_000,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const site = new SiteReader(product)
  const open = async (scripts: 'on' | 'off' = 'on') => {
    const context = await browser.open({ scripts, screen: 'phone' })
    const page = await context.newPage()
    return { context, page, requests: await watchRequests(page) }
  }
  const [firstLink = '', secondLink = ''] = product.invitations
  const { desk: proposer } = await becomeVolunteer(firstLink, 'alder')
  const { desk: decider } = await becomeVolunteer(secondLink, 'birch')
  const { page, context, requests } = await open()
  const filed = async () => {
    await walkToCheck(page, product.url, filing)
    return sendAndReadReceipt(page)
  }
  const withdrawnBefore = await filed()
  const receipt = await filed()
  const receiptPage = new ReceiptPage(page, product, receipt)

  await t.test('before publication it is deleted and nobody can take it', async () => {
    const early = new ReceiptPage(page, product, withdrawnBefore)
    await early.open('withdraw-unpublished')
    await early.press('do')
    assert.match(await early.text(), /Nothing of the declaration is published/)
    assert.match(await early.status(), /It was withdrawn before it was published/)
  })
  assert.equal(await proposeAll(proposer), 1)
  assert.equal(await approveAll(decider), 1)
  await untilCount(product.url, 1)

  await t.test('mistakes of typing are explained without asking anybody', async () => {
    const before = requests.posts().length
    const words = receipt.split(' ')
    const swapped = swapUntilWrong(words)
    const { length } = words[3] ?? ''
    const misspelt = words.with(3, `${words[3]?.slice(0, length - 1)}q`).join(' ')
    assert.match(await lookUpReceipt(page, product.url, misspelt), /Word 4/i)
    assert.match(await lookUpReceipt(page, product.url, words.slice(1).join(' ')), /twelve|12/i)
    assert.match(await lookUpReceipt(page, product.url, swapped), /changed places/)
    assert.equal(await page.locator('[name=receipt]').inputValue(), swapped)
    assert.equal(requests.posts().length, before)
  })

  await t.test(
    'words of another language are read by lists that are fetched for them',
    async () => {
      const bytes = parseReceipt(receipt, wordlists)
      for (const list of wordlists.slice(1, 4)) {
        const said = await lookUpReceipt(page, product.url, receiptToWords(bytes, list).join(' '))
        assert.match(said, /entered in the register/i)
      }
      const digits = receiptToDigits(bytes).join(' ')
      assert.match(await lookUpReceipt(page, product.url, digits), /entered in the register/i)
    },
  )

  await t.test('confirm, and publish the name and the text later', async () => {
    await receiptPage.act('confirm')
    await site.until((event) => /^type confirm$/m.test(event))
    await receiptPage.act('publish-text')
    await receiptPage.act('publish-name')
    await site.untilPage(/Sample Reed/)
    await site.untilPage(/This text is made up for a test\./)
  })

  await t.test('prove authorship, and open the name to one person', async () => {
    for (const kind of ['prove', 'open-name'] as const) {
      const posts = requests.posts().length
      await receiptPage.open(kind)
      const asked = requests.posts().length
      await page.locator('input[name=verifier]').fill('Sample Office')
      await page.locator('input[name=nonce]').fill('ab'.repeat(16))
      await receiptPage.press('do')
      await receiptPage.text()
      const file = join(product.folder, `${kind}.txt`)
      await writeFile(file, await page.locator('#saved').inputValue())
      const answered = await site.verify(['--answer', file, '--nonce', 'ab'.repeat(16)])
      assert.equal(answered.code, 0, answered.output)
      if (kind === 'open-name') assert.match(answered.output, /Sample Reed/)
      else assert.doesNotMatch(answered.output, /Sample Reed/)
      assert.ok(asked > posts)
      for (const { body } of requests.posts().slice(posts)) {
        assert.match(body, /^\{"kind":"view","lookup":"[0-9a-f]{64}"\}$/)
      }
    }
  })

  await t.test('correct the organisations, and take everything down while that waits', async () => {
    let isOffered = false
    for (let round = 0; round < 20 && !isOffered; round++) {
      await receiptPage.open('organisations')
      const party = page.locator('input[name=organisation][value=party]')
      await party.setChecked(!(await party.isChecked()))
      await receiptPage.press('next')
      await receiptPage.text()
      await receiptPage.press('do')
      assert.match(await receiptPage.text(), /It has been taken/)
      await page.locator('main button[name=go][value=status]').click()
      assert.match(await receiptPage.text(), /entered in the register/)
      const all = page.locator('button[name=act][value=take-down-all]')
      isOffered = (await all.count()) > 0
      if (isOffered) await all.click()
    }
    assert.ok(isOffered, 'nothing ever waited')
    await receiptPage.text()
    await page.locator('input[name=when][value=now]').check()
    await receiptPage.press('do')
    assert.match(await receiptPage.text(), /It has been taken/)
    await site.until((event) => /^type redact\n[\s\S]*^shown -$/m.test(event))
    assert.doesNotMatch(await site.page(), /made up for a test|Sample Reed/)
    assert.doesNotMatch(await site.content(), /made up for a test|Sample Reed/)
  })

  await t.test('an answer that is lost on the way does nothing twice', async () => {
    await receiptPage.open('alias')
    let tries = 0
    await page.route('**/receipt/door', async (route) => {
      const isAct = route.request().postData()?.startsWith('{"kind":"act"') === true
      if (!isAct) return route.continue()
      tries += 1
      if (tries > 1) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await receiptPage.press('do')
    assert.match(await receiptPage.text(), /It has been taken/)
    await page.unroute('**/receipt/door')
    assert.equal(tries, 2)
    await site.until((event) => /^type correct\n[\s\S]*^name [^-\n]{40,}$/m.test(event))
  })

  await t.test('remove the name for good', async () => {
    await receiptPage.act('remove-name')
    await site.until((event) => /^type correct\n[\s\S]*^name -$/m.test(event))
    await until(async () => {
      await receiptPage.status()
      return (await page.locator('button[name=act][value=open-name]').count()) === 0
    }, 'the name is still offered')
  })

  let heirWords = receipt
  await t.test('a new receipt is made in the page, and the old one dies', async () => {
    await receiptPage.open('rekey')
    await receiptPage.text()
    const cells = await page.locator('.receipt li').allInnerTexts()
    const words = cells.map((cell) => cell.replace(/[\d\s]+/g, ''))
    await receiptPage.press('next')
    await receiptPage.text()
    for (const field of await page.locator('input[name^=word-]').all()) {
      const position = Number((await field.getAttribute('name'))?.slice('word-'.length))
      await field.fill(words[position - 1] ?? '')
    }
    await receiptPage.press('do')
    assert.match(await receiptPage.text(), /It has been taken/)
    heirWords = words.join(' ')
    await site.until((event) => /^type rekey$/m.test(event))
    assert.match(await receiptPage.status(), /There is nothing under this receipt|forgotten/)
  })

  const heir = new ReceiptPage(page, product, heirWords)
  await t.test('withdraw, restore and forget with the new one', async () => {
    await heir.act('withdraw', 'now')
    await site.until((event) => /^type withdraw$/m.test(event))
    assert.match(await heir.status(), /and withdrawn/)
    await heir.act('restore')
    await site.until((event) => /^type restore$/m.test(event))
  })

  await t.test(
    'the pages made in the browser are accessible, and going back leads back',
    async () => {
      await heir.open('withdraw')
      await heir.text()
      const act = await new AxeBuilder({ page }).analyze()
      await page.goBack()
      assert.match(await heir.text(), /entered in the register/)
      const status = await new AxeBuilder({ page }).analyze()
      assert.deepEqual(
        [...act.violations, ...status.violations].map(({ id, nodes }) => [id, nodes[0]?.html]),
        [],
      )
      await page.locator('.languages button').first().click()
      await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans-CN')
      assert.match(await heir.text(), /这张回执可以做什么/)
      await page.goBack()
      await page.locator('[name=receipt]').waitFor()
      assert.equal(await page.locator('[name=receipt]').inputValue(), '')
    },
  )

  await t.test('forget me', async () => {
    await heir.open('forget')
    await heir.press('do')
    assert.match(await heir.text(), /It is forgotten/)
    assert.match(await heir.status(), /This receipt was forgotten/)
  })

  await t.test('nothing is left in the browser after leaving the page', async () => {
    await page.getByRole('link', { name: /leave this page/i }).click()
    await page.waitForURL('**/declare/leave')
    assert.deepEqual(await storedIn(page), [])
    assert.deepEqual(await context.cookies(), [])
    await page.goBack()
    assert.doesNotMatch(await page.content(), /This receipt was forgotten/)
  })

  await t.test('no receipt and no key of one was in any request, in any spelling', () => {
    for (const one of [receipt, withdrawnBefore, heirWords]) requireUnsent(requests, one)
    const paths = new Set(requests.posts().map(({ url }) => new URL(url).pathname))
    assert.deepEqual([...paths].sort(), ['/declare/sealed', '/receipt/door'])
  })

  await t.test('the verifier agrees with all of it', async () => {
    const { code, output } = await site.verify([])
    assert.equal(code, 0, output)
  })

  await t.test('scripts and words of each language stay within their budget', async () => {
    for (const language of ['en', 'zh-hans', 'zh-hant']) {
      const { page: fresh, requests: sent } = await open()
      await fresh.goto(`${product.url}${language}/receipt/`)
      await fresh.locator('form[method=dialog]').waitFor()
      const scripts = sent.received().filter(({ url }) => url.endsWith('.js'))
      assert.equal(scripts.length, 3, 'a loader, the code, the data of one language')
      const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0)
      assert.ok(bytes <= MODULE_MAX_BYTES, `${language}: ${bytes} bytes`)
      t.diagnostic(`${language}: ${bytes} bytes`)
      await fresh.context().close()
    }
  })

  for (const [at, what] of ['the loader', 'the code', 'the data'].entries()) {
    await t.test(`when ${what} does not load, the page works as before`, async () => {
      const { page: fresh, requests: sent } = await open()
      let scripts = 0
      await fresh.route('**/assets/*.js', (route) => {
        scripts += 1
        return scripts <= at ? route.continue() : route.abort()
      })
      const said = await lookUpReceipt(fresh, product.url, heirWords)
      await fresh.locator('input[name=state]').waitFor({ state: 'attached' })
      assert.match(await fresh.locator('main').innerText(), /This receipt was forgotten/, said)
      assert.ok(sent.posts().every(({ url }) => url.endsWith('/en/receipt/')))
      await fresh.context().close()
    })
  }

  await t.test('a press before the scripts are there waits for them', async () => {
    const { page: fresh, requests: sent } = await open()
    const pressed = Promise.withResolvers<void>()
    let scripts = 0
    await fresh.route('**/assets/*.js', async (route) => {
      scripts += 1
      if (scripts > 1) await pressed.promise
      await route.continue()
    })
    await fresh.goto(`${product.url}en/receipt/`, { waitUntil: 'commit' })
    await fresh.locator('[name=receipt]').fill(heirWords)
    await fresh.waitForFunction(() => document.readyState !== 'loading')
    await fresh.locator('button.button').click({ noWaitAfter: true })
    await fresh.locator('form[aria-busy]').waitFor()
    pressed.resolve()
    await fresh.getByText('This receipt was forgotten').waitFor({ timeout: 60_000 })
    requireUnsent(sent, heirWords)
    await fresh.context().close()
  })

  await t.test('a recipient that the log did not sign is not sealed to', async () => {
    const { page: fresh } = await open()
    await fresh.route('**/en/receipt/', async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      const response = await route.fetch()
      const body = (await response.text()).replace(/age1pq1(.)(.)/, 'age1pq1$2$1')
      return route.fulfill({ response, body })
    })
    await fresh.goto(`${product.url}en/receipt/`)
    await fresh.waitForLoadState('networkidle')
    assert.equal(await fresh.locator('form[method=dialog]').count(), 0)
    await fresh.context().close()
  })
})

/** Two neighbours exchanged so that the check digits notice, as fifteen of sixteen times they do. */
function swapUntilWrong(words: readonly string[]): string {
  for (let i = 0; i + 1 < words.length; i++) {
    const swapped = words.with(i, words[i + 1] ?? '').with(i + 1, words[i] ?? '')
    try {
      parseReceipt(swapped.join(' '), wordlists)
    } catch {
      return swapped.join(' ')
    }
  }
  throw new Error('no exchange is noticed')
}

function requireUnsent(requests: WatchedRequests, words: string): void {
  const receipt = parseReceipt(words, wordlists)
  const { authorSeed, ageSeed, submissionId } = receiptSecrets(receipt)
  const bytes = [receipt, authorSeed, ageSeed, submissionId].map((one) => Buffer.from(one))
  const spelled = ['en', 'zh-hans', 'zh-hant'] as const
  const texts = spelled.map((id) => receiptToWords(receipt, wordlistOf(id)).slice(0, 3))
  const digits = receiptToDigits(receipt).slice(0, 3)
  const spellings = [
    ...[...texts, digits].flatMap((three) => [' ', '', '\n', ','].map((by) => three.join(by))),
    ...bytes.flatMap((one) => [
      toHex(one),
      one.toString('base64').replace(/=+$/, ''),
      one.toString('base64url'),
      one.toString('latin1'),
    ]),
  ]
  for (const sent of requests.all()) {
    for (const spelling of spellings) {
      assert.ok(!readings(sent).some((one) => one.includes(spelling)), `${sent.url} has a receipt`)
    }
  }
}

/** What was sent as it was, with its percent signs undone, and what it holds in base64. */
function readings({ url, body }: Posted): readonly string[] {
  const whole = `${url}\n${body}`
  const plain = whole
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  const utf8 = Buffer.from(plain, 'latin1').toString()
  const held = (whole.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []).map((run) => Buffer.from(run, 'base64'))
  return [whole, plain, utf8, ...held.flatMap((one) => [one.toString('latin1'), one.toString()])]
}

function storedIn(page: Page): Promise<string[]> {
  return page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => `database ${name}`),
    ...('caches' in self ? await caches.keys() : []),
  ])
}
