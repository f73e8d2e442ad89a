import { type Language, languageFacts } from '../../../../i18n/languages.ts'
import type { PageChrome } from './page-data.ts'

/** Writes what stands around the form in another language. */
export function writeChrome(language: Language, chrome: PageChrome): void {
  const { tag, direction } = languageFacts[language]
  document.documentElement.lang = tag
  document.documentElement.dir = direction
  setText('.skip', chrome.skip)
  setText('a.register', chrome.title)
  setText('footer p', chrome.footer)
  const sample = document.querySelector('p.sample')
  if (sample === null) return
  const strong = document.createElement('strong')
  strong.textContent = chrome.sampleTitle
  sample.replaceChildren(strong, ` ${chrome.sample}`)
}

function setText(selector: string, text: string): void {
  const element = document.querySelector(selector)
  if (element !== null) element.textContent = text
}
