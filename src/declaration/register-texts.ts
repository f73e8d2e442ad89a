import { DeclarationError } from './error.ts'
import { checkedText, listOf, object, oneOf, parseJson } from './json-shape.ts'
import { checkText } from './text.ts'

const REGISTER_TEXTS_MAX_CHARS = 64 * 1024

/** What the pages of a register say about itself in one language. */
export type RegisterTexts = {
  readonly format: 'avow/register-texts/v1'
  readonly title: string
  readonly description: string
  readonly introduction: readonly string[]
  readonly organisations: readonly string[]
}

const sentence = checkedText(checkText)
const registerTextsShape = object({
  format: oneOf(['avow/register-texts/v1']),
  title: sentence,
  description: sentence,
  introduction: listOf(sentence, 1, 16),
  organisations: listOf(sentence, 1, 16),
})

/** Throws `bad_form`. */
export function parseRegisterTexts(json: string): RegisterTexts {
  if (json.length > REGISTER_TEXTS_MAX_CHARS) throw new DeclarationError('bad_form', 'too long')
  return parseJson(json, registerTextsShape, 'bad_form')
}
