import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'
import { Hono } from 'hono'
import { securityHeaders } from '../http/headers.ts'
import { html } from '../ui/html.ts'

/** What the page needs of the room that bundles and serves browser files. */
export interface AppAssets {
  readonly cssPath: string
  readonly iconPath: string
  readonly bundle: (entry: URL) => Promise<{ readonly path: string; readonly sha256: string }>
}

export interface AppPage {
  readonly routes: Hono
  /** SHA-256 of the script volunteers run; a change of it is an event in the log. */
  readonly scriptSha256: string
}

/** The one page of the application and its own small sheet, for `/desk`. The script is bundled here, once, at start. */
export async function createAppPage(assets: AppAssets): Promise<AppPage> {
  const script = await assets.bundle(new URL('app/main.tsx', import.meta.url))
  const sheet = await readSheet()
  const sheetName = `${createHash('sha256').update(sheet).digest('hex')}.css`
  const page = pageText(assets, script.path, `/desk/${sheetName}`)
  const routes = new Hono()
  routes.use(securityHeaders)
  for (const path of ['/', '/invitation']) routes.get(path, (c) => c.html(page))
  routes.get(`/${sheetName}`, (c) =>
    c.body(sheet, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  )
  return { routes, scriptSha256: script.sha256 }
}

async function readSheet(): Promise<string> {
  const source = await readFile(new URL('app/desk.css', import.meta.url), 'utf8')
  const { code } = await transform(source, { loader: 'css', minify: true, charset: 'utf8' })
  return code
}

// Nothing of any case is in it: what a volunteer sees is made in their tab.
function pageText({ cssPath, iconPath }: AppAssets, script: string, sheet: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Desk</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${cssPath}">
<link rel="stylesheet" href="${sheet}">
<link rel="icon" href="${iconPath}">
<script type="module" src="${script}"></script>
</head>
<body>
<div id="app">
<div class="wrap"><main>
<h1>Desk · 工作台</h1>
<noscript><p>The desk opens sealed statements in your browser and needs scripts for it.</p>
<p lang="zh-Hans">工作台在您的浏览器里打开加密的内容，因此需要启用脚本。</p></noscript>
</main></div>
</div>
</body>
</html>
`.toString()
}
