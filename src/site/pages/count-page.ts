import { html, type Markup } from '../../ui/html.ts'
import { formatDay, formatMonth } from '../format.ts'
import { organisationLabel } from '../labels.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'
import { countLine, countTable, evidenceKeys, evidenceTable, witnessLine } from './count-parts.ts'
import { keyOriginKeys } from './declaration-page.ts'
import { keptApart, organisationTable, stateTable } from './home-page.ts'

const DAYS_SHOWN = 14

/** Every figure of the tally. All tables but the one that says otherwise add up to the count. */
export function renderCountPage(frame: PageFrame, summary: RegisterSummary): string {
  const { t, link, language } = frame
  const body = html`<h1>${t('countTitle')}</h1>
${countLine(frame, summary)}
<p>${t('countIntro')}</p>
<p class="note"><strong>${t('provesOnly')}</strong><br>${witnessLine(frame, summary)}<br><a href="${link(`/${language}/number/`)}">${t('countMeaning')}</a></p>
${evidenceTable(frame, summary)}
${partsTable(frame, summary)}
${stateTable(frame, summary)}
${organisationTable(frame, summary)}
${combinationTable(frame, summary)}
${monthTable(frame, summary)}
${dayTable(frame, summary)}
${formTable(frame, summary)}
${keptApart(frame, summary)}
<h2>${t('filesHeading')}</h2>
<ul>
<li><a href="${link('/count.json')}">count.json</a>: ${t('countJson')}</li>
<li><a href="${link(`/${language}/count.svg`)}">count.svg</a>: ${t('countSvg')}</li>
<li><a href="${link('/log/tally')}">log/tally</a>: ${t('tallyFile')}</li>
<li><a href="${link(`/${language}/feed.xml`)}">feed.xml</a>: ${t('feedFile')}</li>
</ul>`
  return renderPage(frame, { title: t('countTitle'), body })
}

function partsTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'parts',
    heading: t('partsHeading'),
    note: t('addsUp'),
    column: t('evidenceColumn'),
    rows: figures.byPart.map(({ evidence, key, confirmed, count }) => ({
      label: t(evidenceKeys[evidence].label),
      hint: html`${t('receiptPart', { origin: t(keyOriginKeys[key]) })}<br>${t(confirmed ? 'confirmedPart' : 'notConfirmedPart')}`,
      count,
    })),
    total: figures.total,
  })
}

function combinationTable(frame: PageFrame, { figures, forms }: RegisterSummary): Markup {
  const { t } = frame
  const label = (ids: string) =>
    ids
      .split(',')
      .map((id) => organisationLabel(frame, forms, id))
      .join(' · ')
  return countTable(frame, {
    id: 'combinations',
    heading: t('combinationsHeading'),
    note: t('addsUp'),
    column: t('organisationsHeading'),
    rows: figures.byCombination.map(({ id, count }) => ({ label: label(id), count })),
    total: figures.total,
  })
}

function monthTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t, language } = frame
  return countTable(frame, {
    id: 'months',
    heading: t('monthsHeading'),
    note: t('addsUp'),
    column: t('monthColumn'),
    rows: figures.byMonth.map(({ id, count }) => ({
      label: html`<time datetime="${id}">${formatMonth(language, id)}</time>`,
      count,
    })),
    total: figures.total,
  })
}

function dayTable(frame: PageFrame, { figures }: RegisterSummary): Markup | false {
  const { t, language } = frame
  const days = figures.byDay.slice(0, DAYS_SHOWN)
  if (days.length === 0) return false
  return countTable(frame, {
    id: 'days',
    heading: t('daysHeading', { count: days.length }),
    note: t('daysNote'),
    column: t('dayColumn'),
    rows: days.map(({ id, count }) => ({
      label: html`<time datetime="${id}">${formatDay(language, id)}</time>`,
      count,
    })),
  })
}

function formTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t, link } = frame
  return countTable(frame, {
    id: 'forms',
    heading: t('formsHeading'),
    note: t('addsUp'),
    column: t('formColumn'),
    rows: figures.byForm.map(({ id, count }) => ({
      label: html`<a href="${link(`/log/forms/${id}.json`)}"><code>${id}</code></a>`,
      count,
    })),
    total: figures.total,
  })
}
