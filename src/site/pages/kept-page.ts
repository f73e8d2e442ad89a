import { html } from '../../ui/html.ts'
import { type PageFrame, renderPage } from '../site-page.ts'

const PARTS = ['Visit', 'Declare', 'Receipt', 'Public', 'Back', 'People', 'Ask'] as const

/** What is kept of whoever comes here, for how long, and who deletes it. */
export function renderKeptPage(frame: PageFrame): string {
  const { t, link, language } = frame
  const body = html`<h1>${t('keptTitle')}</h1>
${PARTS.map(
  (part) => html`<h2>${t(`kept${part}`)}</h2>
<p>${t(`kept${part}1`)}</p>
`,
)}<p><a href="${link(`/${language}/number/`)}">${t('countMeaning')}</a></p>`
  return renderPage(frame, { title: t('keptTitle'), body })
}
