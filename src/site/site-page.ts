import type { Language } from '../i18n/languages.ts'
import { html, type Markup, type MarkupValue } from '../ui/html.ts'
import { relativeLink } from '../ui/links.ts'
import { page } from '../ui/page.ts'
import { type SiteTranslate, siteCatalogue } from './catalogue.ts'
import type { TextsByLanguage } from './read-register-texts.ts'

/** What all pages of one running site share. */
export interface SiteLook {
  readonly assets: { readonly cssPath: string; readonly iconPath: string }
  readonly texts: TextsByLanguage
  /** The coasts of the world as an SVG path, in degrees from 180° W and 90° N. */
  readonly land: string
  /** Script of the page that checks. */
  readonly checkerPath: string
  /** Every page then says that its data are made up. */
  readonly sample: boolean
}

/** One page being written: in which language, at which path, and how it links to others. */
export interface PageFrame {
  readonly look: SiteLook
  readonly language: Language
  /** From the root: `/en/count/`. */
  readonly path: string
  readonly t: SiteTranslate
  /** A relative link to a path from the root. */
  readonly link: (to: string) => string
}

export function frame(look: SiteLook, language: Language, path: string): PageFrame {
  return {
    look,
    language,
    path,
    t: siteCatalogue(language),
    link: (to) => relativeLink(path, to),
  }
}

export interface PageParts {
  readonly title: string
  readonly body: MarkupValue
  readonly head?: Markup
}

export function renderPage({ look, language, path, t, link }: PageFrame, parts: PageParts): string {
  const { assets, sample } = look
  const registerTitle = registerTitles(look)
  const ownTitle = registerTitle[language]
  const feed = html`<link rel="alternate" type="application/atom+xml" href="${link(`/${language}/feed.xml`)}" title="${ownTitle}">
`
  return page({
    language,
    path,
    title: parts.title === ownTitle ? ownTitle : `${parts.title} – ${ownTitle}`,
    body: parts.body,
    options: {
      registerTitle,
      assets,
      sample,
      navigation: [
        { path: `/${language}/`, label: t('navHome') },
        { path: `/${language}/declarations/`, label: t('navList') },
        { path: `/${language}/count/`, label: t('navCount') },
        { path: `/${language}/centres/`, label: t('navCentres') },
        { path: `/${language}/number/`, label: t('navNumber') },
        { path: `/${language}/verify/`, label: t('navVerify') },
      ],
      head: parts.head ? html`${feed}${parts.head}` : feed,
    },
  })
}

export function registerTitles({ texts }: SiteLook): Readonly<Record<Language, string>> {
  return {
    en: texts.en.title,
    'zh-hans': texts['zh-hans'].title,
    'zh-hant': texts['zh-hant'].title,
  }
}
