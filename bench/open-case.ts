import { randomBytes } from 'node:crypto'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { toBase64 } from '../src/encoding/base64.ts'
import { toHex } from '../src/encoding/hex.ts'
import { generateIdentity, recipientOf } from '../src/sealing/age.ts'
import { sealRow, startEpoch } from '../src/sealing/epoch.ts'
import { pad } from '../src/sealing/padding.ts'
import { missingChromium, startBrowser, type TestBrowser } from '../test/support/browser.ts'
import { prepareFiling } from '../test/support/http-filer.ts'
import { startProduct } from '../test/support/product.ts'
import { median, round } from './support/rounds.ts'

export interface OpenCaseBenchOptions {
  readonly rounds?: number
  /** How many times slower than this machine the browser's processor is made. */
  readonly slowdown?: number
  readonly report?: (line: string) => void
}

const TEXT = 'A synthetic statement, about as long as many are. '.repeat(12)
const PATIENCE_MS = 240_000
const CENTRE = 'global'

/**
 * From the click on a waiting case to its text on the screen, in Chromium with a slowed processor, of the product as `npm
 * start` runs it. Baseline: the bare calls of the library that open as many bytes, in the same browser, as slow.
 */
export async function run({
  rounds = 7,
  slowdown = 6,
  report = () => {},
}: OpenCaseBenchOptions = {}): Promise<string> {
  const missing = missingChromium()
  if (missing) throw new Error(missing)
  await using product = await startProduct()
  await using browser = await startBrowser()
  const desk = await openDesk(browser, product.invitations[0] ?? '')
  await (await prepareFiling(product.url, { text: TEXT, organisation: 'party' })).send()
  const bare = await openBare(browser, `${product.url}en/`)
  for (const page of [desk, bare]) await slowDown(page, slowdown)
  const measured: number[] = []
  const baseline: number[] = []
  for (let number = 0; number <= rounds; number++) {
    const plain = await timeBare(bare)
    const ours = await timeOpening(desk)
    report(`${number === 0 ? 'warm-up' : `round ${number}`}: bare ${plain} ms, case ${ours} ms`)
    if (number === 0) continue
    baseline.push(plain)
    measured.push(ours)
  }
  const [value, base] = [median(measured), median(baseline)]
  return JSON.stringify({
    bench: 'open-case',
    unit: 'ms',
    value: round(value, 0),
    baseline: round(base, 0),
    ratio: round(value / base, 2),
    size: rounds,
    slowdown,
  })
}

/** Goes from the link to the unlocked desk as a person does. */
async function openDesk(browser: TestBrowser, link: string): Promise<Page> {
  const page = await (await browser.open({ scripts: 'on' })).newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(link)
  await page.getByLabel('Choose a name for this desk').fill('bench-one')
  await page.getByRole('button', { name: 'Continue' }).click()
  const words = await page.locator('.word').allInnerTexts()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  for (const label of await page.locator('main label').allInnerTexts()) {
    await page.getByLabel(label).fill(words[Number(/\d/.exec(label)?.[0]) - 1] ?? '')
  }
  await page.getByRole('button', { name: 'Make my keys' }).click()
  await page.getByRole('button', { name: 'Go to the desk' }).click()
  await page.getByLabel('Your name here').fill('bench-one')
  await page.getByLabel('Your seven words').fill(words.join(' '))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
  return page
}

/** Until the browser has painted the text; then the case is put back for the next round. */
async function timeOpening(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Refresh' }).click()
  const take = page.locator('[data-list=waiting]').getByRole('button').first()
  await take.waitFor()
  const tookMs = await take.evaluate(async (button, text) => {
    const isShown = () =>
      [...document.querySelectorAll('textarea')].some(({ value }) => value.includes(text)) ||
      (document.querySelector('main')?.textContent ?? '').includes(text)
    const startedAt = performance.now()
    if (button instanceof HTMLElement) button.click()
    while (!isShown()) await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))
    return performance.now() - startedAt
  }, TEXT.trim())
  await page.getByRole('button', { name: 'Put back' }).click()
  await page.getByText('The case was put back.').waitFor()
  return Math.round(tookMs)
}

/** A page of the same site that holds the library, an epoch and a row as long as the case's, and nothing of the desk. */
async function openBare(browser: TestBrowser, url: string): Promise<Page> {
  const page = await (await browser.open({ scripts: 'on' })).newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(url)
  const identity = await generateIdentity()
  const random = (length: number) => new Uint8Array(randomBytes(length))
  const recipients = [await recipientOf(identity)]
  const { epoch, row } = await startEpoch({ centre: CENTRE, recipients, random })
  // With the public keys of a receipt a text of this length is of the class of 4 KiB.
  const sealed = sealRow(epoch, pad(random(3000)))
  const given = {
    identity,
    centre: CENTRE,
    epoch: toHex(row.id),
    start: toBase64(row.sealedStart),
    index: sealed.index,
    ciphertext: toBase64(sealed.ciphertext),
  }
  await page.evaluate(await bundleBare())
  await page.evaluate(`globalThis.given = ${JSON.stringify(given)}`)
  return page
}

async function timeBare(page: Page): Promise<number> {
  const tookMs: unknown = await page.evaluate('bare.open(globalThis.given)')
  return Math.round(Number(tookMs))
}

async function bundleBare(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { openEpochStart, openRows } from './src/sealing/epoch.ts'
        import { fromBase64 } from './src/encoding/base64.ts'
        import { fromHex } from './src/encoding/hex.ts'
        export async function open({ identity, centre, epoch, start, index, ciphertext }) {
          const startedAt = performance.now()
          const key = await openEpochStart(fromBase64(start), [identity])
          openRows(key, centre, fromHex(epoch), [{ index, ciphertext: fromBase64(ciphertext) }])
          return performance.now() - startedAt
        }`,
      resolveDir: new URL('..', import.meta.url).pathname,
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    globalName: 'bare',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
}
