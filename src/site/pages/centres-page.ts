import {
  type CentreKind,
  type CentreLine,
  type CentreList,
  centreTotals,
  type LineKind,
  type OpeningHours,
  type PublicCentre,
  WEEKDAYS,
  type Weekday,
} from '../../declaration/centre-list.ts'
import { labelIn } from '../../declaration/form-definition.ts'
import { html, type Markup, type MarkupValue } from '../../ui/html.ts'
import { formatCountry, formatDay, formatLanguage, formatWeekday } from '../format.ts'
import type { SiteKey } from '../messages.en.ts'
import { CENTRES_FILE } from '../register-files.ts'
import { type PageFrame, renderPage } from '../site-page.ts'

const kindKeys: Readonly<Record<CentreKind, SiteKey>> = {
  global: 'centreGlobal',
  regional: 'centreRegional',
  station: 'centreStation',
}
const lineKeys: Readonly<Record<LineKind, SiteKey>> = {
  telephone: 'lineTelephone',
  fax: 'lineFax',
  email: 'lineEmail',
  post: 'linePost',
  sms: 'lineSms',
  chat: 'lineChat',
  web: 'lineWeb',
  visit: 'lineVisit',
}
const accessKeys: Readonly<Record<PublicCentre['access'][number], SiteKey>> = {
  'step-free': 'accessStepFree',
  toilet: 'accessToilet',
  seating: 'accessSeating',
  'hearing-loop': 'accessHearingLoop',
  'sign-language': 'accessSignLanguage',
}

/** Where people can be reached: by country, the global centre first. */
export function renderCentresPage(frame: PageFrame, list: CentreList): string {
  const { t, link } = frame
  const title = t('centresTitle')
  if (list.centres.length === 0) {
    const body = html`<h1>${title}</h1>
<p>${t('centresNone')}</p>`
    return renderPage(frame, { title, body })
  }
  const groups = byCountry(frame, list.centres)
  const body = html`<h1>${title}</h1>
<p>${t('centresIntro')}</p>
<p>${t('centresTotals', centreTotals(list))}</p>
<p><img src="${link('/centres.svg')}" alt="${t('centresMap')}" width="720" height="280"></p>
${groups.map(
  ([country, centres]) => html`<h2>${country}</h2>
${centres.map((centre) => centreSection(frame, centre))}`,
)}<p class="hint"><a href="${link(`/${CENTRES_FILE}`)}">${t('centresFile')}</a>. ${t('centresLogged')}</p>`
  return renderPage(frame, { title, body })
}

function byCountry({ language }: PageFrame, centres: readonly PublicCentre[]) {
  const rank = ({ kind }: PublicCentre) => Object.keys(kindKeys).indexOf(kind)
  const named = centres.toSorted((a, b) => rank(a) - rank(b))
  const groups = Map.groupBy(named, ({ country }) => formatCountry(language, country))
  const collator = new Intl.Collator(language === 'en' ? 'en' : 'zh')
  return [...groups].toSorted(([a], [b]) => collator.compare(a, b))
}

function centreSection(frame: PageFrame, centre: PublicCentre): Markup {
  const { t, language } = frame
  const { name, city, kind, lines, holidays, access, timeZone } = centre
  const rows: (readonly [string, MarkupValue])[] = [
    [t(kindKeys[kind]), labelIn(city, language)],
    ...lines.map((line) => [t(lineKeys[line.kind]), lineValue(frame, line, timeZone)] as const),
  ]
  if (lines.length === 0) rows.push([t('centreLines'), t('centreNoLines')])
  if (holidays.length > 0) {
    rows.push([
      t('centreHolidays'),
      holidays.map(
        (day, i) =>
          html`${i > 0 && ' · '}<time datetime="${day}">${formatDay(language, day)}</time>`,
      ),
    ])
  }
  if (access.length > 0) {
    rows.push([t('centreAccess'), access.map((code) => t(accessKeys[code])).join(' · ')])
  }
  return html`<h3 id="${centre.id}">${labelIn(name, language)}</h3>
<dl class="facts">${rows.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>
`,
  )}</dl>
`
}

function lineValue(frame: PageFrame, line: CentreLine, timeZone: string): MarkupValue {
  const { t, language } = frame
  const languages = line.languages.map((tag) => formatLanguage(language, tag)).join(' · ')
  const hours =
    line.hours.length === 0
      ? t('centreAlways')
      : `${line.hours.map((one) => hoursIn(frame, one)).join(' · ')} (${t('centreZone', { zone: timeZone })})`
  return html`<bdi>${addressOf(line)}</bdi>${languages !== '' && html`<br>${languages}`}<br><span class="hint">${hours}</span>`
}

/** A link only where the address itself says what to open; anything else is text to copy. */
function addressOf({ kind, address }: CentreLine): MarkupValue {
  if (kind === 'telephone' && /^\+[\d ()-]{5,30}$/.test(address)) {
    return html`<a href="tel:${address.replaceAll(/[^+\d]/g, '')}">${address}</a>`
  }
  if (kind === 'email' && /^[\w.+-]+@[\w.-]+$/.test(address)) {
    return html`<a href="mailto:${address}">${address}</a>`
  }
  if (kind === 'web' && /^https:\/\/[\w.-]+(?:\/\S*)?$/.test(address)) {
    return html`<a rel="noreferrer" href="${address}">${address}</a>`
  }
  return address
}

function hoursIn({ t, language }: PageFrame, { days, from, to }: OpeningHours): string {
  return `${daysIn(t, language, days)} ${from}–${to}`
}

function daysIn(t: PageFrame['t'], language: PageFrame['language'], days: readonly Weekday[]) {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return ''
  const name = (day: Weekday) => formatWeekday(language, WEEKDAYS.indexOf(day))
  return days.length > 2
    ? t('dayRange', { from: name(first), to: name(last) })
    : days.map(name).join(' · ')
}
