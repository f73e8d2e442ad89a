import { type Language, languages } from '../../../../i18n/languages.ts'
import { backControl, formBody, languageButtons } from '../pages/form-frame.ts'
import { leavePage } from '../pages/leave-page.ts'
import { whoStep } from '../steps/who-step.ts'
import { fieldsOf } from './form-fields.ts'
import type { FormRun, Place, Shown } from './form-run.ts'
import type { PageData } from './page-data.ts'
import type { SealedForm } from './seal-form.ts'
import { writeChrome } from './write-chrome.ts'

export interface ScreenHost {
  readonly loadData: (language: Language) => Promise<PageData>
  /** Called for as long as the sender must wait, with what to tell them. */
  readonly deliver: (
    sealed: SealedForm,
    say: (key: 'sending' | 'sendWait') => void,
  ) => Promise<'taken' | 'lost' | 'refused'>
  /** For a page that stands by itself: where its links lead, since it has no site around it. */
  readonly siteUrl?: string
  /** What stands before the receipt, for a page that delivers nothing itself. */
  readonly afterSending?: (main: HTMLElement, sealed: SealedForm) => void
}

/**
 * Puts the form's parts into the document that is there already. History entries hold a number and nothing else: browsers write
 * them to the disk.
 */
export class FormScreen {
  readonly #run: FormRun
  readonly #host: ScreenHost
  readonly #main: HTMLElement
  #places: Place[] = ['who']
  #at = 0
  #isBusy = false

  constructor(run: FormRun, host: ScreenHost) {
    const main = document.querySelector('main')
    if (main === null) throw new TypeError('a document without a main part')
    this.#run = run
    this.#host = host
    this.#main = main
  }

  start(): void {
    history.replaceState({ at: 0 }, '')
    this.#takeForm()
    const note = this.#main.querySelector('.note')
    const { context } = this.#run
    if (note !== null) note.outerHTML = String(whoStep.note?.(context) ?? '')
    this.#leadLinks()
    document.addEventListener('submit', (event) => this.#submitted(event))
    document.addEventListener('click', (event) => this.#clicked(event))
    addEventListener('popstate', (event: PopStateEvent) => this.#moved(event.state))
    addEventListener('beforeunload', (event) => {
      if (this.#run.isHoldingAnswers) event.preventDefault()
    })
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault()
    if (this.#isBusy || !(event.target instanceof HTMLFormElement)) return
    const fields = fieldsOf(event.target)
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null
    if (button !== null) fields.set(button.name, button.value)
    const language = languages.find((id) =>
      button?.getAttribute('formaction')?.endsWith(`/${id}/declare`),
    )
    if (language !== undefined) void this.#switchTo(language, fields)
    else if (fields.get('go') === 'back' && this.#at > 0) history.back()
    else this.#press(fields)
  }

  #press(fields: URLSearchParams): void {
    const pressed = this.#run.press(fields)
    if (pressed === 'send') void this.#send()
    else if (pressed === 'leave') this.#leave()
    else this.#go(pressed)
  }

  /** A page of its own in the browser's history, unless it is the same place again. */
  #go(shown: Shown): void {
    if (shown.place !== this.#places[this.#at]) {
      this.#at += 1
      this.#places = [...this.#places.slice(0, this.#at), shown.place]
      history.pushState({ at: this.#at }, '')
    }
    this.#show(shown)
  }

  #moved(state: unknown): void {
    const at = atOf(state)
    const place = this.#places[at]
    if (place === undefined || this.#isBusy) return
    const form = this.#main.querySelector('form')
    const shown = this.#run.goTo(place, form === null ? new URLSearchParams() : fieldsOf(form))
    this.#at = at
    this.#show(shown)
  }

  async #send(): Promise<void> {
    this.#isBusy = true
    const say = (key: 'sending' | 'sendWait') => this.#say(this.#run.frame.t(key))
    say('sending')
    // The words must be on the screen before the device is busy sealing.
    await new Promise((resolve) => setTimeout(resolve, 50))
    const shown = await this.#run.send((sealed) => this.#host.deliver(sealed, say))
    this.#isBusy = false
    this.#go(shown)
  }

  #say(words: string): void {
    const button = this.#main.querySelector<HTMLButtonElement>('#send')
    const status = this.#main.querySelector('#sending') ?? document.createElement('p')
    status.id = 'sending'
    status.setAttribute('role', 'status')
    status.textContent = words
    if (button !== null) button.disabled = true
    this.#main.querySelector('.actions')?.before(status)
  }

  #leave(): void {
    this.#run.forget()
    if (this.#host.siteUrl === undefined) {
      const { path, language } = this.#run.frame
      location.assign(
        `${'../'.repeat(path.split('/').length - 2) || './'}${language}/declare/leave`,
      )
      return
    }
    const { title, body } = leavePage(this.#run.frame)
    this.#places = []
    document.title = title
    this.#main.innerHTML = String(body ?? '')
  }

  /** The link that leaves drops everything first; any other asks, because it would lose what was typed. */
  #clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link?.getAttribute('href')?.endsWith('/declare/leave')) return
    event.preventDefault()
    this.#leave()
  }

  async #switchTo(language: Language, fields: URLSearchParams): Promise<void> {
    const data = await this.#host.loadData(language).catch(() => undefined)
    if (data === undefined) return
    this.#run.useData(data)
    writeChrome(language, data.chrome)
    if (this.#host.siteUrl === undefined) {
      const path = location.pathname.replace(/\/(en|zh-hans|zh-hant)\//, `/${language}/`)
      history.replaceState({ at: this.#at }, '', path)
    }
    fields.set('go', 'stay')
    this.#press(fields)
  }

  #show({ parts, place }: Shown): void {
    const { frame } = this.#run
    document.title = parts.title
    document.querySelector('nav.back')?.remove()
    if ('state' in parts) {
      this.#main.innerHTML = formBody(frame, parts).toString()
      this.#main.insertAdjacentHTML('beforebegin', String(backControl(frame, parts.back) ?? ''))
      const header = document.querySelector('header .wrap')
      header?.querySelector('nav.languages')?.remove()
      header?.querySelector('button[hidden]')?.remove()
      header?.insertAdjacentHTML('beforeend', languageButtons(frame, parts.enter).toString())
    } else {
      this.#main.innerHTML = String(parts.body ?? '')
    }
    this.#takeForm()
    const { sealed } = this.#run
    if (place === 'sent' && sealed !== null) this.#host.afterSending?.(this.#main, sealed)
    this.#leadLinks()
    scrollTo(0, 0)
    this.#main.focus({ preventScroll: true })
  }

  /** Without a way to send itself: should a script fail, pressing a button does nothing instead of posting what was typed. */
  #takeForm(): void {
    const form = this.#main.querySelector('form')
    form?.setAttribute('method', 'dialog')
    form?.querySelector('input[name=state]')?.remove()
  }

  #leadLinks(): void {
    const { siteUrl } = this.#host
    if (siteUrl === undefined) return
    const base = new URL(this.#run.frame.path.slice(1), siteUrl)
    for (const link of document.querySelectorAll('a[href]')) {
      const href = link.getAttribute('href') ?? ''
      if (!/^(#|[a-z]+:)/.test(href)) link.setAttribute('href', new URL(href, base).href)
    }
  }
}

function atOf(state: unknown): number {
  return typeof state === 'object' && state !== null && 'at' in state ? Number(state.at) : 0
}
