import type { Language } from '../i18n/languages.ts'
import type { PageData } from '../intake/channels/web/in-page/page-data.ts'
import type { CentreProof } from '../sealing/centre-entry.ts'

/** What the one file carries in itself. */
export interface OfflineData {
  readonly language: Language
  readonly data: Readonly<Record<Language, PageData>>
  readonly entry: CentreProof
  /** Where sealed text is handed in: shown, and never asked for by the file itself. */
  readonly siteUrl: string
}
