import { html, type Markup } from '../../ui/html.ts'
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
  const { title, introduction } = look.texts[language]
  const body = html`<h1>${title}</h1>
${introduction.map(
  (paragraph) => html`<p>${paragraph}</p>
`,
)}<p class="actions"><a class="button" href="${link(`/${language}/declare/`)}">${t('declare')}</a>
<a class="button second" href="${link(`/${language}/receipt/`)}">${t('receipt')}</a></p>
<p class="hint">${t('declareHint')} ${t('receiptHint')}</p>
${count(frame, summary)}
${evidenceTable(frame, summary)}
<p class="hint">${t('evidenceNote')}</p>
${stateTable(frame, summary)}
<p class="hint">${t('stateNote')}</p>
${organisationTable(frame, summary)}
<p class="hint">${t('organisationsNote')}</p>
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
<p><time datetime="${takenAt.toISOString()}">${t('countedOn', { day: formatMoment(language, takenAt) })}</time> ${t('countedFrom')} ${witnessLine(frame, summary)}</p>
<p><strong>${t('provesOnly')}</strong> <a href="${link(`/${language}/number/`)}">${t('countMeaning')}</a></p>
${
  stale
    ? html`<div class="warning" role="note"><p><strong>${t('staleTitle', { day: formatDay(language, day) })}</strong> ${t('stale')}</p></div>`
    : html`<p class="hint">${t('staleRule', { days: STALE_AFTER_DAYS })}</p>`
}
</section>`
}

export function stateTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'state',
    caption: t('stateHeading'),
    columns: [t('stateColumn')],
    rows: [
      { cells: [t('stateStanding')], count: figures.byState.standing },
      { cells: [t('stateWithdrawn')], count: figures.byState.withdrawn },
      { cells: [t('stateFlagged')], count: figures.byState.flagged },
      { cells: [t('stateWithdrawnFlagged')], count: figures.byState['withdrawn+flagged'] },
    ],
    total: figures.total,
  })
}

export function organisationTable(frame: PageFrame, { figures, forms }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'organisations',
    caption: t('organisationsHeading'),
    columns: [t('organisationColumn')],
    rows: figures.byOrganisation.map(({ id, count }) => ({
      cells: [organisationLabel(frame, forms, id)],
      count,
    })),
  })
}

export function keptApart(frame: PageFrame, { apart, forms }: RegisterSummary): Markup | false {
  const { t } = frame
  const rows = [
    ...(apart.claimed > 0 ? [{ cells: [t('claimed')], count: apart.claimed }] : []),
    ...[...apart.keptOut].map(([code, count]) => ({
      cells: [t('keptOut', { reason: choiceLabel(frame, forms, 'keptOutReasons', code) })],
      count,
    })),
  ]
  if (rows.length === 0) return false
  const columns = [t('reasonColumn')]
  return html`${countTable(frame, { id: 'apart', caption: t('apartHeading'), columns, rows })}
<p class="hint">${t('apartNote')}</p>
`
}
