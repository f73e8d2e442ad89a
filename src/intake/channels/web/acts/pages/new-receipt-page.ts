import { receiptToDigits, receiptToWords } from '../../../../../declaration/receipt.ts'
import type { Wordlist } from '../../../../../declaration/receipt-reading.ts'
import { type FieldProblem, problemSummary, textField } from '../../../../../ui/form.ts'
import { html } from '../../../../../ui/html.ts'
import { receiptList } from '../../pages/receipt-page.ts'
import type { ActContext } from '../act-context.ts'
import type { ActPageParts } from './act-frame.ts'
import { lastingNote } from './act-page.ts'

/** The new receipt, to be written down before the old one is given up. */
export function newReceiptPage(context: ActContext): ActPageParts {
  const { host, frame, t, state } = context
  return {
    title: t('titleAct', { act: t('rekey-label') }),
    state,
    enter: 'next',
    back: 'receipt',
    body: html`<h1>${t('rekey-label')}</h1>
<p>${t('rekey-what')}</p>
${receiptList(state.heir ?? new Uint8Array(16), host.wordlistOf(frame.language))}
<p class="warning">${t('rekeyShown')}</p>
<p class="actions"><button class="button" name="go" value="next">${t('rekeyWritten')}</button> <button class="plain" name="go" value="status" formnovalidate>${t('cancel')}</button></p>
`,
  }
}

/** Two words typed again: a receipt that nobody wrote down would lock its owner out. */
export function retypePage(
  context: ActContext,
  problems: readonly FieldProblem[] = [],
): ActPageParts {
  const { frame, t, state, fields } = context
  const title = t('titleAct', { act: t('rekey-label') })
  return {
    title: problems.length === 0 ? title : frame.t('titleError', { title }),
    state,
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
  }
}

export function retypeProblems({ host, state, fields, t }: ActContext): readonly FieldProblem[] {
  const { heir, retype } = state
  if (heir === null) return []
  return retype
    .filter(
      (position) => !isWord(fields.get(wordField(position)) ?? '', heir, position, host.wordlists),
    )
    .map((position) => ({ field: wordField(position), message: t('rekeyWrong', { position }) }))
}

/** The word in any list that shows it so, or its number. */
function isWord(
  typed: string,
  heir: Uint8Array,
  position: number,
  wordlists: readonly Wordlist[],
): boolean {
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
