import type { Context } from 'hono'
import { isLanguage } from '../../../i18n/languages.ts'
import { arrivalPathOf } from '../../abuse/arrival-path.ts'
import { webCatalogue } from './catalogue.ts'
import type { FormContext } from './form-context.ts'
import type { WebFrame } from './pages/form-frame.ts'
import type { WebChannelOptions } from './web-options.ts'

/** The page asked for, in the language its address names. */
export function createFrame(
  c: Context,
  { texts, assets, sample }: Pick<WebChannelOptions, 'texts' | 'assets' | 'sample'>,
): WebFrame {
  const language = c.req.param('language') ?? ''
  if (!isLanguage(language)) throw new TypeError('a route without a language')
  const registerTitle = {
    en: texts.en.title,
    'zh-hans': texts['zh-hans'].title,
    'zh-hant': texts['zh-hant'].title,
  }
  return {
    look: { registerTitle, assets, sample },
    language,
    path: c.req.path,
    arrival: arrivalPathOf(c.env),
    t: webCatalogue(language),
  }
}

export function createContext(
  { arrival, language, t }: WebFrame,
  { form, texts, aliasWords, random }: WebChannelOptions,
): FormContext {
  const channel = arrival === 'onion' ? 'onion' : 'web'
  return { channel, language, t, form, texts: texts[language], aliasWords, random, centreKey: null }
}
