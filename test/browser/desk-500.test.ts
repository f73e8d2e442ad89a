import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { openProductDatabase } from '../../bench/support/product-database.ts'
import { missingChromium, startBrowser, type TestBrowser } from '../support/browser.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { admitVolunteer, becomeVolunteer } from '../support/volunteers.ts'
import { runAvow, untilCount } from '../support/watch-register.ts'

const SLOW = process.env['SLOW'] === '1'
const CASES = SLOW ? 500 : 60
const FILED_AT_ONCE = 4
const STEP_TIMEOUT_MS = 120_000
const KEYS_MAX = 5
/** One case in so many is no declaration, one in so many names a number plate. */
const REJECT_EVERY = 11
const PLATE_EVERY = 5
const PLATE = '京A12345'
const skip = missingChromium()

/** Somebody at a desk with a keyboard and nothing else. */
interface Typist {
  readonly name: string
  readonly page: Page
  /** How many keys each piece of work took, from the screen that showed it to the next. */
  readonly keys: number[]
  readonly press: (key: string) => Promise<void>
  readonly setOffline: (offline: boolean) => Promise<void>
}

test(`three people clear ${CASES} cases with their keyboards`, { skip }, async (t) => {
  t.diagnostic(SLOW ? 'SLOW=1: all 500' : '60 of the 500: SLOW=1 runs them all')
  const folder = await mkdtemp(join(tmpdir(), 'avow-desk-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  // One address files everything here, which the budget of the plain path is there to slow down.
  const budgets = { plain: 100_000, onion: 30, station: 30, work: 30 }
  await writeFile(join(folder, 'avow.json'), JSON.stringify({ intake: { budgets } }))
  await using product = await startProduct({ folder })
  await using browser = await startBrowser()
  const [one = '', two = ''] = product.invitations
  const ada = await becomeVolunteer(one, 'ada')
  const ben = await becomeVolunteer(two, 'ben')
  const cat = await admitVolunteer(product.url, ada.desk, ben.desk, 'cat')
  await file(product.url)
  const typists = await Promise.all([
    sitDown(browser, product.url, 'ada', ada.passphrase),
    sitDown(browser, product.url, 'ben', ben.passphrase),
    sitDown(browser, product.url, 'cat', cat.passphrase),
  ])

  await Promise.all(typists.map(proposeAll))
  await Promise.all(typists.map((typist) => decideAll(typist, { returnsOne: true })))
  for (const typist of typists) await mendReturned(typist)
  await Promise.all(typists.map((typist) => decideAll(typist, { returnsOne: false })))

  await using database = await openProductDatabase(product)
  await t.test('every case is decided, and nobody decided on an own proposal', async () => {
    const { rows } = await sql<{ state: string; count: number }>`
      SELECT CASE WHEN state = 'published' THEN 'approved' ELSE state END AS state,
        count(*)::integer AS count FROM avow."case" GROUP BY 1 ORDER BY 1`.execute(database)
    const rejected = Math.ceil(CASES / REJECT_EVERY)
    assert.deepEqual(rows, [
      { state: 'approved', count: CASES - rejected },
      { state: 'rejected', count: rejected },
    ])
    const { rows: own } = await sql`
      SELECT d.case_id FROM avow.audit d JOIN avow.audit p USING (case_id, volunteer)
      WHERE d.act IN ('approve', 'reject') AND p.act IN ('propose', 'propose-rejection')
        AND NOT EXISTS (SELECT FROM avow.audit r WHERE r.case_id = d.case_id AND r.act = 'return')`.execute(
      database,
    )
    assert.deepEqual(own, [])
  })
  await t.test(`a case takes at most ${KEYS_MAX} keys in the median`, () => {
    const keys = typists.flatMap((typist) => typist.keys).toSorted((a, b) => a - b)
    const median = keys[Math.floor(keys.length / 2)] ?? Infinity
    const most = keys.at(-1)
    t.diagnostic(`${keys.length} proposals and decisions, median ${median} keys, most ${most}`)
    assert.ok(keys.length >= 2 * CASES)
    // A case is a proposal and a decision.
    assert.ok(2 * median <= KEYS_MAX, `${median}`)
  })
  await t.test('nobody touched a pointer', async () => {
    for (const { page } of typists) assert.equal(await page.evaluate('pointers'), 0)
  })
  await t.test('all of it is published, as it was redacted, and verifies', async () => {
    const approved = CASES - Math.ceil(CASES / REJECT_EVERY)
    await untilCount(product.url, approved)
    const policy = `${folder}/data/public/log/policy`
    const report = await runAvow(['verify', product.url, '--policy', policy])
    assert.equal(report.code, 0, report.output)
    const published = await readFolder(`${folder}/data/public`)
    assert.ok(!published.includes(PLATE), 'a plate that was taken out is public')
    const texts = new Set(published.match(/Made-up text \d+\./g))
    // Each of the three hid one text while the line was cut.
    assert.equal(texts.size, approved - typists.length, 'no draft was lost')
  })
})

async function file(url: string): Promise<void> {
  const numbers = Array.from({ length: CASES }, (_, i) => i)
  const fileOthers = async () => {
    for (let i = numbers.pop(); i !== undefined; i = numbers.pop()) {
      const more = i % REJECT_EVERY === 0 ? 'Buy this!' : i % PLATE_EVERY === 1 ? PLATE : ''
      const text = `Made-up text ${i}. ${more}`
      await (await prepareFiling(url, { text, organisation: 'league' })).send()
    }
  }
  await Promise.all(Array.from({ length: FILED_AT_ONCE }, fileOthers))
}

async function sitDown(
  browser: TestBrowser,
  url: string,
  name: string,
  passphrase: string,
): Promise<Typist> {
  const context = await browser.open({ scripts: 'on' })
  const page = await context.newPage()
  page.setDefaultTimeout(STEP_TIMEOUT_MS)
  await page.addInitScript(() => {
    const counter = globalThis as unknown as { pointers: number }
    counter.pointers = 0
    for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
      addEventListener(kind, () => counter.pointers++, true)
    }
  })
  const devTools = await context.newCDPSession(page)
  await devTools.send('Network.enable')
  await page.goto(`${url}desk/`)
  await page.getByLabel('Your name here').focus()
  await page.keyboard.type(name)
  await page.getByLabel('Your seven words').focus()
  await page.keyboard.type(passphrase)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
  const keys: number[] = []
  return {
    name,
    page,
    keys,
    press: async (key) => {
      keys.push((keys.pop() ?? 0) + 1)
      await page.keyboard.press(key)
    },
    setOffline: async (offline) => {
      const still = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
      await devTools.send('Network.emulateNetworkConditions', { offline, ...still })
    },
  }
}

/** Reads the list again, and takes the first of a run if there is one. */
async function startRun({ page, press, keys }: Typist, key: 'n' | 'd'): Promise<boolean> {
  const answered = page.waitForResponse(/\/desk\/api\/queue$/)
  await page.keyboard.press('g')
  await answered
  await page.locator('[aria-keyshortcuts=g][aria-disabled=false]').waitFor()
  if ((await page.locator(`[aria-keyshortcuts=${key}]`).count()) === 0) return false
  keys.push(0)
  // The list is read again first, and the last run's word is gone by then.
  const started = page.waitForResponse(/\/desk\/api\/queue$/)
  await press(key)
  await started
  return true
}

/** Whether the run shows its case of that place, or has come to its end. */
async function isAt({ page, keys }: Typist, place: number): Promise<boolean> {
  const here = page.locator('.run p', { hasText: new RegExp(`^(Case|Decision) ${place} of`) })
  const none = page.getByText('Nothing more is left in this list.')
  await here.or(none).first().waitFor()
  const isHere = (await here.count()) > 0
  if (isHere && place > 1) keys.push(0)
  return isHere
}

async function proposeAll(typist: Typist): Promise<void> {
  const { page, press } = typist
  let wasCutOff = false
  while (await startRun(typist, 'n')) {
    for (let place = 1; await isAt(typist, place); place++) {
      const text = await page.getByLabel('The text as it will stand').inputValue()
      if (text.includes('Buy this!')) {
        await press('r')
        await press('7')
        await press('Enter')
        continue
      }
      if (text.includes(PLATE)) {
        await press('i')
        await press('x')
      }
      await page.locator('[aria-keyshortcuts=p][aria-disabled=false]').waitFor()
      if (place > 1 && !wasCutOff) {
        wasCutOff = true
        await proposeOffline(typist)
        break
      }
      await press('p')
    }
  }
}

/** The line is cut while something is changed and proposed; it comes back, and so does the change. */
async function proposeOffline({ page, press, setOffline }: Typist): Promise<void> {
  await setOffline(true)
  const showText = page.getByLabel('Show the text')
  await showText.focus()
  await press('Space')
  await page.getByText('the draft is kept in this tab').waitFor()
  await press('p')
  await page.locator('[data-code=offline]').waitFor()
  await setOffline(false)
  await page.getByText('Draft sealed and saved.').waitFor()
  await press('Escape')
  await page.locator('[data-list=mine] [data-case]').waitFor()
  await press('c')
  await showText.waitFor()
  assert.equal(await showText.isChecked(), false, 'the draft came back')
  await page.locator('[aria-keyshortcuts=p][aria-disabled=false]').waitFor()
  await press('p')
  await page.getByText('waits for a second person').waitFor()
}

async function decideAll(
  typist: Typist,
  { returnsOne }: { readonly returnsOne: boolean },
): Promise<void> {
  const { page, press } = typist
  let mayReturn = returnsOne
  while (await startRun(typist, 'd')) {
    for (let place = 1; await isAt(typist, place); place++) {
      await page.locator('[aria-keyshortcuts=a][aria-disabled=false]').waitFor()
      const isRejection = (await page.getByText('Confirm: do not publish').count()) > 0
      if (place === 2 && mayReturn && !isRejection) {
        mayReturn = false
        await press('r')
        await press('9')
        await press('Enter')
      } else await press('a')
    }
  }
}

async function mendReturned(typist: Typist): Promise<void> {
  const { page, press, keys } = typist
  const returned = page.locator('[data-list=returned] button')
  for (;;) {
    const answered = page.waitForResponse(/\/desk\/api\/queue$/)
    await page.keyboard.press('g')
    await answered
    await page.locator('[aria-keyshortcuts=g][aria-disabled=false]').waitFor()
    if ((await returned.count()) === 0) return
    keys.push(0)
    await press('j')
    while (!(await returned.first().evaluate((one) => one === document.activeElement))) {
      await press('j')
    }
    await press('Enter')
    await page.locator('[aria-keyshortcuts=p][aria-disabled=false]').waitFor()
    await press('p')
    await page.getByText('waits for a second person').waitFor()
  }
}

/** Every file of the folder as one text. */
async function readFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((name) => name.isFile())
  const texts = await Promise.all(
    files.map((name) => readFile(join(name.parentPath, name.name), 'utf8')),
  )
  return texts.join('\n')
}
