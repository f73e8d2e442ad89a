import type { Language } from '../../../../i18n/languages.ts'
import { FormScreen } from './form-screen.ts'
import { openForm } from './open-form.ts'
import type { PageConfig, PageData } from './page-data.ts'
import { postSealed } from './post-sealed.ts'

/** Called by the loader once this code and the page's data are there. Throws before it has changed anything. */
export function takeOver(
  config: PageConfig,
  data: PageData,
  loadData: (language: Language) => Promise<PageData>,
): void {
  const run = openForm(data, config.entry, {
    channel: config.channel,
    path: () => location.pathname,
    host: 'site',
  })
  // Resolved now: the address of the page may change with the language.
  const url = new URL(config.post, location.href).href
  new FormScreen(run, {
    loadData,
    deliver: (sealed, say) => postSealed(sealed, url, () => say('sendWait')),
  }).start()
}
