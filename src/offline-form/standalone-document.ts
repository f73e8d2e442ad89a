import { createHash } from 'node:crypto'
import type { Language } from '../i18n/languages.ts'
import { emptyAnswers } from '../intake/channels/web/answers.ts'
import { webCatalogue } from '../intake/channels/web/catalogue.ts'
import type { FormContext } from '../intake/channels/web/form-context.ts'
import type { PageDataOptions } from '../intake/channels/web/in-page/make-page-data.ts'
import { formPage } from '../intake/channels/web/pages/form-page.ts'
import { stepPage } from '../intake/channels/web/pages/step-page.ts'
import { firstStep } from '../intake/channels/web/steps.ts'
import { type CentreProof, verifyCentreEntry } from '../sealing/centre-entry.ts'

export interface StandaloneOptions extends PageDataOptions {
  readonly language: Language
  readonly entry: CentreProof
  /** The register's site, which ends in a slash. */
  readonly siteUrl: string
  readonly sample: boolean
}

/**
 * The first page of the form as the server writes it, for a document that leaves the server. Its policy and its scripts are
 * put in by whoever makes it.
 */
export function standaloneDocument(
  options: StandaloneOptions,
  host: 'partner' | 'offline',
  notice: 'offlineScripts' | 'partnerScripts',
): string {
  const { language, texts, sample, siteUrl, entry, form, aliasWords } = options
  const path = `/${language}/declare`
  const t = webCatalogue(language)
  const frame = {
    look: {
      registerTitle: {
        en: texts.en.title,
        'zh-hans': texts['zh-hans'].title,
        'zh-hant': texts['zh-hant'].title,
      },
      assets: { cssPath: '/style', iconPath: '/icon' },
      sample,
    },
    language,
    path,
    arrival: 'plain',
    t,
  } as const
  const context: FormContext = {
    channel: 'web',
    language,
    t,
    form,
    texts: texts[language],
    aliasWords,
    random: (length) => new Uint8Array(length),
    centreKey: verifyCentreEntry(entry, options),
    host,
  }
  const parts = { step: firstStep(), answers: emptyAnswers, context, state: '', problems: [] }
  const site = new URL(`${language}/declare/`, siteUrl).href
  // A form that goes nowhere by itself: without its script the page does nothing with what is typed.
  const inert = replaceOnce(
    formPage(frame, stepPage(frame, parts)),
    /<form id="form" method="post"/,
    () => '<form id="form" method="dialog"',
  )
  return replaceOnce(
    inert,
    /(<main [^>]*>)/,
    (main) =>
      `${main}\n<noscript><p class="warning">${t(notice)} <a href="${site}">${site}</a></p></noscript>`,
  )
}

/** Throws where a page no longer has what is to be replaced, so that no document goes out without its policy. */
export function replaceOnce(
  document: string,
  pattern: RegExp,
  replacement: (found: string) => string,
): string {
  if (!pattern.test(document)) throw new TypeError(`the page has no ${pattern.source}`)
  return document.replace(pattern, replacement)
}

export const STYLE_LINK = /<link rel="stylesheet"[^>]*>/
export const ICON_LINK = /<link rel="icon"[^>]*>\n/

/** As a policy names an inline script or style. */
export function policyHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
