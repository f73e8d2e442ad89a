import { createHash } from 'node:crypto'
import { securityHeaderValues } from '../http/headers.ts'
import { isLanguage } from '../i18n/languages.ts'
import { ERASABLE } from './file-rules.ts'
import { olderRange, renderListPage } from './pages/declaration-list.ts'
import { renderDeclarationPage } from './pages/declaration-page.ts'
import type { RegisterView } from './register-view.ts'
import { frame, type SiteLook } from './site-page.ts'

export interface RequestedPage {
  readonly body: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

interface KeptPage extends RequestedPage {
  readonly renderedAtMs: number
}

const PATH =
  /^\/(?<language>[a-z-]{2,8})\/(?:declaration\/(?<index>0|[1-9]\d{0,14})|declarations\/before\/(?<before>[1-9]\d{0,14}))\/(?:index\.html)?$/
const KEEP_MS = 1_000
const MAX_KEPT = 4_096

/**
 * Pages of which there are too many to render ahead: one for each declaration and each older part of the
 * list. A page in demand is rendered once a second at most, so an erasure shows within that second.
 */
export class RequestedPages {
  readonly #look: SiteLook
  readonly #register: RegisterView
  readonly #clock: () => Date
  readonly #kept = new Map<string, KeptPage>()

  constructor(look: SiteLook, register: RegisterView, clock: () => Date) {
    this.#look = look
    this.#register = register
    this.#clock = clock
  }

  /** Undefined for a path that is no such page, or not yet. */
  async find(path: string): Promise<RequestedPage | undefined> {
    const nowMs = this.#clock().getTime()
    const kept = this.#kept.get(path)
    if (kept !== undefined && Math.abs(nowMs - kept.renderedAtMs) < KEEP_MS) return kept
    const text = await this.#render(path)
    this.#kept.delete(path)
    if (text === undefined) return undefined
    const page = { ...toPage(text), renderedAtMs: nowMs }
    this.#keep(path, page)
    return page
  }

  forget(): void {
    this.#kept.clear()
  }

  async #render(path: string): Promise<string | undefined> {
    const { language = '', index, before } = PATH.exec(path)?.groups ?? {}
    if (!isLanguage(language)) return undefined
    const pair = await this.#register.findPair()
    if (pair === undefined) return undefined
    const size = pair.declarations.size
    const ofPage = frame(this.#look, language, path.replace(/index\.html$/, ''))
    if (index !== undefined) {
      if (Number(index) >= size) return undefined
      const [view] = await this.#register.readViews(pair, Number(index), Number(index) + 1)
      return view && renderDeclarationPage(ofPage, view, size)
    }
    const range = olderRange(Number(before), size)
    if (range === undefined) return undefined
    const views = await this.#register.readViews(pair, range.from, range.to)
    return renderListPage(ofPage, views, range, size)
  }

  #keep(path: string, page: KeptPage): void {
    this.#kept.set(path, page)
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) return
      this.#kept.delete(old)
    }
  }
}

function toPage(text: string): RequestedPage {
  const body = new Uint8Array(Buffer.from(text))
  const hash = createHash('sha256').update(body).digest('base64url')
  return {
    body,
    headers: {
      ...securityHeaderValues,
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': ERASABLE,
      etag: `"${hash}"`,
    },
  }
}
