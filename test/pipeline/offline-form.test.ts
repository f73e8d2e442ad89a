import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { parseEvent } from '../../src/declaration/event.ts'
import { openOfflineNote } from '../../src/offline-form/offline-note.ts'
import { startAvow } from '../support/avow-command.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { lookUpReceipt, next } from '../support/file-declaration.ts'
import { type Product, startProduct } from '../support/product.ts'
import { readServedEvents } from '../support/served-events.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'
import { watchRequests } from '../support/watch-requests.ts'

const skip = missingChromium()
const TEXT = 'Wholly synthetic sentence 合成样本 for an offline form.'

test('the form in one file works without a network, and what it seals is taken however it is carried', {
  skip,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const out = mkdtempSync(join(tmpdir(), 'avow-offline-'))
  t.after(() => rmSync(out, { recursive: true }))
  const [firstLink = '', secondLink = ''] = product.invitations
  const proposer = await becomeVolunteer(firstLink, 'alder')
  const decider = await becomeVolunteer(secondLink, 'birch')
  const file = join(out, 'form.html')
  const env = {
    AVOW_DATA: join(product.folder, 'data'),
    AVOW_SECRETS: join(product.folder, 'secrets'),
    AVOW_CONFIG: join(product.folder, 'avow.json'),
    AVOW_PORT: '0',
  }

  await t.test(
    'the command writes the very file that the service offers, signed by the log',
    async () => {
      const { code, stderr } = await startAvow(['offline-form', '--out', file, '--lang', 'en'], env)
        .ended
      assert.deepEqual([code, stderr], [0, ''])
      const bytes = readFileSync(file)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const offered = await fetch(`${product.url}offline-form-en.html`)
      assert.deepEqual(Buffer.from(await offered.arrayBuffer()), bytes)
      assert.match(offered.headers.get('content-disposition') ?? '', /^attachment/)
      const policy = readFileSync(join(product.folder, 'data/public/log/policy'), 'utf8')
      const vkey = /^log (\S*log\/declarations\S*)/m.exec(policy)?.[1] ?? ''
      const note = openOfflineNote(readFileSync(`${file}.note`), vkey)
      assert.equal(note.sha256, sha256)
      const served = await fetch(`${product.url}offline-form-en.html.note`)
      assert.deepEqual(openOfflineNote(new Uint8Array(await served.arrayBuffer()), vkey), note)
      const page = await (await fetch(`${product.url}en/declare/sealed`)).text()
      assert.ok(page.includes(sha256))
      await untilServed(product, sha256)
    },
  )

  const context = await browser.open({ scripts: 'on', screen: 'phone' })
  await context.setOffline(true)
  const page = await context.newPage()
  const requests = await watchRequests(page)
  const sealed = { text: '', words: '' }

  await t.test(
    'it is filled in from a folder, asks for nothing and shows the receipt',
    async () => {
      await page.goto(`file://${file}`)
      await page.locator('.note .mono').waitFor()
      assert.match(await page.locator('.note').innerText(), /no connection and sends nothing/)
      await fill(page)
      await page.getByText('Seal the declaration').waitFor()
      await next(page)
      await page.locator('#sealed').waitFor({ timeout: 60_000 })
      sealed.text = await page.locator('#sealed').inputValue()
      const cells = await page.locator('.receipt li').allInnerTexts()
      sealed.words = cells.map((cell) => cell.replace(/[\d\s]+/g, '')).join(' ')
      assert.match(sealed.text, /^avow\/sealed-submission\/v1\nlanguage en\nreceipt /)
      assert.equal(cells.length, 12)
      assert.doesNotMatch(await page.locator('main').innerText(), /has arrived/)
      assert.deepEqual(
        requests
          .all()
          .map(({ url }) => url.replace(/^blob:.*/, 'blob:'))
          .filter((url) => !url.startsWith('blob:')),
        [`file://${file}`],
      )
    },
  )

  await t.test(
    'the codes on the page read back as the text, the saved file is the text',
    async () => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('a[download]').click(),
      ])
      assert.equal(readFileSync(await download.path(), 'utf8'), sealed.text)
      await page.locator('details summary').click()
      const codes = await readCodes(page)
      assert.ok(codes.length > 3)
      const answer = await handIn(product.url, codes.toReversed().join('\n'))
      assert.match(answer, /It has arrived/)
    },
  )

  await t.test('nothing that was typed is in what comes out', () => {
    const base64 = /BEGIN AGE[^\n]*\n([\s\S]*?)\n-----END/.exec(sealed.text)?.[1] ?? ''
    const bytes = Buffer.from(base64, 'base64')
    for (const word of ['synthetic', '合成样本', 'Sample Thistle']) {
      assert.ok(!sealed.text.includes(word) && !bytes.includes(word))
    }
  })

  await t.test(
    'handed in as text, as a file, quoted: one case, published, with its receipt',
    async () => {
      assert.match(
        await handIn(product.url, `> ${sealed.text.replaceAll('\n', '\n> ')}`),
        /It has arrived/,
      )
      const visitor = await (await browser.open({ scripts: 'off' })).newPage()
      await visitor.goto(`${product.url}en/declare/sealed`)
      await visitor.locator('input[type=file]').setInputFiles({
        name: 'declaration.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from(sealed.text),
      })
      await next(visitor)
      await visitor.getByText('It has arrived').waitFor()
      assert.equal(await proposeAll(proposer.desk), 1)
      assert.equal(await approveAll(decider.desk), 1)
      await untilCount(product.url, 1)
      assert.match(
        await lookUpReceipt(visitor, product.url, sealed.words),
        /entered in the register/i,
      )
      await visitor.goto(`${product.url}en/declaration/0/`)
      assert.match(await visitor.locator('main').innerText(), /Wholly synthetic sentence 合成样本/)
    },
  )

  await t.test('all three languages are inside, and leaving drops everything', async () => {
    await page.goto(`file://${file}`)
    for (const [language, words] of [
      ['简体中文', '为谁'],
      ['繁體中文', '為誰'],
      ['English', 'Who'],
    ] as const) {
      await page.getByRole('button', { name: language }).click()
      await page.getByText(words).first().waitFor()
    }
    await fill(page)
    await page.locator('main a[href$="/declare/leave"]').click()
    await page.getByText('This page holds nothing').waitFor()
    assert.doesNotMatch(await page.content(), /Wholly synthetic/)
  })

  await t.test(
    'a file that was altered is told from the signed one, and one whose script was altered does nothing',
    async () => {
      const altered = readFileSync(file, 'utf8').replace('"offline"', '"offlinf"')
      const bad = join(out, 'altered.html')
      writeFileSync(bad, altered)
      const other = await context.newPage()
      await other.goto(`file://${bad}`)
      await other.waitForLoadState()
      assert.equal(
        await other.locator('input[name=state]').count(),
        1,
        'the policy refuses the script',
      )
    },
  )

  await t.test('the age in the text is an age file that the age command recognises', (t) => {
    if (!existsSync('/usr/bin/age')) return t.skip('age is missing')
    const armoured = sealed.text.slice(sealed.text.indexOf('-----BEGIN'))
    // Debian's age knows no hybrid recipients: it reads the header and says that no identity fits.
    const run = spawnSync(
      'sh',
      ['-c', 'age-keygen -o "$0/k" 2>/dev/null && age -d -i "$0/k"', out],
      { input: armoured },
    )
    assert.match(run.stderr.toString(), /no identity matched|mlkem768x25519|identity/i)
  })
})

/** The events of a start are published soon after it. */
async function untilServed(product: Product, hash: string): Promise<void> {
  for (;;) {
    const events = await readServedEvents(join(product.folder, 'data/public'))
    const named = events
      .map(parseEvent)
      .some((event) => event.type === 'app' && event.files.some((file) => file.hash === hash))
    if (named) return
    await setTimeout(250)
  }
}

async function fill(page: Page): Promise<void> {
  await page.locator('input[name=who][value=self]').check()
  await next(page)
  await page.locator('input[name=organisation][value=party]').check()
  await next(page)
  await page.locator('input[name=name-kind][value=alias]').check()
  await page.locator('input[name=name]').fill('Sample Thistle')
  await next(page)
  await next(page)
  await page.locator('input[name=words][value=own]').check()
  await page.locator('textarea[name=text]').fill(TEXT)
  await next(page)
  await page.locator('input[name=consent][value=text]').check()
  await next(page)
}

async function handIn(baseUrl: string, text: string): Promise<string> {
  const body = new FormData()
  body.set('message', text)
  const response = await fetch(`${baseUrl}en/declare/sealed`, { method: 'POST', body })
  return response.text()
}

/** Reads each code with a reader of codes, from what the page draws. */
async function readCodes(page: Page): Promise<string[]> {
  const texts: string[] = []
  for (const code of await page.locator('.code svg').all()) {
    const path = (await code.locator('path').getAttribute('d')) ?? ''
    const size = Number((await code.getAttribute('viewBox'))?.split(' ')[2])
    texts.push(decodeQR(drawCode(path, size)))
  }
  return texts
}

/** The squares of a code's path as pixels: the policy of the page lets no image be drawn there. */
function drawCode(path: string, size: number) {
  const scale = 4
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  let x = 0
  let y = 0
  for (const [, command = '', a = '', b = ''] of path.matchAll(
    /([Mm])(-?\d+)[ ,]?(-?\d+)h1v1[Hh]-?\d+Z/g,
  )) {
    x = command === 'M' ? Number(a) : x + Number(a)
    y = command === 'M' ? Number(b) : y + Number(b)
    for (let i = 0; i < scale; i++) {
      for (let j = 0; j < scale; j++) {
        data.fill(
          0,
          4 * ((y * scale + i) * width + x * scale + j),
          4 * ((y * scale + i) * width + x * scale + j) + 3,
        )
      }
    }
  }
  return { width, height: width, data }
}
