import { languageFacts, languages } from '../i18n/languages.ts'
import { html } from '../ui/html.ts'
import { siteCatalogue } from './catalogue.ts'
import { formatNumber } from './format.ts'

/** The count as a picture that needs nothing around it. It says when it was taken, so an old copy shows its age. */
export function renderCountPicture(count: number, day: string): string {
  const unit = languages
    .map((language) => siteCatalogue(language)('countUnit', { count }))
    .join(' · ')
  const title = `${formatNumber('en', count)} · ${day}`
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120" role="img" aria-labelledby="t" lang="${languageFacts.en.tag}">
<title id="t">${title}</title>
<rect width="360" height="120" fill="#fff" stroke="#8a94a0"/>
<text x="180" y="58" text-anchor="middle" font-family="system-ui, sans-serif" font-size="44" font-weight="700" fill="#14181d">${formatNumber('en', count)}</text>
<text x="180" y="84" text-anchor="middle" font-family="system-ui, sans-serif" font-size="15" fill="#4a535e">${unit}</text>
<text x="180" y="106" text-anchor="middle" font-family="system-ui, sans-serif" font-size="13" fill="#4a535e">${day} UTC</text>
</svg>
`.toString()
}
