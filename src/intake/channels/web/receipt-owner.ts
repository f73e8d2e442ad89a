import type { Answers, PersonAnswers } from './answers.ts'
import type { WebTranslate } from './catalogue.ts'
import { chosenName } from './list-others.ts'

/** To whom a receipt is to be given, in words the person holding the device understands. */
export function receiptOwner(
  answers: Answers,
  others: readonly PersonAnswers[],
  person: number,
  t: WebTranslate,
): string {
  if (person === 0) return t(answers.who === 'asked' ? 'receiptFirstAsked' : 'receiptFirst')
  const other = others[person - 1]
  const name = other === undefined ? '' : chosenName(other)
  return name === '' ? t('receiptUnnamed', { number: person + 1 }) : name
}
