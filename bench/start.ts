import assert from 'node:assert/strict'
import type { BrowserContext } from 'playwright-core'
import { missingChromium, startBrowser } from '../test/support/browser.ts'
import { prepareFiling } from '../test/support/http-filer.ts'
import { startProduct } from '../test/support/product.ts'
import { median, round } from './support/rounds.ts'

export interface StartBenchOptions {
  readonly rounds?: number
  readonly report?: (line: string) => void
}

interface Transfer {
  readonly requests: number
  readonly bytes: number
  readonly scripts: number
}

/**
 * `npm start` on an empty folder until a receipt is shown, and what a browser without scripts, with nothing cached, is
 * sent for the first page of the form.
 */
export async function run({
  rounds = 3,
  report = () => {},
}: StartBenchOptions = {}): Promise<string> {
  const missing = missingChromium()
  if (missing) throw new Error(missing)
  const seconds: number[] = []
  let first: Transfer | undefined
  for (let number = 1; number <= rounds; number++) {
    const startedAt = performance.now()
    await using product = await startProduct()
    const ready = (performance.now() - startedAt) / 1000
    const text = 'A synthetic statement.'
    const filing = await prepareFiling(product.url, { text, organisation: 'party' })
    await filing.send()
    const accepted = (performance.now() - startedAt) / 1000
    seconds.push(accepted)
    report(`start ${number}: ready after ${ready.toFixed(2)} s, accepted ${accepted.toFixed(2)} s`)
    if (number === rounds) first = await measurePages(product.url, report)
  }
  return JSON.stringify({
    bench: 'start',
    unit: 's',
    value: round(median(seconds), 2),
    size: rounds,
    firstPageBytes: first?.bytes,
    firstPageRequests: first?.requests,
    firstPageScripts: first?.scripts,
  })
}

async function measurePages(url: string, report: (line: string) => void): Promise<Transfer> {
  await using browser = await startBrowser()
  const measure = async (path: string): Promise<Transfer> => {
    const context = await browser.open({ scripts: 'off', screen: 'phone' })
    const transfer = await transferOf(context, url + path)
    await context.close()
    report(`/${path}: ${transfer.requests} requests, ${transfer.bytes} bytes`)
    return transfer
  }
  await measure('')
  await measure('zh-hans/')
  await measure('en/declare/')
  return await measure('zh-hans/declare/')
}

/** Heads and bodies as they came over the connection, compressed where they were. */
async function transferOf(context: BrowserContext, url: string): Promise<Transfer> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let requests = 0
  let bytes = 0
  let scripts = 0
  session.on('Network.requestWillBeSent', ({ type }) => {
    requests++
    if (type === 'Script') scripts++
  })
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const response = await page.goto(url, { waitUntil: 'networkidle' })
  assert.equal(response?.status(), 200)
  return { requests, bytes, scripts }
}
