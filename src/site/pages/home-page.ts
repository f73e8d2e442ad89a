import { html, type Markup } from '../../ui/html.ts'
import { rootOf } from '../../ui/links.ts'
import type { DeclarationView } from '../declaration-view.ts'
import { formatDay, formatMoment, formatNumber } from '../format.ts'
import { choiceLabel, organisationLabel } from '../labels.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import { type RegisterSummary, STALE_AFTER_DAYS } from '../summary.ts'
import { countTable, evidenceTable, witnessLine } from './count-parts.ts'
import { declarationList } from './declaration-list.ts'

/** The count with everything that qualifies it, the newest entries, and the two ways in. */
export function renderHomePage(
  frame: PageFrame,
  summary: RegisterSummary,
  newest: readonly DeclarationView[],
): string {
  const { look, language, link, t } = frame
  const { title, description, introduction } = look.texts[language]
  const service = (path: string) => `${rootOf(frame.path)}${language}/${path}`
  const body = html`<h1>${title}</h1>
<p>${description}</p>
<p class="actions"><a class="button" href="${service('declare')}">${t('declare')}</a>
<a class="button second" href="${service('receipt')}">${t('receipt')}</a></p>
<p class="hint">${t('declareHint')}</p>
<p class="hint">${t('receiptHint')}</p>
<p class="hint"><a href="${link(`/${language}/kept/`)}">${t('keptTitle')}</a></p>
${count(frame, summary)}
<h2>${t('aboutHeading')}</h2>
${introduction.map(
  (paragraph) => html`<p>${paragraph}</p>
`,
)}${evidenceTable(frame, summary)}
${stateTable(frame, summary)}
${organisationTable(frame, summary)}
${keptApart(frame, summary)}
<h2>${t('newestHeading')}</h2>
${newest.length === 0 ? html`<p>${t('noDeclarations')}</p>` : declarationList(frame, newest)}
<p><a href="${link(`/${language}/declarations/`)}">${t('allDeclarations')}</a></p>`
  return renderPage(frame, { title, body })
}

function count(frame: PageFrame, summary: RegisterSummary): Markup {
  const { t, language, link } = frame
  const { figures, takenAt, stale } = summary
  const { total } = figures
  const day = takenAt.toISOString().slice(0, 10)
  return html`<section aria-labelledby="count-heading">
<h2 id="count-heading">${t('countHeading')}</h2>
<p class="count"><data id="count" value="${total}">${formatNumber(language, total)}</data></p>
<p><time datetime="${takenAt.toISOString()}">${t('countedOn', { day: formatMoment(language, takenAt) })}</time><br>${t('countedFrom')}<br>${witnessLine(frame, summary)}</p>
<p><strong>${t('provesOnly')}</strong><br><a href="${link(`/${language}/number/`)}">${t('countMeaning')}</a></p>
${
  stale
    ? html`<div class="warning" role="note"><p><strong>${t('staleTitle', { day: formatDay(language, day) })}</strong> ${t('stale')}</p></div>`
    : html`<p class="hint">${t('staleRule', { days: STALE_AFTER_DAYS })}</p>`
}
</section>`
}

export function stateTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  const { byState, total } = figures
  return countTable(frame, {
    id: 'state',
    heading: t('stateHeading'),
    note: t('stateNote'),
    column: t('stateColumn'),
    rows: [
      { label: t('stateStanding'), count: byState.standing },
      { label: t('stateWithdrawn'), count: byState.withdrawn },
      { label: t('stateFlagged'), count: byState.flagged },
      { label: t('stateWithdrawnFlagged'), count: byState['withdrawn+flagged'] },
    ],
    total,
  })
}

export function organisationTable(
  frame: PageFrame,
  { figures, forms }: RegisterSummary,
): Markup | false {
  const { t } = frame
  if (figures.total === 0) return false
  return countTable(frame, {
    id: 'organisations',
    heading: t('organisationsHeading'),
    note: t('organisationsNote'),
    column: t('organisationColumn'),
    rows: figures.byOrganisation.map(({ id, count }) => ({
      label: organisationLabel(frame, forms, id),
      count,
    })),
  })
}

export function keptApart(frame: PageFrame, { apart, forms }: RegisterSummary): Markup | false {
  const { t } = frame
  const rows = [
    ...(apart.claimed > 0 ? [{ label: t('claimed'), count: apart.claimed }] : []),
    ...Array.from(apart.keptOut, ([code, count]) => ({
      label: t('keptOut', { reason: choiceLabel(frame, forms, 'keptOutReasons', code) }),
      count,
    })),
  ]
  if (rows.length === 0) return false
  return countTable(frame, {
    id: 'apart',
    heading: t('apartHeading'),
    note: t('apartNote'),
    column: t('reasonColumn'),
    numberColumn: t('personsColumn'),
    rows,
  })
}
