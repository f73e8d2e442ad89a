import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startAvow } from '../support/avow-command.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { lookUpReceipt, next, sendAndReadReceipt } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'
import { watchRequests } from '../support/watch-requests.ts'

const skip = missingChromium()
const TYPED = ['Sample Bulrush', 'Plainly made-up partner sentence 合成样本.']
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

test('a partner’s page files with the register, and the partner learns neither text nor receipt', {
  skip,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const out = mkdtempSync(join(tmpdir(), 'avow-partner-'))
  t.after(() => rmSync(out, { recursive: true }))
  const env = {
    AVOW_DATA: join(product.folder, 'data'),
    AVOW_SECRETS: join(product.folder, 'secrets'),
    AVOW_CONFIG: join(product.folder, 'avow.json'),
    AVOW_PORT: '0',
  }
  const args = ['partner-page', '--out', join(out, 'site'), '--intake', product.url, '--lang', 'en']
  const written = await startAvow(args, env).ended
  assert.deepEqual([written.code, written.stderr], [0, ''])
  await using partner = await servePartner(join(out, 'site'))

  const context = await browser.open({ scripts: 'on', screen: 'phone' })
  const page = await context.newPage()
  const requests = await watchRequests(page)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(partner.url)
  await page.locator('.note .mono').waitFor({ timeout: 60_000 })
  let receipt = ''

  await t.test(
    'the form is filled in on the partner’s page and taken by the register',
    async () => {
      assert.match(await page.locator('.note').innerText(), /its owner cannot/)
      await fill(page)
      receipt = await sendAndReadReceipt(page)
      const posts = requests.posts()
      assert.deepEqual(
        posts.map(({ url }) => url),
        [`${product.url}declare/sealed`],
      )
      assert.deepEqual(complaints, [])
    },
  )

  await t.test('the partner was asked for its files and nothing else, with empty bodies', () => {
    const log = partner.log()
    assert.ok(log.length >= 4)
    for (const { method, url, body } of log) {
      assert.deepEqual([method, body], ['GET', ''])
      assert.match(url, /^\/[a-z-]*(\.(html|js|css|ico))?$/)
    }
    // A word of a receipt may be the name of a file, as "style" is.
    const all = JSON.stringify(log)
      .toLowerCase()
      .replaceAll(/\/[a-z-]*\.(?:html|js|css|ico)/g, '')
    for (const text of [...TYPED, ...receipt.split(' ')]) {
      for (const form of formsOf(text)) assert.ok(!all.includes(form.toLowerCase()), form)
    }
  })

  await t.test('no request to anyone holds what was typed or the receipt', () => {
    for (const { url, body } of requests.all()) {
      const carried = Buffer.from(body.replace(/^[\s\S]*BEGIN AGE[^\n]*\n/, ''), 'base64').toString(
        'latin1',
      )
      for (const text of [...TYPED, receipt]) {
        for (const form of formsOf(text)) {
          assert.ok(!`${url}${body}${carried}`.includes(form), `${form} to ${url}`)
        }
      }
    }
  })

  await t.test('leaving drops everything and the page stores nothing', async () => {
    await next(page)
    await page.getByText('This page holds nothing').waitFor()
    assert.doesNotMatch(await page.content(), /Bulrush|made-up partner/)
    const stored = await page.evaluate(() => [
      localStorage.length,
      sessionStorage.length,
      document.cookie,
    ])
    assert.deepEqual(stored, [0, 0, ''])
  })

  await t.test(
    'what was filed there is published and its receipt answers on the register’s site',
    async () => {
      const [firstLink = '', secondLink = ''] = product.invitations
      const proposer = await becomeVolunteer(firstLink, 'alder')
      const decider = await becomeVolunteer(secondLink, 'birch')
      assert.equal(await proposeAll(proposer.desk), 1)
      assert.equal(await approveAll(decider.desk), 1)
      await untilCount(product.url, 1)
      assert.match(await lookUpReceipt(page, product.url, receipt), /entered in the register/i)
    },
  )

  await t.test(
    'a page whose partner exchanged the key seals nothing and sends nothing',
    async () => {
      const index = join(out, 'site/index.html')
      const altered = readFileSync(index, 'utf8').replace(/age1pq1(.)(.)/, 'age1pq1$2$1')
      writeFileSync(index, altered)
      const other = await context.newPage()
      const sent = await watchRequests(other)
      await other.goto(partner.url)
      await other.waitForLoadState('networkidle')
      await other.locator('input[name=who][value=self]').check()
      await next(other)
      assert.equal(await other.locator('input[name=who]').count(), 3, 'the form leads nowhere')
      assert.deepEqual(sent.posts(), [])
    },
  )

  await t.test('without scripts the page leads to the register’s own form', async () => {
    const plain = await (await browser.open({ scripts: 'off' })).newPage()
    await plain.goto(partner.url)
    assert.equal(
      await plain.locator('noscript a, main > p.warning a').first().getAttribute('href'),
      `${product.url}en/declare/`,
    )
  })

  await t.test('the command says what is missing', async () => {
    const run = await startAvow(['partner-page', '--out', out], env).ended
    assert.equal(run.code, 2)
    assert.match(run.stderr, /--intake/)
    const nowhere = await startAvow(args, { ...env, AVOW_SECRETS: join(out, 'none') }).ended
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.stderr, /start the service once/)
  })
})

interface Partner extends AsyncDisposable {
  readonly url: string
  readonly log: () => readonly {
    readonly method: string
    readonly url: string
    readonly body: string
  }[]
}

/** A partner that writes down all it is ever told. */
async function servePartner(folder: string): Promise<Partner> {
  const log: { method: string; url: string; body: string }[] = []
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const { method = '', url = '' } = request
      log.push({ method, url, body })
      const name = url === '/' ? 'index.html' : url.slice(1)
      try {
        const bytes = readFileSync(join(folder, name))
        response.setHeader('content-type', TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain')
        response.end(bytes)
      } catch {
        response.statusCode = 404
        response.end()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ]
}

async function fill(page: Page): Promise<void> {
  await page.locator('input[name=who][value=self]').check()
  await next(page)
  await page.locator('input[name=organisation][value=party]').check()
  await next(page)
  await page.locator('input[name=name-kind][value=alias]').check()
  await page.locator('input[name=name]').fill(TYPED[0] ?? '')
  await next(page)
  await next(page)
  await page.locator('input[name=words][value=own]').check()
  await page.locator('textarea[name=text]').fill(TYPED[1] ?? '')
  await next(page)
  await page.locator('input[name=consent][value=text]').check()
  await next(page)
}
