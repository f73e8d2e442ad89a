import { contentPath } from '../../declaration/content.ts'
import type { KeyOrigin } from '../../declaration/evidence.ts'
import type { Leaf } from '../../declaration/leaf.ts'
import type { About } from '../../declaration/values.ts'
import { entriesPath, TILE_WIDTH } from '../../tlog/tile.ts'
import { html, type Markup, type MarkupValue } from '../../ui/html.ts'
import type { DeclarationView } from '../declaration-view.ts'
import { formatDay, formatLanguage } from '../format.ts'
import { channelLabel, choiceLabel, organisationLabel } from '../labels.ts'
import type { SiteKey } from '../messages.en.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import { evidenceKeys } from './count-parts.ts'
import { historyItems, stateTags } from './state-words.ts'

export const keyOriginKeys: Readonly<Record<KeyOrigin, SiteKey>> = {
  own: 'keyOwn',
  served: 'keyServed',
  handed: 'keyHanded',
  '-': 'keyNone',
}

export function declarationPath(language: string, index: number): string {
  return `/${language}/declaration/${index}/`
}

/** Everything public about one entry of a log of `size` entries, and where to check it. */
export function renderDeclarationPage(
  frame: PageFrame,
  view: DeclarationView,
  size: number,
): string {
  const { t } = frame
  const title = t('declarationTitle', { index: view.index })
  const history = historyItems(frame, view)
  const tags = stateTags(frame, view)
  const body = html`<h1>${title}</h1>
${tags && html`<p class="warning">${tags}</p>`}
${statement(frame, view)}
${
  history.length > 0 &&
  html`<h2>${t('historyHeading')}</h2>
<ul>${history.map((item) => html`<li>${item}</li>`)}</ul>
`
}<h2>${t('factsHeading')}</h2>
${facts(frame, view)}
<h2>${t('proofHeading')}</h2>
${proof(frame, view, size)}
<div class="note"><p><strong>${t('provesOnly')}</strong></p><p>${t('neverErased')}</p></div>
${neighbours(frame, view.index, size)}`
  return renderPage(frame, { title, body })
}

function statement({ t, language }: PageFrame, view: DeclarationView): Markup {
  const heading = html`<h2>${t('statementHeading')}</h2>
`
  const { text, state } = view
  if (text === undefined) {
    const reason = state.withdrawn ? 'textWithdrawn' : missingTextReason(state.leaf)
    return html`${heading}<p>${t(reason)}</p>
`
  }
  return html`${heading}<div class="statement preview" dir="auto" lang="${text.language}">${text.text}</div>
${text.standard && html`<p class="hint">${t('standardText')}</p>`}
${text.language !== language && html`<p class="hint">${t('labelled', { label: t('languageLabel'), value: formatLanguage(language, text.language) })}</p>`}
`
}

function missingTextReason({ body, shown }: Leaf): SiteKey {
  if (shown.text) return 'textGone'
  return body === undefined ? 'textNotShown' : 'textKept'
}

function facts(frame: PageFrame, view: DeclarationView): Markup {
  const { t, language } = frame
  const { name, forms } = view
  const { leaf } = view.state
  const organisations = leaf.orgs.map((id) => organisationLabel(frame, forms, id))
  const rows: [string, MarkupValue][] = [
    [t('nameLabel'), name === undefined ? t('noName') : html`<bdi>${name}</bdi>`],
    [t('organisationsLabel'), html`${organisations.map((label) => html`<div>${label}</div>`)}`],
    [
      t('dayLabel'),
      html`<time datetime="${leaf.day}">${formatDay(language, leaf.day)}</time><div class="hint">${t('dayHint')}</div>`,
    ],
    [
      t('evidenceLabel'),
      html`${t(evidenceKeys[leaf.evidence].label)}<div class="hint">${t(evidenceKeys[leaf.evidence].meaning)}</div>`,
    ],
    [t('receiptLabel'), t(keyOriginKeys[leaf.key])],
    ...(view.about === undefined ? [] : aboutRows(frame, view, view.about)),
  ]
  return html`<dl class="facts">${rows.map(
    ([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>
`,
  )}</dl>`
}

function aboutRows(frame: PageFrame, view: DeclarationView, about: About): [string, MarkupValue][] {
  const { t, language } = frame
  const label = (list: 'sectors' | 'standings' | 'regions' | 'voices', id: string | undefined) =>
    id === undefined ? undefined : choiceLabel(frame, view.forms, list, id)
  const { claimedDay, position } = about
  const rows: [SiteKey, MarkupValue][] = [
    ['sectorLabel', label('sectors', about.sector)],
    ['standingLabel', label('standings', about.standing)],
    ['positionLabel', position && html`<bdi>${position}</bdi>`],
    ['regionLabel', label('regions', about.region)],
    ['voiceLabel', label('voices', about.voice)],
    ['languageLabel', formatLanguage(language, about.language)],
    ['channelLabel', channelLabel(frame, about.channel)],
    ['claimedDayLabel', claimedDay && formatDay(language, claimedDay)],
  ]
  return rows.flatMap(([key, value]): [string, MarkupValue][] => (value ? [[t(key), value]] : []))
}

function proof({ t, link, language }: PageFrame, view: DeclarationView, size: number): Markup {
  const bundle = Math.floor(view.index / TILE_WIDTH)
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)
  const entries = `log/declarations/${entriesPath(bundle, width)}`
  const content = contentPath(bundle)
  const hasParts = view.text ?? view.name ?? view.about
  return html`<dl class="facts">
<div><dt>${t('indexLabel')}</dt><dd>${view.index}</dd></div>
<div><dt>${t('leafHashLabel')}</dt><dd><code>${view.state.leafHash}</code></dd></div>
<div><dt>${t('bundleLabel')}</dt><dd><a href="${link(`/${entries}`)}"><code>${entries}</code></a><div class="hint">${t('bundlePosition', { position: view.index % TILE_WIDTH })}</div></dd></div>
${hasParts !== undefined && html`<div><dt>${t('contentLabel')}</dt><dd><a href="${link(`/${content}`)}"><code>${content}</code></a></dd></div>`}
</dl>
<p><a href="${link(`/${language}/verify/`)}">${t('verifyOne')}</a></p>`
}

function neighbours({ t, link, language }: PageFrame, index: number, size: number): Markup {
  return html`<p class="actions">
${index > 0 && html`<a rel="prev" href="${link(declarationPath(language, index - 1))}">${t('previousEntry', { index: index - 1 })}</a>`}
${index + 1 < size && html`<a rel="next" href="${link(declarationPath(language, index + 1))}">${t('nextEntry', { index: index + 1 })}</a>`}
</p>`
}
