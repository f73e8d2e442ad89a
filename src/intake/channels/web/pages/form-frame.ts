import { type Language, languageFacts, languages } from '../../../../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { PageOptions } from '../../../../ui/page.ts'
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

/** What a page of the form shows. The server makes a document of it, a page with scripts puts it into the one it has. */
export interface FormPageParts {
  readonly title: string
  readonly state: string
  readonly body: MarkupValue
  /** Whether there is a step to go back to. */
  readonly back: 'step' | 'home' | 'none'
  /** What Enter does. */
  readonly enter: string
}

/** A page that carries nothing. */
export interface PlainPageParts {
  readonly title: string
  readonly body: MarkupValue
}

const FORM = 'form'

/**
 * Chromium writes what a form posted into its session file, `no-store` or not, unless the form holds a filled password field.
 * Without a name nothing of it is sent, and `one-time-code` keeps password managers away.
 */
export const notForSessionFiles = html`<input type="password" value="0" autocomplete="one-time-code" hidden tabindex="-1" aria-hidden="true">
`

/** Everything in it that leads on posts the form, so that nothing typed is lost. */
export function formBody(frame: WebFrame, parts: FormPageParts): Markup {
  return html`<form id="${FORM}" method="post" autocomplete="off" novalidate>
<input type="hidden" name="state" value="${parts.state}">
${notForSessionFiles}${parts.body}</form>
${leaveLink(frame)}`
}

export function leaveLink({ language, path, t }: WebFrame): Markup {
  return html`<p><a href="${relativeLink(path, `/${language}/declare/leave`)}">${t('leaveLink')}</a></p>
`
}

// The first submit button of a form is what Enter presses, wherever it stands in the document.
export function languageButtons({ language, path, t }: WebFrame, enter: string): Markup {
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

export function backControl(
  { language, path, t }: WebFrame,
  back: FormPageParts['back'],
): MarkupValue {
  if (back === 'none') return null
  if (back === 'home') {
    return html`<nav class="back" aria-label="${t('back')}"><a href="${relativeLink(path, `/${language}/`)}">${t('backHome')}</a></nav>
`
  }
  return html`<nav class="back" aria-label="${t('back')}"><button class="plain" form="${FORM}" name="go" value="back" formnovalidate>${t('back')}</button></nav>
`
}
