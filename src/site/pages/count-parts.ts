import { EVIDENCE, type Evidence } from '../../declaration/evidence.ts'
import { html, type Markup, type MarkupValue } from '../../ui/html.ts'
import { formatMoment, formatNumber } from '../format.ts'
import type { SiteKey } from '../messages.en.ts'
import type { PageFrame } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'

// Strongest first: a reader who stops after one row has read the most defensible number.
export const EVIDENCE_ROWS: readonly Evidence[] = EVIDENCE.toReversed()

export const evidenceKeys: Readonly<Record<Evidence, { label: SiteKey; meaning: SiteKey }>> = {
  'in-person': { label: 'evidenceInPerson', meaning: 'evidenceInPersonMeaning' },
  self: { label: 'evidenceSelf', meaning: 'evidenceSelfMeaning' },
  consented: { label: 'evidenceConsented', meaning: 'evidenceConsentedMeaning' },
  relayed: { label: 'evidenceRelayed', meaning: 'evidenceRelayedMeaning' },
  legacy: { label: 'evidenceLegacy', meaning: 'evidenceLegacyMeaning' },
}

/** A number that programs can read too, exactly. */
export function numberCell({ language }: PageFrame, value: number): Markup {
  return html`<td class="number"><data value="${value}">${formatNumber(language, value)}</data></td>`
}

export interface CountRow {
  /** The first is the row's heading. */
  readonly cells: readonly MarkupValue[]
  readonly count: number
}

export interface CountTable {
  /** Names the table for programs and tests. */
  readonly id: string
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly CountRow[]
  /** Only where the rows partition the count: a sum under anything else would be a false number. */
  readonly total?: number
}

export function countTable(frame: PageFrame, table: CountTable): Markup {
  const { t } = frame
  const { id, caption, columns, rows, total } = table
  const headings = [...columns, t('numberColumn')]
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-caption"><table id="${id}">
<caption id="${id}-caption">${caption}</caption>
<thead><tr>${headings.map((heading, i) => html`<th scope="col"${i === headings.length - 1 && html` class="number"`}>${heading}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({
      cells: [first, ...others],
      count,
    }) => html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}${numberCell(frame, count)}</tr>
`,
  )}</tbody>${
    total !== undefined &&
    html`
<tfoot><tr><th scope="row" colspan="${columns.length}">${t('total')}</th>${numberCell(frame, total)}</tr></tfoot>`
  }
</table></div>
`
}

export function evidenceTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'evidence',
    caption: t('evidenceHeading'),
    columns: [t('evidenceColumn'), t('meaningColumn')],
    rows: EVIDENCE_ROWS.map((evidence) => ({
      cells: [t(evidenceKeys[evidence].label), t(evidenceKeys[evidence].meaning)],
      count: figures.byEvidence[evidence],
    })),
    total: figures.total,
  })
}

export function evidenceMeanings({ t }: PageFrame): Markup {
  return html`<dl class="facts">${EVIDENCE_ROWS.map(
    (evidence) =>
      html`<div><dt>${t(evidenceKeys[evidence].label)}</dt><dd>${t(evidenceKeys[evidence].meaning)}</dd></div>
`,
  )}</dl>`
}

/** The count never stands alone: its day, its evidence and what was taken back stand in the same sentence's reach. */
export function countLine(frame: PageFrame, { figures, takenAt }: RegisterSummary): Markup {
  const { t, language } = frame
  const { total, byEvidence, byState } = figures
  const split = EVIDENCE_ROWS.filter((evidence) => byEvidence[evidence] > 0).map(
    (evidence) =>
      html`<li>${t(evidenceKeys[evidence].label)}: ${formatNumber(language, byEvidence[evidence])}</li>`,
  )
  return html`<p><strong>${formatNumber(language, total)} ${t('countUnit', { count: total })}</strong>. ${t('countedOn', { day: formatMoment(language, takenAt) })}</p>
${total > 0 && html`<ul>${split}<li>${t('stateWithdrawn')}: ${formatNumber(language, byState.withdrawn + byState['withdrawn+flagged'])}</li><li>${t('stateFlagged')}: ${formatNumber(language, byState.flagged + byState['withdrawn+flagged'])}</li></ul>`}
`
}

export function witnessLine({ t }: PageFrame, { witnesses }: RegisterSummary): string {
  if (witnesses.length === 0) return t('unwitnessed')
  return t('witnessed', { count: witnesses.length, names: witnesses.join(', ') })
}
