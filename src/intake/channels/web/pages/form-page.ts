import type { Language } from '../../../../i18n/languages.ts'
import { languageFacts, languages } from '../../../../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import { type PageOptions, page } from '../../../../ui/page.ts'
import type { ArrivalPath } from '../../../abuse/arrival-path.ts'
import type { WebTranslate } from '../catalogue.ts'

/** What all pages of this channel share. */
export type WebLook = Pick<PageOptions, 'registerTitle' | 'assets' | 'sample'>

/** One page being written. */
export interface WebFrame {
  readonly look: WebLook
  readonly language: Language
  /** The path the person asked for; links are relative to it. */
  readonly path: string
  readonly arrival: ArrivalPath
  readonly t: WebTranslate
}

const FORM = 'form'

/** A page that carries sealed state: everything on it that leads on posts the form, so that nothing typed is lost. */
export function formPage(
  frame: WebFrame,
  parts: {
    readonly title: string
    readonly state: string
    readonly body: MarkupValue
    /** Whether there is a step to go back to. */
    readonly back: 'step' | 'home' | 'none'
    /** What Enter does. */
    readonly enter: string
  },
): string {
  const { look, language, path, t } = frame
  return page({
    language,
    path,
    title: parts.title,
    body: html`<form id="${FORM}" method="post" autocomplete="off" novalidate>
<input type="hidden" name="state" value="${parts.state}">
${parts.body}</form>
${leaveLink(frame)}`,
    options: {
      ...look,
      languageSwitch: languageButtons(frame, parts.enter),
      before: backControl(parts.back, language, path, t),
    },
  })
}

/** A page that carries nothing. */
export function plainPage(
  frame: WebFrame,
  parts: { readonly title: string; readonly body: MarkupValue },
): string {
  const { look, language, path } = frame
  return page({ language, path, title: parts.title, body: parts.body, options: look })
}

export function leaveLink({ language, path, t }: WebFrame): Markup {
  return html`<p><a href="${relativeLink(path, `/${language}/declare/leave`)}">${t('leaveLink')}</a></p>
`
}

// The first submit button of a form is what Enter presses, wherever it stands in the document.
function languageButtons({ language, path, t }: WebFrame, enter: string): Markup {
  return html`<button form="${FORM}" name="go" value="${enter}" hidden tabindex="-1"></button><nav class="languages" aria-label="${t('languageLabel')}"><ul>${languages.map(
    (other) => {
      const { tag, ownName } = languageFacts[other]
      if (other === language) {
        return html`<li><span lang="${tag}" aria-current="true">${ownName}</span></li>`
      }
      return html`<li><button class="plain" lang="${tag}" form="${FORM}" formaction="${relativeLink(path, `/${other}/declare`)}" name="go" value="stay" formnovalidate>${ownName}</button></li>`
    },
  )}</ul></nav>`
}

function backControl(
  back: 'step' | 'home' | 'none',
  language: Language,
  path: string,
  t: WebTranslate,
): MarkupValue {
  if (back === 'none') return null
  if (back === 'home') {
    return html`<nav class="back" aria-label="${t('back')}"><a href="${relativeLink(path, `/${language}/`)}">${t('backHome')}</a></nav>
`
  }
  return html`<nav class="back" aria-label="${t('back')}"><button class="plain" form="${FORM}" name="go" value="back" formnovalidate>${t('back')}</button></nav>
`
}
