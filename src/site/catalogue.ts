import { createCatalogue, type Translate } from '../i18n/catalogue.ts'
import { en, type SiteKey } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

export type SiteTranslate = Translate<SiteKey>

export const siteCatalogue = createCatalogue({ en, 'zh-hans': zhHans, 'zh-hant': zhHant })
