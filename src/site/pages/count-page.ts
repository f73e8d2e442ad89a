import { html, type Markup } from '../../ui/html.ts'
import type { Counted } from '../figures.ts'
import { formatDay, formatMonth } from '../format.ts'
import { organisationLabel } from '../labels.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'
import { countLine, countTable, evidenceKeys, evidenceTable, witnessLine } from './count-parts.ts'
import { keyOriginKeys } from './declaration-page.ts'
import { keptApart, organisationTable, stateTable } from './home-page.ts'

const DAYS_SHOWN = 31

/** Every figure of the tally. All tables but the one that says otherwise add up to the count. */
export function renderCountPage(frame: PageFrame, summary: RegisterSummary): string {
  const { t, link, language } = frame
  const body = html`<h1>${t('countTitle')}</h1>
${countLine(frame, summary)}
<p>${t('countIntro')} <strong>${t('provesOnly')}</strong> ${witnessLine(frame, summary)} <a href="${link(`/${language}/number/`)}">${t('countMeaning')}</a></p>
${evidenceTable(frame, summary)}
${partsTable(frame, summary)}
<p class="hint">${t('partsNote')}</p>
${stateTable(frame, summary)}
<p class="hint">${t('stateNote')}</p>
${organisationTable(frame, summary)}
<p class="hint">${t('organisationsNote')}</p>
${combinationTable(frame, summary)}
<p class="hint">${t('combinationsNote')}</p>
${dayTables(frame, summary)}
${formTable(frame, summary)}
${keptApart(frame, summary)}
<h2>${t('filesHeading')}</h2>
<ul>
<li><a href="${link('/count.json')}">count.json</a>: ${t('countJson')}</li>
<li><a href="${link('/count.svg')}">count.svg</a>: ${t('countSvg')}</li>
<li><a href="${link('/log/tally')}">log/tally</a>: ${t('tallyFile')}</li>
<li><a href="${link(`/${language}/feed.xml`)}">feed.xml</a>: ${t('feedFile')}</li>
</ul>`
  return renderPage(frame, { title: t('countTitle'), body })
}

function partsTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t } = frame
  return countTable(frame, {
    id: 'parts',
    caption: t('partsHeading'),
    columns: [t('evidenceColumn'), t('receiptColumn'), t('confirmedColumn')],
    rows: figures.byPart.map(({ evidence, key, confirmed, count }) => ({
      cells: [t(evidenceKeys[evidence].label), t(keyOriginKeys[key]), t(confirmed ? 'yes' : 'no')],
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
    caption: t('combinationsHeading'),
    columns: [t('organisationsHeading')],
    rows: figures.byCombination.map(({ id, count }) => ({ cells: [label(id)], count })),
    total: figures.total,
  })
}

function dayTables(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t, language } = frame
  const days = figures.byDay.slice(0, DAYS_SHOWN)
  const table = (
    id: string,
    caption: string,
    column: string,
    counts: readonly Counted[],
    format: typeof formatDay,
    total?: number,
  ) =>
    countTable(frame, {
      id,
      caption,
      columns: [column],
      rows: counts.map((row) => ({
        cells: [html`<time datetime="${row.id}">${format(language, row.id)}</time>`],
        count: row.count,
      })),
      ...(total === undefined ? {} : { total }),
    })
  return html`${table('months', t('monthsHeading'), t('monthColumn'), figures.byMonth, formatMonth, figures.total)}
${days.length > 0 && table('days', t('daysHeading', { count: days.length }), t('dayColumn'), days, formatDay)}`
}

function formTable(frame: PageFrame, { figures }: RegisterSummary): Markup {
  const { t, link } = frame
  return countTable(frame, {
    id: 'forms',
    caption: t('formsHeading'),
    columns: [t('formColumn')],
    rows: figures.byForm.map(({ id, count }) => ({
      cells: [html`<a href="${link(`/log/forms/${id}.json`)}"><code>${id}</code></a>`],
      count,
    })),
    total: figures.total,
  })
}
