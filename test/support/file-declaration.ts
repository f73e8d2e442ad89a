import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

export interface Filing {
  readonly language?: 'en' | 'zh-hans' | 'zh-hant'
  readonly organisations: readonly string[]
  readonly name?: { readonly kind: 'real' | 'alias'; readonly value: string }
  readonly text?: string
  readonly sector?: string
  readonly region?: string
  readonly position?: string
  readonly consents?: readonly string[]
}

/** Walks a person's form to *check your answers*, clicking what a person would click. */
export async function walkToCheck(page: Page, baseUrl: string, filing: Filing): Promise<void> {
  await page.goto(`${baseUrl}${filing.language ?? 'en'}/declare/`)
  await page.locator('input[name=who][value=self]').check()
  await next(page)
  for (const id of filing.organisations) {
    await page.locator(`input[name=organisation][value="${id}"]`).check()
  }
  await next(page)
  await page.locator(`input[name=name-kind][value=${filing.name?.kind ?? 'none'}]`).check()
  if (filing.name !== undefined) await page.locator('input[name=name]').fill(filing.name.value)
  await next(page)
  if (filing.sector !== undefined)
    await page.locator('select[name=sector]').selectOption(filing.sector)
  if (filing.region !== undefined)
    await page.locator('select[name=region]').selectOption(filing.region)
  if (filing.position !== undefined)
    await page.locator('input[name=position]').fill(filing.position)
  await next(page)
  if (filing.text !== undefined) {
    await page.locator('input[name=words][value=own]').check()
    await page.locator('textarea[name=text]').fill(filing.text)
  }
  await next(page)
  for (const consent of filing.consents ?? []) {
    await page.locator(`input[name=consent][value="${consent}"]`).check()
  }
  await next(page)
}

/** Sends from *check your answers* and returns the receipt's words as shown. */
export async function sendAndReadReceipt(page: Page): Promise<string> {
  await next(page)
  // A page with scripts stays the same page, so there is no navigation to wait for.
  await page.locator('.receipt li').last().waitFor({ timeout: 120_000 })
  const cells = await page.locator('.receipt li').allInnerTexts()
  assert.equal(cells.length, 12, `no receipt of 12 words on "${await page.title()}"`)
  return cells.map((cell) => cell.replace(/[\d\s]+/g, '')).join(' ')
}

export async function next(page: Page): Promise<void> {
  await page.locator('button.button').first().click()
}

/** Looks a receipt up and returns what the page says. */
export async function lookUpReceipt(page: Page, baseUrl: string, receipt: string): Promise<string> {
  await page.goto(`${baseUrl}en/receipt/`)
  await page.locator('[name=receipt]').fill(receipt)
  await next(page)
  // A page with scripts says that it is busy; without them there is nothing of the kind.
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached', timeout: 120_000 })
  return page.locator('main').innerText()
}
