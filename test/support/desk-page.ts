import type { Page } from 'playwright-core'

/** Slow machines stretch a passphrase for a while. */
const STRETCH_TIMEOUT_MS = 90_000

/** Goes from an invitation link to an unlocked desk as a person does; returns the seven words. */
export async function joinDesk(
  page: Page,
  url: string,
  link: string,
  name: string,
): Promise<string> {
  await page.goto(link.replace(/^http:\/\/[^/]+/, url))
  await page.getByLabel('Choose a name for this desk').fill(name)
  await page.getByRole('button', { name: 'Continue' }).click()
  const words = await page.locator('.word').allInnerTexts()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  for (const label of await page.locator('main label').allInnerTexts()) {
    await page.getByLabel(label).fill(words[Number(/\d/.exec(label)?.[0]) - 1] ?? '')
  }
  await page.getByRole('button', { name: 'Make my keys' }).click()
  await page.getByRole('button', { name: 'Go to the desk' }).click({ timeout: STRETCH_TIMEOUT_MS })
  await unlockDesk(page, name, words.join(' '))
  return words.join(' ')
}

export async function unlockDesk(page: Page, name: string, words: string): Promise<void> {
  await page.getByLabel('Your name here').fill(name)
  await page.getByLabel('Your seven words').fill(words)
  await page.keyboard.press('Enter')
  await page.getByText('Signed in as').waitFor({ timeout: STRETCH_TIMEOUT_MS })
}
