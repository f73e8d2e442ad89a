import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { missingChromium, startBrowser } from '../support/browser.ts'
import {
  lookUpReceipt,
  next,
  sendAndReadReceipt,
  walkToCheck,
} from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'
import { type Posted, watchRequests } from '../support/watch-requests.ts'

const skip = missingChromium()
const MODULE_MAX_BYTES = 60_000

/** Typed in the form, each unlike anything a page or a hash contains. */
const TYPED = {
  name: 'Sample Quillfeather',
  text: 'Zanzibar oblong marmalade 合成样本芦苇 synthetic text.',
  position: 'under-gardener of samples',
}
const filing = {
  organisations: ['party', 'league'],
  name: { kind: 'alias', value: TYPED.name },
  text: TYPED.text,
  position: TYPED.position,
  consents: ['text', 'name', 'position'],
} as const

test('where scripts run, the form is sealed in the page', { skip }, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const [firstLink = '', secondLink = ''] = product.invitations
  const proposer = await becomeVolunteer(firstLink, 'alder')
  const decider = await becomeVolunteer(secondLink, 'birch')
  const open = async (options: { scripts?: 'on' | 'off'; screen?: 'phone' | 'desktop' } = {}) => {
    const context = await browser.open({ scripts: 'on', ...options })
    return { context, page: await context.newPage() }
  }

  await t.test('what is typed leaves the page in no request and no encoding', async () => {
    const { page } = await open({ screen: 'phone' })
    const requests = await watchRequests(page)
    await walkToCheck(page, product.url, filing)
    assert.deepEqual(requests.posts(), [], 'no step is posted')
    assert.match(await page.locator('main').innerText(), /this page, on your device/)
    const receipt = await sendAndReadReceipt(page)
    const posts = requests.posts()
    assert.deepEqual(
      posts.map(({ url }) => new URL(url).pathname),
      ['/declare/sealed'],
    )
    for (const sent of requests.all()) requireNothingTyped(sent, [...Object.values(TYPED), receipt])
    assert.match(
      posts[0]?.body ?? '',
      /^avow\/sealed-submission\/v1\nlanguage en\nreceipt [0-9a-f]{64}\n-----BEGIN/,
    )

    assert.equal(await proposeAll(proposer.desk), 1)
    assert.equal(await approveAll(decider.desk), 1)
    await untilCount(product.url, 1)
    const status = await lookUpReceipt(page, product.url, receipt)
    assert.match(status, /entered in the register/i)
    await page.goto(`${product.url}en/declaration/0/`)
    const shown = await page.locator('main').innerText()
    assert.match(shown, /Zanzibar oblong marmalade 合成样本芦苇/)
    assert.match(shown, /Sample Quillfeather/)
  })

  await t.test(
    'the scripts and words of each language stay within their budget on the wire',
    async () => {
      for (const language of ['en', 'zh-hans', 'zh-hant']) {
        const { page } = await open()
        const requests = await watchRequests(page)
        await page.goto(`${product.url}${language}/declare/`)
        await taken(page)
        const scripts = requests.received().filter(({ url }) => url.endsWith('.js'))
        assert.equal(scripts.length, 3, 'a loader, the code, the data of one language')
        const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0)
        assert.ok(bytes <= MODULE_MAX_BYTES, `${language}: ${bytes} bytes`)
        t.diagnostic(`${language}: ${bytes} bytes`)
        await page.context().close()
      }
    },
  )

  await t.test('nothing is left in the browser after sending and after leaving', async () => {
    const { page, context } = await open()
    await walkToCheck(page, product.url, filing)
    await sendAndReadReceipt(page)
    assert.deepEqual(await storedIn(page), [])
    await next(page)
    await page.waitForURL('**/declare/leave')
    assert.deepEqual(await storedIn(page), [])
    assert.deepEqual(await context.cookies(), [])
    await page.goBack()
    await page.locator('input[name=who]').first().waitFor()
    assert.equal(await page.locator('input[name=who]:checked').count(), 0)
    assert.doesNotMatch(await page.content(), /Quillfeather|Zanzibar/)
  })

  await t.test('going back and forward keeps what was typed', async () => {
    const { page } = await open()
    await walkToCheck(page, product.url, filing)
    await page.goBack()
    await page.goBack()
    assert.equal(await page.locator('textarea[name=text]').inputValue(), TYPED.text)
    await page.locator('textarea[name=text]').fill(`${TYPED.text} More.`)
    await page.goForward()
    await page.goForward()
    assert.match(await page.locator('main').innerText(), /synthetic text\. More\./)
    await page.locator('button[value=edit-name]').click()
    await page.locator('input[name=name-kind][value=none]').check()
    await next(page)
    // Another name is another question: the consents are asked again.
    await page.locator('input[name=consent]').first().waitFor()
    await page.locator('nav.back button').click()
    await page.locator('input[name=name-kind]').first().waitFor()
    await page.locator('.languages button').first().click()
    await page.waitForFunction(() => document.documentElement.lang === 'zh-Hans-CN')
    assert.match(page.url(), /\/zh-hans\/declare/)
    assert.equal(await page.locator('input[name=name-kind]:checked').getAttribute('value'), 'none')
  })

  await t.test(
    'closing or reloading a page with answers asks first; an empty one does not',
    async () => {
      const { page } = await open()
      await page.goto(`${product.url}en/declare/`)
      await taken(page)
      const asked: string[] = []
      page.on('dialog', (dialog) => {
        asked.push(dialog.type())
        void dialog.accept()
      })
      await page.reload()
      assert.deepEqual(asked, [])
      await taken(page)
      await page.locator('input[name=who][value=self]').check()
      await next(page)
      await page.locator('input[name=organisation]').first().waitFor()
      await page.reload()
      assert.deepEqual(asked, ['beforeunload'])
      await taken(page)
      assert.equal(await page.locator('input[name=who]:checked').count(), 0)
    },
  )

  await t.test(
    'a lost connection while sending stores one envelope and shows one receipt',
    async () => {
      const before = await waiting(proposer.desk)
      const { page } = await open()
      await walkToCheck(page, product.url, filing)
      let tries = 0
      const bodies = new Set<string>()
      await page.route('**/declare/sealed', async (route) => {
        tries += 1
        bodies.add(route.request().postData() ?? '')
        // The second arrives and its answer is lost; the third never arrives; then the line is back.
        if (tries === 2) await route.fetch()
        await (tries <= 3 ? route.abort() : route.continue())
      })
      await next(page)
      await page.locator('.error-summary').waitFor({ timeout: 60_000 })
      assert.match(await page.locator('main').innerText(), /Send it again/)
      await sendAndReadReceipt(page)
      assert.equal(tries, 4)
      assert.equal(bodies.size, 1, 'the same bytes each time')
      assert.equal(await waiting(proposer.desk), before + 1)
    },
  )

  await t.test('an edit after a send that was not confirmed names what it replaces', async () => {
    const { page } = await open()
    await walkToCheck(page, product.url, filing)
    let lose = true
    await page.route('**/declare/sealed', async (route) => {
      if (!lose) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await next(page)
    await page.locator('.error-summary').waitFor({ timeout: 60_000 })
    lose = false
    await page.locator('button[value=edit-about]').click()
    await page.locator('input[name=position]').fill('')
    await next(page)
    await page.locator('input[name=consent]').first().waitFor()
    await next(page)
    await sendAndReadReceipt(page)
    const { lists } = await proposer.desk.readQueue()
    const replaced: (string | null)[] = []
    for (const { id } of lists.waiting.cases) {
      const opened = await proposer.desk.take(id)
      replaced.push(...opened.submissions.map(({ replaces }) => replaces))
      await proposer.desk.release(id)
    }
    assert.equal(replaced.filter((id) => id !== null).length, 1)
  })

  // They are asked for in this order.
  for (const [at, what] of ['the loader', 'the code', 'the data'].entries()) {
    await t.test(`when ${what} does not load, the form works as before`, async () => {
      const { page } = await open()
      const requests = await watchRequests(page)
      let scripts = 0
      await page.route('**/assets/*.js', (route) => {
        scripts += 1
        return scripts <= at ? route.continue() : route.abort()
      })
      await walkToCheck(page, product.url, filing)
      await sendAndReadReceipt(page)
      assert.ok(requests.posts().length > 5)
      assert.ok(requests.posts().every(({ url }) => url.endsWith('/en/declare/')))
    })
  }

  await t.test(
    'a button pressed before the scripts are there waits for them and posts nothing',
    async () => {
      const { page } = await open()
      const requests = await watchRequests(page)
      const pressed = Promise.withResolvers<void>()
      let scripts = 0
      await page.route('**/assets/*.js', async (route) => {
        scripts += 1
        if (scripts > 1) await pressed.promise
        await route.continue()
      })
      await page.goto(`${product.url}en/declare/`, { waitUntil: 'commit' })
      await page.locator('input[name=who][value=self]').check()
      await page.waitForFunction(() => document.readyState !== 'loading')
      await page.locator('button.button').click({ noWaitAfter: true })
      await page.locator('form[aria-busy]').waitFor()
      pressed.resolve()
      await page.locator('input[name=organisation]').first().waitFor()
      assert.deepEqual(requests.posts(), [])
    },
  )

  await t.test(
    'told to wait, the page waits its turn and sends itself with its ticket',
    async () => {
      const before = await waiting(proposer.desk)
      const { page } = await open()
      await walkToCheck(page, product.url, filing)
      const bodies: string[] = []
      await page.route('**/declare/sealed', async (route) => {
        bodies.push(route.request().postData() ?? '')
        if (bodies.length > 1) return route.continue()
        return route.fulfill({ status: 503, json: { waitMs: 1500, ticket: 'a-ticket' } })
      })
      await next(page)
      await page.getByText('waits for its turn').waitFor({ timeout: 60_000 })
      await page.locator('.receipt li').last().waitFor({ timeout: 60_000 })
      assert.deepEqual(bodies.slice(1), [`${bodies[0]}ticket a-ticket\n`])
      assert.equal(await waiting(proposer.desk), before + 1)
    },
  )

  await t.test('the pages made in the browser are accessible', async () => {
    const { page } = await open({ screen: 'phone' })
    await walkToCheck(page, product.url, filing)
    const check = await new AxeBuilder({ page }).analyze()
    await sendAndReadReceipt(page)
    const receipt = await new AxeBuilder({ page }).analyze()
    const found = [...check.violations, ...receipt.violations]
    assert.deepEqual(
      found.map(({ id, nodes }) => [id, nodes[0]?.html]),
      [],
    )
  })

  await t.test('an engine without subtle crypto gets the form as before', async () => {
    const { page, context } = await open()
    await context.addInitScript(() => {
      Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })
    })
    const requests = await watchRequests(page)
    await walkToCheck(page, product.url, filing)
    await sendAndReadReceipt(page)
    assert.ok(requests.posts().every(({ url }) => url.endsWith('/en/declare/')))
  })

  await t.test(
    'a key that the root did not sign is not sealed to: the page stays as the server made it',
    async () => {
      const { page } = await open()
      await page.route('**/en/declare/', async (route) => {
        if (route.request().method() !== 'GET') return route.continue()
        const response = await route.fetch()
        const body = (await response.text()).replace(/age1pq1q{0,1}(.)(.)/, 'age1pq1$2$1')
        return route.fulfill({ response, body })
      })
      await page.goto(`${product.url}en/declare/`)
      await page.waitForLoadState('networkidle')
      assert.equal(await page.locator('input[name=state]').count(), 1)
      assert.doesNotMatch(await page.locator('.note').innerText(), /fingerprint/i)
    },
  )

  await t.test('a group seals a receipt for each person', async () => {
    const { page } = await open({ screen: 'phone' })
    await page.goto(`${product.url}zh-hant/declare/`)
    await taken(page)
    await page.locator('input[name=who][value=group]').check()
    await next(page)
    await page.locator('input[name=organisation][value=party]').check()
    await next(page)
    await page.locator('input[name=name-kind][value=none]').check()
    await next(page)
    await page.locator('input[name=row-0-name]').fill('樣本 甲')
    await page.locator('select[name=row-0-kind]').selectOption('alias')
    await page.locator('input[name=row-0-organisation]').first().check()
    await page.locator('.actions button[value=next]').click()
    await next(page)
    await next(page)
    await next(page)
    await page.locator('input[name=asked][value=yes]').check()
    await next(page)
    const first = await sendAndReadReceipt(page)
    await next(page)
    await page.getByText('樣本 甲').first().waitFor()
    const second = await page.locator('.receipt li').allInnerTexts()
    assert.equal(second.length, 12)
    assert.notEqual(second.map((cell) => cell.replace(/[\d\s]+/g, '')).join(' '), first)
  })

  await t.test('sending, declined receipt: nothing to write down, nothing to look up', async () => {
    const { page } = await open()
    const requests = await watchRequests(page)
    await walkToCheck(page, product.url, filing)
    await page.locator('input[name=receipt][value=no]').check()
    await next(page)
    await page.getByText('As you asked, there is no receipt.').waitFor({ timeout: 60_000 })
    assert.doesNotMatch(requests.posts().at(-1)?.body ?? '', /^receipt /m)
  })

  await t.test('nothing was complained about', () => {
    assert.match(product.output(), /is ready at \S+\n$/)
  })
})

/** The page has been taken over: it says to which key it seals. */
async function taken(page: Page): Promise<void> {
  await page.locator('.note .mono').waitFor({ timeout: 60_000 })
}

async function waiting(desk: Awaited<ReturnType<typeof becomeVolunteer>>['desk']): Promise<number> {
  return (await desk.readQueue()).counts['waiting'] ?? 0
}

async function storedIn(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await caches.keys()),
    ...(document.cookie === '' ? [] : [document.cookie]),
    // Numbers only: browsers write it to the disk.
    ...(/^(null|\{"at":\d+\})$/.test(JSON.stringify(history.state)) ? [] : [history.state]),
  ])
}

/** Looks for every piece of what was typed, in the encodings in which a page could carry it. */
function requireNothingTyped({ url, body }: Posted, typed: readonly string[]): void {
  const haystack = `${url}\n${body}`
  const forms = [
    haystack,
    decodeURIComponent(haystack.replace(/%(?![0-9a-f]{2})/gi, '%25')).replaceAll('+', ' '),
  ]
  for (const run of haystack.match(/[A-Za-z0-9+/_=-]{8,}/g) ?? []) {
    for (let shift = 0; shift < 4; shift++) {
      forms.push(Buffer.from(run.slice(shift), 'base64').toString('utf8'))
      forms.push(Buffer.from(run.slice(shift), 'hex').toString('utf8'))
    }
  }
  const all = forms.join('\n').toLowerCase()
  const armour = /BEGIN AGE ENCRYPTED FILE-----\n([\s\S]*)\n-----END/.exec(body)?.[1] ?? ''
  const bytes = Buffer.from(armour, 'base64')
  for (const text of typed) {
    for (const word of text.split(/\s+/).filter((one) => one.length > 4)) {
      assert.ok(!all.includes(word.toLowerCase()), `“${word}” in a request to ${url}`)
      for (const encoding of ['utf8', 'utf16le'] as const) {
        assert.ok(!bytes.includes(Buffer.from(word, encoding)), `“${word}” in the sealed bytes`)
      }
    }
  }
}
