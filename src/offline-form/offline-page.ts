import { FormScreen } from '../intake/channels/web/in-page/form-screen.ts'
import { openForm } from '../intake/channels/web/in-page/open-form.ts'
import { carryParts } from './carry-parts.ts'
import type { OfflineData } from './offline-data.ts'

// The script inside the offline form. Whatever fails leaves a page that does nothing: its policy lets nothing out.

const element = document.querySelector('script[type="application/json"]')
const { data, language, entry, siteUrl }: OfflineData = JSON.parse(element?.textContent ?? '')
const run = openForm(data[language], entry, {
  channel: 'web',
  host: 'offline',
  path: (shown) => `/${shown}/declare`,
})
new FormScreen(run, {
  siteUrl,
  loadData: async (wanted) => data[wanted],
  deliver: async () => 'taken',
  afterSending: (main, sealed) => carryParts(main, sealed, run.frame, siteUrl),
}).start()
