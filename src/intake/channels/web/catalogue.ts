import { createCatalogue, type Translate } from '../../../i18n/catalogue.ts'
import { en, type WebKey } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

export type WebTranslate = Translate<WebKey>
export const webCatalogue = createCatalogue({ en, 'zh-hans': zhHans, 'zh-hant': zhHant })
