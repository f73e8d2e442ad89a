import type { Language } from '../i18n/languages.ts'
import { FormScreen } from '../intake/channels/web/in-page/form-screen.ts'
import { openForm } from '../intake/channels/web/in-page/open-form.ts'
import type { PageData } from '../intake/channels/web/in-page/page-data.ts'
import { postSealed } from '../intake/channels/web/in-page/post-sealed.ts'
import type { CentreProof } from '../sealing/centre-entry.ts'

/** What the generator writes into the page for its script. */
export interface PartnerConfig {
  readonly language: Language
  readonly entry: CentreProof
  /** The register's site, which takes the sealed messages. */
  readonly siteUrl: string
}

// The script of a partner's page. It asks its own site for its files and the register's site for one thing: to take a sealed message.

const script = document.querySelector<HTMLScriptElement>('script[data-partner]')
const { language, entry, siteUrl }: PartnerConfig = JSON.parse(script?.dataset['partner'] ?? '')
const url = new URL('declare/sealed', siteUrl).href

async function loadData(wanted: Language): Promise<PageData> {
  return (await import(new URL(`form-${wanted}.js`, location.href).href)).data
}

async function start(): Promise<void> {
  const run = openForm(await loadData(language), entry, {
    channel: 'web',
    host: 'partner',
    path: (shown) => `/${shown}/declare`,
  })
  new FormScreen(run, {
    siteUrl,
    loadData,
    deliver: (sealed, say) => postSealed(sealed, url, () => say('sendWait')),
  }).start()
}

void start()
