import { createHash } from 'node:crypto'
import { languages } from '../i18n/languages.ts'
import { makePageData, pageDataModule } from '../intake/channels/web/in-page/make-page-data.ts'
import type { Assets } from '../ui/assets.ts'
import { html } from '../ui/html.ts'
import type { PartnerConfig } from './partner-page.ts'
import {
  ICON_LINK,
  replaceOnce,
  STYLE_LINK,
  type StandaloneOptions,
  standaloneDocument,
} from './standalone-document.ts'

export interface PartnerFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * The files of a page for another web site. It seals in the browser and posts ciphertext to the register's site; the site that
 * serves it is asked for these files and for nothing else. `SHA256SUMS` names them all, for both sides to compare.
 */
export async function makePartnerPage(
  options: StandaloneOptions,
  assets: Pick<Assets, 'bundle' | 'pageAssets'>,
): Promise<readonly PartnerFile[]> {
  const { language, entry, siteUrl } = options
  const code = await assets.bundle(new URL('partner-page.ts', import.meta.url))
  const source = Buffer.from(code.bytes).toString()
  const style = assets.pageAssets.find(({ path }) => path.endsWith('.css'))?.bytes
  const config: PartnerConfig = { language, entry, siteUrl }
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${new URL(siteUrl).origin}`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
  let page = standaloneDocument(options, 'partner', 'partnerScripts')
  page = replaceOnce(
    page,
    /<meta charset="utf-8">\n/,
    (meta) => `${meta}<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
  )
  page = replaceOnce(page, STYLE_LINK, () => '<link rel="stylesheet" href="style.css">')
  page = replaceOnce(page, ICON_LINK, () => '')
  page = replaceOnce(
    page,
    /<\/body>/,
    (end) =>
      `${html`<script type="module" src="form.js" data-partner="${JSON.stringify(config)}"></script>`}\n${end}`,
  )
  const files = [
    { name: 'index.html', bytes: Buffer.from(page) },
    { name: 'form.js', bytes: code.bytes },
    { name: 'style.css', bytes: style ?? new Uint8Array() },
    ...languages.map((id) => ({
      name: `form-${id}.js`,
      bytes: Buffer.from(pageDataModule(makePageData(id, source, options))),
    })),
  ]
  const sums = files.map(({ name, bytes }) => `${sha256(bytes)}  ${name}\n`).join('')
  return [...files, { name: 'SHA256SUMS', bytes: Buffer.from(sums) }]
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
