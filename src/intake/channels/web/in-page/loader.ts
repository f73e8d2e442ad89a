import type { Language } from '../../../../i18n/languages.ts'

// Small, so that it is there when the page is. It fetches the rest after the first paint and holds a press of a button back until
// then, so that nothing typed is posted by a page that is about to seal. Whatever fails leaves the form as the server made it.

/** Where the scripts of a page lie; the rest of what it is given is theirs. */
interface Loaded {
  readonly language: Language
  readonly code: string
  readonly data: Readonly<Record<Language, string>>
}
type TakeOver<Data> = (
  config: Loaded,
  data: Data,
  loadData: (language: Language) => Promise<Data>,
) => void

const LOADING_MAX_MS = 20_000
const script = document.querySelector<HTMLScriptElement>('script[data-in-page]')
const form = document.querySelector('form')

if (script !== null && form !== null && isAble()) {
  const config: Loaded = JSON.parse(script.dataset['inPage'] ?? '')
  void load(config, form)
}

/** `subtle` exists only where the page itself came over a connection that nobody could change. */
function isAble(): boolean {
  return (
    typeof BigInt === 'function' &&
    typeof crypto === 'object' &&
    crypto.subtle !== undefined &&
    typeof AbortSignal.timeout === 'function' &&
    'requestSubmit' in HTMLFormElement.prototype
  )
}

async function load(config: Loaded, form: HTMLFormElement): Promise<void> {
  let pressed: SubmitEvent | undefined
  const hold = (event: SubmitEvent) => {
    event.preventDefault()
    pressed = event
    form.setAttribute('aria-busy', 'true')
  }
  document.addEventListener('submit', hold, { capture: true })
  await Promise.race([painted(), sleep(1000)])
  try {
    const loadData = async (language: Language): Promise<unknown> =>
      (await import(url(config.data[language]))).data
    const loading = Promise.all([import(url(config.code)), loadData(config.language)])
    const late = sleep(LOADING_MAX_MS).then(() => Promise.reject(new Error('too slow')))
    const [code, data] = await Promise.race([loading, late])
    const start: TakeOver<unknown> = code.takeOver
    start(config, data, loadData)
  } catch {
    // The form without scripts is there and works.
  }
  document.removeEventListener('submit', hold, { capture: true })
  form.removeAttribute('aria-busy')
  if (pressed !== undefined) form.requestSubmit(pressed.submitter)
}

function url(path: string): string {
  return new URL(path, script?.baseURI ?? location.href).href
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve, 0))
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
