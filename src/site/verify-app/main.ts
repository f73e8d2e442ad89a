import { sha256 } from '@noble/hashes/sha2.js'
import { type CompactTranslate, createCompactTranslate } from '../../i18n/compact-message.ts'
import { type Language, languageFacts, languages } from '../../i18n/languages.ts'
import { TlogError } from '../../tlog/error.ts'
import { VerifyError } from '../../verify/error.ts'
import type { ReadFile } from '../../verify/read-file.ts'
import type { Progress } from '../../verify/trust.ts'
import { verifyDeclaration } from '../../verify/verify-declaration.ts'
import { verifyProof } from '../../verify/verify-proof.ts'
import { verifyRegister } from '../../verify/verify-register.ts'
import { CHECKER_ID, type CheckerData } from './checker-data.ts'
import { button, element, field } from './elements.ts'
import { PolicyChoice } from './policy-choice.ts'
import { Unreadable } from './read-source.ts'
import { showDeclaration, showFinding, showProof, showRegister } from './show-evidence.ts'
import { SourceChoice } from './source-choice.ts'

const PROOF_MAX_BYTES = 1024 * 1024
// A publication under way is over within seconds; what is still wrong then is wrong.
const LOOKS = 6
const LOOK_AFTER_MS = 5000

const place = document.getElementById(CHECKER_ID)
const data = place?.dataset['checker']
if (place !== null && data !== undefined) mount(place, JSON.parse(data))

function mount(place: HTMLElement, data: CheckerData): void {
  const words = data.words[data.language]
  if (words === undefined) throw new TypeError('no words in this language')
  const t = createCompactTranslate(data.language, words)
  document.documentElement.lang = languageFacts[data.language].tag
  const outcome = element('div', { role: 'status', 'aria-live': 'polite' })
  const policy = new PolicyChoice(t, data)
  const source = new SourceChoice(t, data)
  const run = runner(t, outcome)
  const number = element('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off' })
  const proof = element('input', { type: 'file', accept: '.tlog-proof' })
  const one = () =>
    run(async (signal) => {
      const index = Number(number.value.normalize('NFKC').replaceAll(/[\s,.]/g, ''))
      if (number.value.trim() === '' || !Number.isSafeInteger(index) || index < 0) {
        throw new Unreadable(t('oneMissing'))
      }
      const read = source.reader(signal)
      const judged = await policy.obtain(read)
      return showDeclaration(t, await verifyDeclaration(index, read, { policy: judged, sha256 }))
    })
  const all = () =>
    run(async (signal, onProgress) => {
      const read: ReadFile = source.reader(signal)
      const judged = await policy.obtain(read)
      const lookAgain = patience(LOOKS, LOOK_AFTER_MS, signal)
      const options = { policy: judged, sha256, onProgress, lookAgain }
      return showRegister(t, await verifyRegister(read, options))
    })
  number.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') one()
  })
  proof.addEventListener('change', () => {
    const [file] = proof.files ?? []
    if (file === undefined) return
    run(async (signal) => {
      if (file.size > PROOF_MAX_BYTES) throw new Unreadable(file.name)
      const judged = await policy.obtain(source.isChosen() ? source.reader(signal) : undefined)
      const bytes = new Uint8Array(await file.arrayBuffer())
      return showProof(t, verifyProof(bytes, { policy: judged, sha256, file: file.name }))
    })
  })
  place.replaceChildren(
    ...(data.root === null ? [languageLinks(t, place, data)] : []),
    element('h2', {}, t('checkTitle')),
    element('p', { class: 'warning' }, t(data.root === null ? 'checkFileNote' : 'checkWarning')),
    policy.element,
    ...(source.element === null ? [] : [source.element]),
    element('h3', {}, t('oneTitle')),
    field(t('oneLabel'), number),
    element('p', { class: 'actions' }, button(t('oneButton'), one)),
    element('h3', {}, t('allTitle')),
    element('p', { class: 'hint' }, t('allHint')),
    element('p', { class: 'actions' }, button(t('allButton'), all, 'button second')),
    element('h3', {}, t('proofTitle')),
    field(t('proofLabel'), proof),
    outcome,
  )
  place.hidden = false
}

type Work = (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<Node>

/** One check at a time: a new one ends the one before it. */
function runner(t: CompactTranslate, outcome: HTMLElement): (work: Work) => void {
  let running = new AbortController()
  return (work) => {
    running.abort()
    const own = new AbortController()
    running = own
    const bar = element('progress', {})
    const line = element('p', {}, t('working'))
    const stop = button(t('stop'), () => own.abort(), 'button second')
    outcome.replaceChildren(element('div', { class: 'note' }, line, bar, stop))
    outcome.scrollIntoView({ block: 'nearest' })
    const onProgress = ({ log, entries, size }: Progress) => {
      bar.max = Math.max(1, size)
      bar.value = entries
      line.textContent = t(log === 'declarations' ? 'progressDeclarations' : 'progressEvents', {
        entries,
        size,
      })
    }
    work(own.signal, onProgress)
      .catch((error: unknown) => describeFailure(t, error, own.signal))
      .then((shown) => {
        if (running === own) outcome.replaceChildren(shown)
        outcome.scrollIntoView({ block: 'nearest' })
      })
  }
}

function patience(looks: number, afterMs: number, signal: AbortSignal): () => Promise<boolean> {
  let left = looks
  return async () => {
    if (left-- === 0) return false
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    signal.throwIfAborted()
    return true
  }
}

function describeFailure(t: CompactTranslate, error: unknown, signal: AbortSignal): Node {
  if (signal.aborted) return element('p', { class: 'note' }, t('stopped'))
  if (error instanceof VerifyError) return showFinding(t, error)
  if (error instanceof TlogError)
    return showFinding(t, new VerifyError('bad_proof', 'log', error.message))
  const what = error instanceof Error ? error.message : ''
  return element('p', { class: 'error', role: 'alert' }, t('unreachable', { what }))
}

function languageLinks(t: CompactTranslate, place: HTMLElement, data: CheckerData): Node {
  const links = languages
    .filter((other) => data.words[other] !== undefined)
    .map((other: Language) => {
      const link = button(
        languageFacts[other].ownName,
        () => mount(place, { ...data, language: other }),
        'plain',
      )
      link.lang = languageFacts[other].tag
      if (other === data.language) link.setAttribute('aria-current', 'true')
      return link
    })
  return element(
    'nav',
    { 'aria-label': t('checkLanguage') },
    ...links.flatMap((link) => [link, ' ']),
  )
}
