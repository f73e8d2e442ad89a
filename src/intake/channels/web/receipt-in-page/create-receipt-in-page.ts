import { type Language, languages } from '../../../../i18n/languages.ts'
import type { Asset, Assets } from '../../../../ui/assets.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { InPage } from '../in-page/create-in-page.ts'
import { pageDataModule } from '../in-page/make-page-data.ts'
import { makeReceiptData, type ReceiptDataOptions } from './make-receipt-data.ts'
import type { ReceiptPageConfig } from './receipt-page-data.ts'

export const DOOR_PATH = '/receipt/door'

export interface ReceiptInPageOptions extends ReceiptDataOptions {
  readonly assets: Assets
  /** The signed note that names the act recipient; null where there is none yet. */
  readonly findActRecipientNote: () => Promise<string | null>
}

export interface ReceiptInPage {
  /** What the receipt's question carries in its head; nothing where there is nobody to seal an act to. */
  readonly head: (page: {
    readonly language: Language
    readonly path: string
  }) => Promise<Markup | null>
  readonly files: InPage['files']
}

/** Bundles the scripts and writes each language's data, once, at start. */
export async function createReceiptInPage(options: ReceiptInPageOptions): Promise<ReceiptInPage> {
  const { assets, findActRecipientNote } = options
  const bundle = (name: string) => assets.bundle(new URL(name, import.meta.url))
  const [loader, code, words] = await Promise.all([
    bundle('../in-page/loader.ts'),
    bundle('main.ts'),
    bundle('../wordlists.ts'),
  ])
  const source = Buffer.from(code.bytes).toString()
  const dataOf = (language: Language): Promise<Asset> =>
    assets.keepScript(pageDataModule(makeReceiptData(language, source, options)))
  const data: Readonly<Record<Language, Asset>> = {
    en: await dataOf('en'),
    'zh-hans': await dataOf('zh-hans'),
    'zh-hant': await dataOf('zh-hant'),
  }
  return {
    head: async ({ language, path }) => {
      const recipient = await findActRecipientNote()
      if (recipient === null) return null
      const link = (asset: Asset) => relativeLink(path, asset.path)
      const config: ReceiptPageConfig = {
        language,
        recipient,
        code: link(code),
        data: {
          en: link(data.en),
          'zh-hans': link(data['zh-hans']),
          'zh-hant': link(data['zh-hant']),
        },
        words: link(words),
        door: relativeLink(path, DOOR_PATH),
      }
      return html`<script type="module" src="${link(loader)}" fetchpriority="low" data-in-page="${JSON.stringify(config)}"></script>
`
    },
    files: [
      { name: 'receipt.js', hash: code.sha256 },
      { name: 'receipt-words.js', hash: words.sha256 },
      ...languages.map((language) => ({
        name: `receipt-${language}.js`,
        hash: data[language].sha256,
      })),
    ],
  }
}
