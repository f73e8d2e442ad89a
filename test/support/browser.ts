import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium. Without it a test skips with the returned reason, unless peers are required. */
export function missingChromium(): string | false {
  if (existsSync(CHROMIUM)) return false
  if (process.env['AVOW_REQUIRE_PEERS'] === '1') throw new Error(`${CHROMIUM} is missing`)
  return `${CHROMIUM} is missing`
}

export interface TestBrowser extends AsyncDisposable {
  /** A person's browser: nothing shared with any other. */
  readonly open: (options: {
    readonly scripts: 'on' | 'off'
    readonly screen?: 'phone' | 'desktop'
    readonly locale?: string
  }) => Promise<BrowserContext>
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET })
  return {
    open: ({ scripts, screen = 'desktop', locale = 'en-US' }) =>
      browser.newContext({
        javaScriptEnabled: scripts === 'on',
        viewport: screen === 'phone' ? { width: 360, height: 740 } : { width: 1200, height: 900 },
        locale,
        serviceWorkers: 'block',
      }),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** A browser that keeps what it keeps in a folder, as a person's own does. */
export function openProfile(
  folder: string,
  { scripts }: { readonly scripts: 'on' | 'off' },
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM,
    args: QUIET,
    javaScriptEnabled: scripts === 'on',
    locale: 'en-US',
  })
}
