import { languageFacts } from '../i18n/languages.ts'
import { html } from '../ui/html.ts'
import { formatMoment, formatNumber } from './format.ts'
import { countParts, witnessLine } from './pages/count-parts.ts'
import type { PageFrame } from './site-page.ts'
import type { RegisterSummary } from './summary.ts'

const WIDTH = 420
const FIRST_ROW = 128
const ROW = 24
const NOTE_ROW = 20

/**
 * The count as a picture that needs nothing around it: it carries its time, its evidence and what was taken back,
 * because whoever shows it elsewhere shows nothing else.
 */
export function renderCountPicture(frame: PageFrame, summary: RegisterSummary): string {
  const { t, language, look } = frame
  const { figures, takenAt } = summary
  const count = formatNumber(language, figures.total)
  const counted = t('countedOn', { day: formatMoment(language, takenAt) })
  const rows = countParts(summary)
  const after = FIRST_ROW + rows.length * ROW
  const notes = [counted, witnessLine(frame, summary), ...(look.sample ? [t('sampleMark')] : [])]
  const height = after + notes.length * NOTE_ROW + 6
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t" lang="${languageFacts[language].tag}" font-family="system-ui, sans-serif" font-size="14" fill="#14181d">
<title id="t">${t('countOf', { number: count, count: figures.total })}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff" stroke="#8a94a0"/>
<text x="20" y="60" font-size="46" font-weight="700">${count}</text>
<text x="20" y="90" font-size="16">${t('countUnit', { count: figures.total })}</text>
${rows.map(
  ([key, value], i) => html`<text x="20" y="${FIRST_ROW + i * ROW}">${t(key)}</text>
<text x="${WIDTH - 20}" y="${FIRST_ROW + i * ROW}" text-anchor="end">${formatNumber(language, value)}</text>
`,
)}${notes.map(
  (note, i) =>
    html`<text x="20" y="${after + 10 + i * NOTE_ROW}" font-size="12" fill="#4a535e">${note}</text>
`,
)}</svg>
`.toString()
}
