import { html, type Markup } from '../../ui/html.ts'
import type { DeclarationView } from '../declaration-view.ts'
import { formatDay, formatNumber } from '../format.ts'
import { choiceLabel, organisationLabel } from '../labels.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import { evidenceKeys } from './count-parts.ts'
import { declarationPath } from './declaration-page.ts'
import { stateTags } from './state-words.ts'

export const LIST_PAGE_SIZE = 50

/** The entries [from, to) that one list page shows. */
export interface ListRange {
  readonly from: number
  readonly to: number
}

/**
 * The newest page reaches back to a multiple of 50, so that every older page holds the same 50 entries
 * for ever and only erasures and events change it.
 */
export function newestRange(size: number): ListRange {
  return { from: Math.max(0, Math.floor(size / LIST_PAGE_SIZE) - 1) * LIST_PAGE_SIZE, to: size }
}

/** The range of `/declarations/before/<before>/`; undefined for a number that no page links to. */
export function olderRange(before: number, size: number): ListRange | undefined {
  const { from } = newestRange(size)
  if (before <= 0 || before > from || before % LIST_PAGE_SIZE !== 0) return undefined
  return { from: before - LIST_PAGE_SIZE, to: before }
}

export function listPath(language: string, range: ListRange, size: number): string {
  const newest = range.to === size
  return `/${language}/declarations/${newest ? '' : `before/${range.to}/`}`
}

/** `views` are the entries of the range, newest first. */
export function renderListPage(
  frame: PageFrame,
  views: readonly DeclarationView[],
  range: ListRange,
  size: number,
): string {
  const { t, language } = frame
  const number = (value: number) => formatNumber(language, value)
  const body = html`<h1>${t('listTitle')}</h1>
${
  views.length === 0
    ? html`<p>${t('noDeclarations')}</p>`
    : html`<p>${t('listRange', { from: number(range.from), to: number(range.to - 1), count: number(size) })}<br>${t('provesOnly')}</p>
${declarationList(frame, views)}
${paging(frame, range, size)}`
}`
  return renderPage(frame, { title: t('listTitle'), body })
}

export function declarationList(frame: PageFrame, views: readonly DeclarationView[]): Markup {
  return html`<dl class="facts">${views.map((view) => listItem(frame, view))}</dl>`
}

function listItem(frame: PageFrame, view: DeclarationView): Markup {
  const { t, link, language } = frame
  const { index, name, about, text, forms } = view
  const { leaf } = view.state
  const organisations = leaf.orgs.map((id) => organisationLabel(frame, forms, id)).join(' · ')
  const sector = about?.sector && choiceLabel(frame, forms, 'sectors', about.sector)
  const entry = t('entryNumber', { index })
  const [linked, beside] =
    name === undefined ? [entry, t('noName')] : [html`<bdi>${name}</bdi>`, entry]
  return html`<div><dt><a href="${link(declarationPath(language, index))}">${linked}</a><div class="hint">${beside}</div></dt>
<dd>${organisations}${sector && html` · ${sector}`}
<div class="hint"><time datetime="${leaf.day}">${formatDay(language, leaf.day)}</time> · ${t(evidenceKeys[leaf.evidence].label)}${
    text && !text.standard && html` · ${t('hasText')}`
  }</div>${stateTags(frame, view)}</dd></div>
`
}

function paging({ t, link, language }: PageFrame, range: ListRange, size: number): Markup {
  const newer = newerRange(range, size)
  const older = { from: range.from - LIST_PAGE_SIZE, to: range.from }
  return html`<p class="actions">
${newer && html`<a rel="prev" href="${link(listPath(language, newer, size))}">${t('newer')}</a>`}
${range.from > 0 && html`<a rel="next" href="${link(listPath(language, older, size))}">${t('older')}</a>`}
</p>`
}

function newerRange(range: ListRange, size: number): ListRange | undefined {
  if (range.to === size) return undefined
  return olderRange(range.to + LIST_PAGE_SIZE, size) ?? newestRange(size)
}
