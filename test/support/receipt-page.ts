import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { next } from './file-declaration.ts'
import type { Product } from './product.ts'
import { runAvow } from './watch-register.ts'

const PATIENCE_MS = 120_000

/** The receipt's page as a person walks it. */
export class ReceiptPage {
  readonly #page: Page
  readonly #product: Product
  readonly #receipt: string

  constructor(page: Page, product: Product, receipt: string) {
    this.#page = page
    this.#product = product
    this.#receipt = receipt
  }

  /** Once what was pressed has been answered: a page with scripts says that it is busy. */
  async text(): Promise<string> {
    await this.#page
      .locator('[aria-busy=true]')
      .waitFor({ state: 'detached', timeout: PATIENCE_MS })
    return this.#page.locator('main').innerText()
  }

  async status(): Promise<string> {
    await this.#page.goto(`${this.#product.url}en/receipt/`)
    await this.#page.locator('[name=receipt]').fill(this.#receipt)
    await next(this.#page)
    return this.text()
  }

  /** Waits until the act is offered: an earlier one may be on its way into the log. */
  async open(act: string): Promise<void> {
    const button = this.#page.locator(`button[name=act][value=${act}]`)
    await until(async () => {
      await this.status()
      return (await button.count()) > 0
    }, `the act ${act} is not offered`)
    await button.click()
  }

  async press(go: 'do' | 'next'): Promise<void> {
    await this.#page.locator(`main button.button[name=go][value=${go}]`).click()
  }

  async act(act: string, when?: 'now'): Promise<void> {
    await this.open(act)
    if (when !== undefined) await this.#page.locator(`input[name=when][value=${when}]`).check()
    await this.press('do')
    assert.match(await this.text(), /It has been taken/, act)
  }
}

/** What anybody sees: the pages, the event log and the verifier. */
export class SiteReader {
  readonly #product: Product

  constructor(product: Product) {
    this.#product = product
  }

  async until(matches: (event: string, all: string) => boolean): Promise<void> {
    await until(async () => {
      const events = await this.#events()
      return events.split('avow/event/v1').some((event) => matches(event, events))
    }, 'no such event')
  }

  /** Not by the browser, which may keep a public page for minutes. */
  async page(): Promise<string> {
    const response = await fetch(`${this.#product.url}en/declaration/0/`)
    const main = /<main[\s\S]*<\/main>/.exec(await response.text())?.[0] ?? ''
    return main.replace(/<[^>]+>/g, ' ')
  }

  async untilPage(wanted: RegExp): Promise<void> {
    await until(async () => wanted.test(await this.page()), `${wanted} is not on the page`)
  }

  async content(): Promise<string> {
    const response = await fetch(`${this.#product.url}content/000`)
    return response.ok ? response.text() : ''
  }

  verify(more: readonly string[]): ReturnType<typeof runAvow> {
    const folder = `${this.#product.folder}/data/public`
    return runAvow(['verify', folder, '--policy', `${folder}/log/policy`, ...more])
  }

  async #events(): Promise<string> {
    const latest = await (await fetch(`${this.#product.url}log/latest`)).text()
    const size = Number(/^events (\d+)/m.exec(latest)?.[1])
    const width = size % 256
    const url = `${this.#product.url}log/events/tile/entries/000${width === size ? `.p/${width}` : ''}`
    return Buffer.from(await (await fetch(url)).arrayBuffer()).toString('latin1')
  }
}

export async function until(holds: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(otherwise)
    await sleep(200)
  }
}
