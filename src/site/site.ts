import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, Hono } from 'hono'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { securityHeaderValues } from '../http/headers.ts'
import { StaticFiles } from '../http/static-files.ts'
import { isLanguage } from '../i18n/languages.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Asset, Assets } from '../ui/assets.ts'
import { fileRules } from './file-rules.ts'
import { newestRange } from './pages/declaration-list.ts'
import { renderLostPage, renderNotFoundPage } from './pages/front-page.ts'
import { readRegisterTexts } from './read-register-texts.ts'
import { RegisterView } from './register-view.ts'
import { renderMovingPages, writePages } from './render-site.ts'
import { type RequestedPage, RequestedPages } from './requested-pages.ts'
import { frame, type SiteLook } from './site-page.ts'

export interface SiteOptions {
  readonly publicFolder: string
  /** For half-written files, on the same file system as the public folder. */
  readonly scratchFolder: string
  /** `registers/<id>`, for the texts of the register about itself. */
  readonly registerFolder: string
  readonly form: FormDefinition
  readonly sample: boolean
  readonly assets: Pick<Assets, 'cssPath' | 'iconPath' | 'pageAssets' | 'bundle'>
  readonly clock: () => Date
  /** A faster one than the portable one, by the same rules. */
  readonly ed25519Verify?: Ed25519Verify
}

export interface Site {
  /** SHA-256 of the script that checks in the reader's browser, for the event log. */
  readonly checkerSha256: string
  /** Answers what the public folder and the register hold, and passes everything else on. */
  readonly routes: Hono
  /** The page for a path that nobody answers. */
  readonly notFound: (c: Context) => Response
  /**
   * Renders the moving pages of the newest pair and forgets what older ones said: at start, after each publication,
   * after each erasure and before its event, and once a day so that a count that stands still says so.
   */
  readonly render: () => Promise<void>
}

export async function createSite(options: SiteOptions): Promise<Site> {
  const { publicFolder, clock, assets, sample } = options
  const texts = await readRegisterTexts(options.registerFolder)
  const land = await readFile(new URL('land.txt', import.meta.url), 'utf8')
  const checker = await assets.bundle(new URL('verify-app/main.ts', import.meta.url))
  const look: SiteLook = {
    assets,
    sample,
    texts,
    land: land.trim(),
    checkerPath: checker.path,
  }
  const register = new RegisterView(options)
  const statics = new StaticFiles({ folder: publicFolder, rules: fileRules, clock })
  const requested = new RequestedPages(look, register, clock)
  let rendering: Promise<void> = Promise.resolve()
  const render = () => {
    // One after the other: an older pair must not overwrite a newer one's pages.
    const next = rendering.then(async () => {
      register.forget()
      await renderNewest(look, register, [...assets.pageAssets, checker], options)
      statics.forget()
      requested.forget()
    })
    rendering = next.catch(() => undefined)
    return next
  }
  return {
    checkerSha256: checker.sha256,
    routes: siteRoutes(statics, requested),
    notFound: (c) => notFound(look, c.req.path),
    render,
  }
}

async function renderNewest(
  look: SiteLook,
  register: RegisterView,
  files: readonly Asset[],
  { publicFolder, scratchFolder }: SiteOptions,
): Promise<void> {
  const pair = await register.findPair()
  if (pair === undefined) return
  const { from, to } = newestRange(pair.declarations.size)
  const newest = await register.readViews(pair, from, to)
  const summary = await register.readSummary(pair)
  const pages = renderMovingPages(look, summary, newest, await register.readCentres())
  const own = files.map(({ path, bytes }) => [path.slice(1), bytes] as const)
  await writePages(new Map([...own, ...pages]), publicFolder, join(scratchFolder, 'pages'))
}

function siteRoutes(statics: StaticFiles, requested: RequestedPages): Hono {
  const routes = new Hono()
  routes.get('*', async (c, next) => {
    const { path } = c.req
    const page = await requested.find(path)
    if (page !== undefined) return respondWith(page, c)
    const file = await statics.respond(c.req.raw, path)
    if (file !== undefined) return file
    if (path.endsWith('/') || !isPagePath(path)) return next()
    // A page's address typed without its last slash.
    const pages = [await requested.find(`${path}/`), await statics.respond(c.req.raw, `${path}/`)]
    const found = pages.some((candidate) => candidate !== undefined)
    return found ? c.redirect(`${path.slice(path.lastIndexOf('/') + 1)}/`, 301) : next()
  })
  return routes
}

function respondWith({ body, headers }: RequestedPage, c: Context): Response {
  const { etag } = headers
  if (etag !== undefined && c.req.header('if-none-match')?.includes(etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(c.req.method === 'HEAD' ? null : body, { headers })
}

function isPagePath(path: string): boolean {
  return isLanguage(path.split('/')[1] ?? '') && !path.includes('.')
}

function notFound(look: SiteLook, path: string): Response {
  const [, first = ''] = path.split('/')
  const text = isLanguage(first)
    ? renderNotFoundPage(frame(look, first, path))
    : renderLostPage(look, path)
  return new Response(text, {
    status: 404,
    headers: {
      ...securityHeaderValues,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    },
  })
}
