import { languageFacts, languages } from '../../i18n/languages.ts'
import { html, type Markup } from '../../ui/html.ts'
import { relativeLink } from '../../ui/links.ts'
import { page } from '../../ui/page.ts'
import { siteCatalogue } from '../catalogue.ts'
import { type PageFrame, registerTitles, renderPage, type SiteLook } from '../site-page.ts'

// A page for every language has to be written in one; its parts name their own.
const [FIRST = 'en'] = languages

/** `/`: the choice of a language, in each of them. It needs to know nothing of the visitor. */
export function renderFrontPage(look: SiteLook): string {
  const body = html`<h1>${inEach('languageTitle')}</h1>
${languages.map((language) => {
  const { tag, ownName } = languageFacts[language]
  const { title, description } = look.texts[language]
  return html`<section lang="${tag}">
<h2><a href="${relativeLink('/', `/${language}/`)}" hreflang="${tag}">${ownName}</a></h2>
<p><strong>${title}</strong></p>
<p>${description}</p>
</section>
`
})}`
  return multilingualPage(look, '/', look.texts[FIRST].title, body)
}

/** For a path that is no page and names no language; the path only serves to find the way to the root. */
export function renderLostPage(look: SiteLook, path: string): string {
  const body = html`<h1>${inEach('notFoundTitle')}</h1>
${languages.map((language) => {
  const t = siteCatalogue(language)
  return html`<p lang="${languageFacts[language].tag}">${t('notFound')} <a href="${relativeLink(path, `/${language}/`)}">${t('notFoundHome')}</a></p>
`
})}`
  return multilingualPage(look, path, siteCatalogue(FIRST)('notFoundTitle'), body)
}

/** For a path below a language's folder. */
export function renderNotFoundPage(page: PageFrame): string {
  const { t, link, language } = page
  const body = html`<h1>${t('notFoundTitle')}</h1>
<p>${t('notFound')}</p>
<p><a href="${link(`/${language}/`)}">${t('notFoundHome')}</a></p>`
  return renderPage(page, { title: t('notFoundTitle'), body })
}

function multilingualPage(look: SiteLook, path: string, title: string, body: Markup): string {
  const { assets, sample } = look
  return page({
    language: FIRST,
    path,
    title,
    body,
    options: {
      registerTitle: registerTitles(look),
      assets,
      sample,
      // The page itself is the switch.
      languageSwitch: html``,
    },
  })
}

function inEach(key: 'languageTitle' | 'notFoundTitle'): Markup[] {
  return languages.map((language, i) => {
    const separator = i === 0 ? '' : ' · '
    return html`${separator}<span lang="${languageFacts[language].tag}">${siteCatalogue(language)(key)}</span>`
  })
}
