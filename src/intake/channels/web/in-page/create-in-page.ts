import { type Language, languages } from '../../../../i18n/languages.ts'
import type { CentreProof } from '../../../../sealing/centre-entry.ts'
import type { Asset, Assets } from '../../../../ui/assets.ts'
import { html, type Markup } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { ArrivalPath } from '../../../abuse/arrival-path.ts'
import { makePageData, type PageDataOptions, pageDataModule } from './make-page-data.ts'
import type { PageConfig } from './page-data.ts'

export interface InPageOptions extends PageDataOptions {
  readonly assets: Assets
  /** The newest entry of the directory that names the centre's key; null where there is none. */
  readonly findCentreEntry: () => Promise<CentreProof | null>
}

export interface InPage {
  /** What the first page of the form carries in its head; nothing where there is no key to seal to. */
  readonly head: (
    page: { readonly language: Language; readonly path: string },
    arrival: ArrivalPath,
  ) => Promise<Markup | null>
  /** What browsers run, for the event log. */
  readonly files: readonly { readonly name: string; readonly hash: string }[]
}

/** Bundles the scripts and writes each language's data, once, at start. */
export async function createInPage(options: InPageOptions): Promise<InPage> {
  const { assets, findCentreEntry } = options
  const bundle = (name: string) => assets.bundle(new URL(name, import.meta.url))
  const [loader, code] = await Promise.all([bundle('loader.ts'), bundle('main.ts')])
  const source = Buffer.from(code.bytes).toString()
  const dataOf = (language: Language): Promise<Asset> =>
    assets.keepScript(pageDataModule(makePageData(language, source, options)))
  const data: Readonly<Record<Language, Asset>> = {
    en: await dataOf('en'),
    'zh-hans': await dataOf('zh-hans'),
    'zh-hant': await dataOf('zh-hant'),
  }
  return {
    head: async ({ language, path }, arrival) => {
      const entry = await findCentreEntry()
      if (entry === null) return null
      const link = (asset: Asset) => relativeLink(path, asset.path)
      const config: PageConfig = {
        language,
        channel: arrival === 'onion' ? 'onion' : 'web',
        entry,
        code: link(code),
        data: {
          en: link(data.en),
          'zh-hans': link(data['zh-hans']),
          'zh-hant': link(data['zh-hant']),
        },
        post: relativeLink(path, '/declare/sealed'),
      }
      return html`<script type="module" src="${link(loader)}" fetchpriority="low" data-in-page="${JSON.stringify(config)}"></script>
`
    },
    files: [
      { name: 'form-loader.js', hash: loader.sha256 },
      { name: 'form.js', hash: code.sha256 },
      ...languages.map((language) => ({
        name: `form-${language}.js`,
        hash: data[language].sha256,
      })),
    ],
  }
}
