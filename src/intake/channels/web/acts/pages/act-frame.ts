import { languageFacts, languages } from '../../../../../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../../../../../ui/html.ts'
import { relativeLink } from '../../../../../ui/links.ts'
import { page } from '../../../../../ui/page.ts'
import { leaveLink, notForSessionFiles, type WebFrame } from '../../pages/form-frame.ts'
import type { ActTranslate } from '../catalogue.ts'

const FORM = 'act'

/** A page of the receipt: all that leads on posts its sealed state, so that no address and no cookie knows the receipt. */
export function actPage(
  frame: WebFrame,
  parts: {
    readonly t: ActTranslate
    readonly title: string
    readonly state: string
    readonly body: MarkupValue
    /** What Enter does. */
    readonly enter: string
    readonly back: 'receipt' | 'none'
  },
): string {
  const { look, language, path } = frame
  const { t, title, state, body, enter, back } = parts
  return page({
    language,
    path,
    title,
    body: html`<form id="${FORM}" method="post" autocomplete="off" novalidate>
${notForSessionFiles}<input type="hidden" name="state" value="${state}">
${body}</form>
${leaveLink(frame)}`,
    options: {
      ...look,
      languageSwitch: languageButtons(frame, enter),
      before:
        back === 'receipt' &&
        html`<nav class="back" aria-label="${t('back')}"><button class="plain" form="${FORM}" name="go" value="status" formnovalidate>${t('back')}</button></nav>
`,
    },
  })
}

// The first submit button of a form is what Enter presses, wherever it stands in the document.
function languageButtons({ language, path, t }: WebFrame, enter: string): Markup {
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
