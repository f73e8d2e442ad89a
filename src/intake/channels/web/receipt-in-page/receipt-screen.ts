import { type Language, languages } from '../../../../i18n/languages.ts'
import { actBack, actBody, actLanguages } from '../acts/pages/act-frame.ts'
import { fieldsOf } from '../in-page/form-fields.ts'
import { writeChrome } from '../in-page/write-chrome.ts'
import type { ReceiptPageData } from './receipt-page-data.ts'
import type { ReceiptRun, Shown } from './receipt-run.ts'

const LEVELS: Readonly<Record<Shown['place'], number>> = { question: 0, status: 1, act: 2 }

/** Puts the receipt's pages into the document that is there. History entries hold a number: browsers write them to the disk. */
export class ReceiptScreen {
  readonly #run: ReceiptRun
  readonly #loadData: (language: Language) => Promise<ReceiptPageData>
  readonly #main: HTMLElement
  #level = 0
  #isBusy = false

  constructor(run: ReceiptRun, loadData: (language: Language) => Promise<ReceiptPageData>) {
    const main = document.querySelector('main')
    if (main === null) throw new TypeError('a document without a main part')
    this.#run = run
    this.#loadData = loadData
    this.#main = main
  }

  start(): void {
    history.replaceState({ level: 0 }, '')
    this.#takeForm()
    document.addEventListener('submit', (event) => this.#submitted(event))
    document.addEventListener('click', (event) => this.#clicked(event))
    addEventListener('popstate', (event: PopStateEvent) => this.#moved(event.state))
    addEventListener('beforeunload', (event) => {
      if (this.#run.isHoldingNewReceipt) event.preventDefault()
    })
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault()
    if (this.#isBusy || !(event.target instanceof HTMLFormElement)) return
    const fields = fieldsOf(event.target)
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null
    if (button !== null && button.name !== '') fields.set(button.name, button.value)
    const language = languages.find((id) =>
      button?.getAttribute('formaction')?.endsWith(`/${id}/receipt`),
    )
    void this.#busily(async () => {
      if (language !== undefined) await this.#switchTo(language)
      const typed = fields.get('receipt')
      const isAsked = language === undefined || typed === null
      this.#go(isAsked ? await this.#run.press(fields) : this.#run.question(typed))
    })
  }

  /** Back from an act leads to the receipt, and back from there to the question. */
  #go(shown: Shown): void {
    const level = LEVELS[shown.place]
    if (level > this.#level) history.pushState({ level }, '')
    else history.replaceState({ level }, '')
    this.#level = level
    this.#show(shown)
  }

  #moved(state: unknown): void {
    if (this.#isBusy) return
    this.#level = levelOf(state)
    void this.#busily(async () => {
      const isQuestion = this.#level === LEVELS.question
      const status = new URLSearchParams({ go: 'status' })
      this.#show(isQuestion ? this.#run.question() : await this.#run.press(status))
    })
  }

  async #busily(act: () => Promise<void>): Promise<void> {
    this.#isBusy = true
    this.#main.setAttribute('aria-busy', 'true')
    try {
      // The press must be on the screen before the device is busy signing.
      await new Promise((resolve) => setTimeout(resolve, 20))
      await act()
    } finally {
      this.#isBusy = false
      this.#main.removeAttribute('aria-busy')
    }
  }

  async #switchTo(language: Language): Promise<void> {
    const data = await this.#loadData(language).catch(() => undefined)
    if (data === undefined) return
    this.#run.useData(data)
    writeChrome(language, data.chrome)
    const path = location.pathname.replace(/\/(en|zh-hans|zh-hant)\//, `/${language}/`)
    history.replaceState({ level: this.#level }, '', path)
  }

  /** The link that leaves drops everything first, so that nothing is there to come back to. */
  #clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const href = link?.getAttribute('href') ?? ''
    if (href.endsWith('/declare/leave')) {
      event.preventDefault()
      this.#run.forget()
      this.#main.replaceChildren()
      location.assign(href)
    } else if (/\/receipt\/?$/.test(href)) {
      event.preventDefault()
      if (!this.#isBusy) this.#go(this.#run.question())
    }
  }

  #show({ place, parts }: Shown): void {
    const { frame, t } = this.#run
    document.title = parts.title
    document.querySelector('nav.back')?.remove()
    if (place === 'question') {
      this.#main.innerHTML = String(parts.body ?? '')
    } else {
      this.#main.innerHTML = actBody(frame, parts, '').toString()
      this.#main.insertAdjacentHTML('beforebegin', String(actBack(parts, t) ?? ''))
    }
    const header = document.querySelector('header .wrap')
    header?.querySelector('nav.languages')?.remove()
    header?.querySelector('button[hidden]')?.remove()
    const enter = place === 'question' ? 'status' : parts.enter
    header?.insertAdjacentHTML('beforeend', actLanguages(frame, enter).toString())
    this.#takeForm()
    scrollTo(0, 0)
    this.#main.focus({ preventScroll: true })
  }

  /** Without a way to send itself: should a script fail, pressing a button does nothing instead of posting the receipt. */
  #takeForm(): void {
    const form = this.#main.querySelector('form')
    form?.setAttribute('method', 'dialog')
    // What stands in the header belongs to it.
    form?.setAttribute('id', 'act')
    form?.querySelector('input[name=state]')?.remove()
  }
}

function levelOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'level' in state ? Number(state.level) : 0
}
