import { receiptToDigits, receiptToWords } from '../../../../../declaration/receipt.ts'
import { type FieldProblem, problemSummary, textField } from '../../../../../ui/form.ts'
import { html } from '../../../../../ui/html.ts'
import { receiptList } from '../../pages/receipt-page.ts'
import { wordlistOf, wordlists } from '../../wordlists.ts'
import type { ActContext } from '../act-context.ts'
import { sealActState } from '../act-state.ts'
import { actPage } from './act-frame.ts'
import { lastingNote } from './act-page.ts'

/** The new receipt, to be written down before the old one is given up. */
export function newReceiptPage(context: ActContext): string {
  const { frame, t, state, keys } = context
  return actPage(frame, {
    t,
    title: t('titleAct', { act: t('rekey-label') }),
    state: sealActState(state, keys),
    enter: 'next',
    back: 'receipt',
    body: html`<h1>${t('rekey-label')}</h1>
<p>${t('rekey-what')}</p>
${receiptList(state.heir ?? new Uint8Array(16), wordlistOf(frame.language))}
<p class="warning">${t('rekeyShown')}</p>
<p class="actions"><button class="button" name="go" value="next">${t('rekeyWritten')}</button> <button class="plain" name="go" value="status" formnovalidate>${t('cancel')}</button></p>
`,
  })
}

/** Two words typed again: a receipt that nobody wrote down would lock its owner out. */
export function retypePage(context: ActContext, problems: readonly FieldProblem[] = []): string {
  const { frame, t, state, keys, fields } = context
  const title = t('titleAct', { act: t('rekey-label') })
  return actPage(frame, {
    t,
    title: problems.length === 0 ? title : frame.t('titleError', { title }),
    state: sealActState(state, keys),
    enter: 'do',
    back: 'receipt',
    body: html`${problemSummary(frame.t('problems'), problems)}<h1>${t('rekeyAsk')}</h1>
<p class="hint">${t('rekeyAskHint')}</p>
${state.retype.map((position) =>
  textField({
    name: wordField(position),
    label: t('rekeyWord', { position }),
    problems,
    value: fields.get(wordField(position)) ?? '',
  }),
)}${lastingNote(context, 'rekey')}<p class="actions"><button class="button" name="go" value="do">${t('rekey-do')}</button> <button class="plain" name="go" value="words" formnovalidate>${t('rekeyAgain')}</button></p>
`,
  })
}

export function retypeProblems({ state, fields, t }: ActContext): readonly FieldProblem[] {
  const { heir, retype } = state
  if (heir === null) return []
  return retype
    .filter((position) => !isWord(fields.get(wordField(position)) ?? '', heir, position))
    .map((position) => ({ field: wordField(position), message: t('rekeyWrong', { position }) }))
}

/** The word in any list that shows it so, or its number. */
function isWord(typed: string, heir: Uint8Array, position: number): boolean {
  const plain = typed.normalize('NFKD').trim().toLowerCase()
  const number = receiptToDigits(heir)[position - 1]
  if (/^\d{1,4}$/.test(plain)) return plain.padStart(4, '0') === number
  return wordlists.some(
    (list) => receiptToWords(heir, list)[position - 1]?.normalize('NFKD') === plain,
  )
}

/** Two different places, drawn once for each new receipt. */
export function drawPositions(random: (length: number) => Uint8Array): readonly number[] {
  const [a = 0, b = 0] = random(2)
  const first = a % 12
  const second = (first + 1 + (b % 11)) % 12
  return [first + 1, second + 1].toSorted((x, y) => x - y)
}

function wordField(position: number): string {
  return `word-${position}`
}
