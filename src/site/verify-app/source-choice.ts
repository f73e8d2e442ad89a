import type { CompactTranslate } from '../../i18n/compact-message.ts'
import type { ReadFile } from '../../verify/read-file.ts'
import type { CheckerData } from './checker-data.ts'
import { element, field } from './elements.ts'
import { folderReader, siteReader, Unreadable } from './read-source.ts'

/** What is read: on a page of the site the site itself; in a file a folder or an address. */
export class SourceChoice {
  readonly element: HTMLElement | null
  readonly #t: CompactTranslate
  readonly #root: string | null
  readonly #folder = element('input', { type: 'file', webkitdirectory: '', multiple: '' })
  readonly #address = element('input', {
    type: 'text',
    inputmode: 'url',
    dir: 'ltr',
    autocomplete: 'off',
  })

  constructor(t: CompactTranslate, { root }: Pick<CheckerData, 'root'>) {
    this.#t = t
    this.#root = root
    this.element =
      root === null
        ? element(
            'fieldset',
            {},
            element('legend', {}, t('sourceTitle')),
            field(t('sourceFolder'), this.#folder),
            field(t('sourceAddress'), this.#address, t('sourceHint')),
          )
        : null
  }

  isChosen(): boolean {
    return this.#root !== null || this.#files().length > 0 || this.#address.value !== ''
  }

  reader(signal: AbortSignal): ReadFile {
    if (this.#root !== null) return siteReader(new URL(this.#root, document.baseURI).href, signal)
    const files = this.#files()
    if (files.length > 0) return folderReader(files, signal)
    const address = this.#address.value.trim()
    if (!URL.canParse(address)) throw new Unreadable(this.#t('sourceMissing'))
    return siteReader(address.endsWith('/') ? address : `${address}/`, signal)
  }

  #files(): readonly File[] {
    return [...(this.#folder.files ?? [])]
  }
}
