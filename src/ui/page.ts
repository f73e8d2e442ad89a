import { createCatalogue } from '../i18n/catalogue.ts'
import { type Language, languageFacts, languages } from '../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from './html.ts'
import { relativeLink } from './links.ts'
import { en } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

const catalogue = createCatalogue({ en, 'zh-hans': zhHans, 'zh-hant': zhHant })

export interface PageLink {
  /** From the root, as `/en/count/`; the page makes it relative. */
  readonly path: string
  readonly label: string
}

export interface PageOptions {
  readonly registerTitle: Readonly<Record<Language, string>>
  readonly assets: { readonly cssPath: string; readonly iconPath: string }
  /** Marks every page of a register that holds only made-up data. */
  readonly sample: boolean
  readonly navigation?: readonly PageLink[]
  /** Stands in the place of the language links where a link would lose what the person typed. */
  readonly languageSwitch?: Markup
  /** Above the main content, as a back link. */
  readonly before?: MarkupValue
  readonly head?: MarkupValue
}

export interface PageContent {
  readonly language: Language
  /** The page's own path from the root; links and the language switch are relative to it. */
  readonly path: string
  readonly title: string
  readonly body: MarkupValue
  readonly options: PageOptions
}

/** What stands around the content of every page, for a page that changes its language by itself. */
export function pageChrome(
  language: Language,
): Readonly<Record<'skip' | 'footer' | 'sampleTitle' | 'sample', string>> {
  const t = catalogue(language)
  return {
    skip: t('skip'),
    footer: t('footer'),
    sampleTitle: t('sampleTitle'),
    sample: t('sample'),
  }
}

/** One whole document. The title is used as given: pages that people fill in want a neutral one in the history. */
export function page(content: PageContent): string {
  const { language, path, title, body, options } = content
  const t = catalogue(language)
  const facts = languageFacts[language]
  return html`<!doctype html>
<html lang="${facts.tag}" dir="${facts.direction}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${relativeLink(path, options.assets.cssPath)}">
<link rel="icon" href="${relativeLink(path, options.assets.iconPath)}">
${options.head}</head>
<body>
<a class="skip" href="#main">${t('skip')}</a>
${options.sample && html`<p class="sample"><strong>${t('sampleTitle')}</strong> ${t('sample')}</p>`}
<header class="top"><div class="wrap">
<a class="register" href="${relativeLink(path, `/${language}/`)}">${options.registerTitle[language]}</a>
${options.languageSwitch ?? languageLinks(language, path, t('languages'))}
</div></header>
${navigation(path, t('pages'), options.navigation ?? [])}
<div class="wrap">
${options.before}<main id="main" tabindex="-1">
${body}
</main>
</div>
<footer class="bottom"><div class="wrap"><p>${t('footer')}</p></div></footer>
</body>
</html>
`.toString()
}

function languageLinks(language: Language, path: string, label: string): Markup {
  const rest = path.startsWith(`/${language}/`) ? path.slice(language.length + 1) : '/'
  return html`<nav class="languages" aria-label="${label}"><ul>${languages.map((other) => {
    const { tag, ownName } = languageFacts[other]
    return other === language
      ? html`<li><span lang="${tag}" aria-current="true">${ownName}</span></li>`
      : html`<li><a lang="${tag}" hreflang="${tag}" href="${relativeLink(path, `/${other}${rest}`)}">${ownName}</a></li>`
  })}</ul></nav>`
}

function navigation(path: string, label: string, links: readonly PageLink[]): MarkupValue {
  if (links.length === 0) return null
  return html`<nav class="pages" aria-label="${label}"><div class="wrap"><ul>${links.map(
    (link) =>
      html`<li><a href="${relativeLink(path, link.path)}"${link.path === path && html` aria-current="page"`}>${link.label}</a></li>`,
  )}</ul></div></nav>`
}
