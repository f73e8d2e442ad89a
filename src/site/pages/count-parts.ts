import { EVIDENCE, type Evidence } from '../../declaration/evidence.ts'
import { html, type Markup, type MarkupValue } from '../../ui/html.ts'
import { formatMoment, formatNumber } from '../format.ts'
import type { SiteKey } from '../messages.en.ts'
import type { PageFrame } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'

// Strongest first: a reader who stops after one row has read the most defensible number.
const EVIDENCE_ROWS: readonly Evidence[] = EVIDENCE.toReversed()

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

interface CountRow {
  readonly label: MarkupValue
  /** What the label means, in smaller words under it. */
  readonly hint?: MarkupValue
  readonly count: number
}

export interface CountTable {
  /** Names the table for programs and tests. */
  readonly id: string
  readonly heading: string
  /** Under the heading: whether the rows add up, and to what. */
  readonly note: string
  readonly column: string
  readonly numberColumn?: string
  readonly rows: readonly CountRow[]
  /** Only where the rows partition the count: a sum under anything else would be a false number. */
  readonly total?: number
}

/** Two columns, so that it stands on a phone without scrolling. */
export function countTable(frame: PageFrame, table: CountTable): Markup {
  const { t } = frame
  const { id, heading, note, column, numberColumn = t('numberColumn'), rows, total } = table
  return html`<h2 id="${id}-heading">${heading}</h2>
<p class="hint">${note}</p>
<table id="${id}" aria-labelledby="${id}-heading">
<thead><tr><th scope="col">${column}</th><th scope="col" class="number">${numberColumn}</th></tr></thead>
<tbody>${rows.map(
    ({ label, hint, count }) =>
      html`<tr><th scope="row">${label}${hint && html`<div class="hint">${hint}</div>`}</th>${numberCell(frame, count)}</tr>
`,
  )}</tbody>${
    total !== undefined &&
    html`
<tfoot><tr><th scope="row">${t('total')}</th>${numberCell(frame, total)}</tr></tfoot>`
  }
</table>
`
}

export function evidenceTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'evidence',
    heading: t('evidenceHeading'),
    note: t('evidenceNote'),
    column: t('evidenceColumn'),
    rows: EVIDENCE_ROWS.map((evidence) => ({
      label: t(evidenceKeys[evidence].label),
      hint: t(evidenceKeys[evidence].meaning),
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

/** What has to stand beside the count wherever it is shown: its evidence, and what was taken back or doubted. */
export function countParts({ figures }: RegisterSummary): readonly (readonly [SiteKey, number])[] {
  const { byEvidence, byState } = figures
  const both = byState['withdrawn+flagged']
  return [
    ...EVIDENCE_ROWS.map((level) => [evidenceKeys[level].label, byEvidence[level]] as const),
    ['stateWithdrawn', byState.withdrawn + both],
    ['stateFlagged', byState.flagged + both],
  ]
}

export function countLine(frame: PageFrame, summary: RegisterSummary): Markup {
  const { t, language } = frame
  const { total } = summary.figures
  const number = formatNumber(language, total)
  const counted = t('countedOn', { day: formatMoment(language, summary.takenAt) })
  return html`<p><strong>${t('countOf', { number, count: total })}</strong><br>${counted}</p>
<ul>${countParts(summary).map(([key, count]) => html`<li>${t('labelled', { label: t(key), value: formatNumber(language, count) })}</li>`)}</ul>
`
}

export function witnessLine({ t }: PageFrame, { witnesses }: RegisterSummary): string {
  if (witnesses.length === 0) return t('unwitnessed')
  return t('witnessed', { count: witnesses.length, names: witnesses.join(', ') })
}
