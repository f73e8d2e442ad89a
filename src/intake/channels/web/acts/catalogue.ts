import { createCatalogue, type Translate } from '../../../../i18n/catalogue.ts'
import { type ActKey, en } from './messages.en.ts'
import { zhHans } from './messages.zh-hans.ts'
import { zhHant } from './messages.zh-hant.ts'

export type ActTranslate = Translate<ActKey>
export const actCatalogue = createCatalogue({ en, 'zh-hans': zhHans, 'zh-hant': zhHant })
