import { languageFacts, languages } from '../../../../../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../../../../../ui/html.ts'
import { relativeLink } from '../../../../../ui/links.ts'
import { leaveLink, notForSessionFiles, type WebFrame } from '../../pages/form-frame.ts'
import type { ActState } from '../act-state.ts'
import type { ActTranslate } from '../catalogue.ts'

/** What a page of the receipt shows. The service makes a document of it, a page with scripts puts it into the one it has. */
export interface ActPageParts {
  readonly title: string
  /** What the page leads on with. */
  readonly state: ActState
  readonly body: MarkupValue
  /** What Enter does. */
  readonly enter: string
  readonly back: 'receipt' | 'none'
}

const FORM = 'act'

/** All that leads on posts the sealed state, so that no address and no cookie knows the receipt. */
export function actBody(frame: WebFrame, { body }: ActPageParts, sealed: string): Markup {
  return html`<form id="${FORM}" method="post" autocomplete="off" novalidate>
${notForSessionFiles}<input type="hidden" name="state" value="${sealed}">
${body}</form>
${leaveLink(frame)}`
}

export function actBack({ back }: ActPageParts, t: ActTranslate): MarkupValue {
  if (back === 'none') return null
  return html`<nav class="back" aria-label="${t('back')}"><button class="plain" form="${FORM}" name="go" value="status" formnovalidate>${t('back')}</button></nav>
`
}

// The first submit button of a form is what Enter presses, wherever it stands in the document.
export function actLanguages({ language, path, t }: WebFrame, enter: string): Markup {
  return html`<button form="${FORM}" name="go" value="${enter}" hidden tabindex="-1"></button><nav class="languages" aria-label="${t('languageLabel')}"><ul>${languages.map(
    (other) => {
      const { tag, ownName } = languageFacts[other]
      if (other === language) {
        return html`<li><span lang="${tag}" aria-current="true">${ownName}</span></li>`
      }
      return html`<li><button class="plain" lang="${tag}" form="${FORM}" formaction="${relativeLink(path, `/${other}/receipt`)}" name="go" value="show" formnovalidate>${ownName}</button></li>`
    },
  )}</ul></nav>`
}
