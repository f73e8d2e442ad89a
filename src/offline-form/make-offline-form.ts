import { createHash } from 'node:crypto'
import { utf8 } from '../encoding/bytes.ts'
import type { Language } from '../i18n/languages.ts'
import { makePageData } from '../intake/channels/web/in-page/make-page-data.ts'
import type { Assets } from '../ui/assets.ts'
import type { OfflineData } from './offline-data.ts'
import {
  ICON_LINK,
  policyHash,
  replaceOnce,
  STYLE_LINK,
  type StandaloneOptions,
  standaloneDocument,
} from './standalone-document.ts'

export interface OfflineForm {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** In hex: what the log's key signs and the event log names. */
  readonly sha256: string
}

/**
 * The whole form in one file that asks for nothing, once for each language it may open in: all three languages, style,
 * scripts, the centre's key and the root it is checked against. The same configuration gives the same bytes.
 */
export async function makeOfflineForms(
  options: Omit<StandaloneOptions, 'language'>,
  assets: Pick<Assets, 'bundle' | 'pageAssets'>,
): Promise<Readonly<Record<Language, OfflineForm>>> {
  const bundled = await assets.bundle(new URL('offline-page.ts', import.meta.url))
  // Inside a script element these bytes would end it.
  const code = text(bundled.bytes)
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '\\x3c!--')
  const make = (language: Language) => makeOfflineForm({ ...options, language }, code, assets)
  return { en: make('en'), 'zh-hans': make('zh-hans'), 'zh-hant': make('zh-hant') }
}

function makeOfflineForm(
  options: StandaloneOptions,
  code: string,
  assets: Pick<Assets, 'pageAssets'>,
): OfflineForm {
  const { language, entry, siteUrl } = options
  const style = text(assets.pageAssets.find(({ path }) => path.endsWith('.css'))?.bytes)
  const data: OfflineData = {
    language,
    data: {
      en: makePageData('en', code, options),
      'zh-hans': makePageData('zh-hans', code, options),
      'zh-hant': makePageData('zh-hant', code, options),
    },
    entry,
    siteUrl,
  }
  const policy = [
    "default-src 'none'",
    `script-src ${policyHash(code)}`,
    `style-src ${policyHash(style)}`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  let page = standaloneDocument(options, 'offline', 'offlineScripts')
  page = replaceOnce(
    page,
    /<meta charset="utf-8">\n/,
    (meta) => `${meta}<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
  )
  page = replaceOnce(page, STYLE_LINK, () => `<style>${style}</style>`)
  page = replaceOnce(page, ICON_LINK, () => '')
  page = replaceOnce(
    page,
    /<\/body>/,
    (end) =>
      `<script type="application/json">${json}</script>\n<script type="module">${code}</script>\n${end}`,
  )
  const bytes = Uint8Array.from(utf8(page))
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}
