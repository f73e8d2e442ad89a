import { HEX_32_BYTES, whole } from '../../../../declaration/grammar.ts'
import { byKind, object, oneOf, parseJson, text } from '../../../../declaration/json-shape.ts'

/** What a page asks of the service: with the look-up id, and never with more of a receipt. */
export type DoorQuestion =
  | { readonly kind: 'view' | 'withdraw' | 'forget'; readonly lookup: string }
  | {
      readonly kind: 'act'
      readonly lookup: string
      /** SHA-256 of the message in hex. */
      readonly id: string
      /** An age file in base64. */
      readonly sealed: string
      readonly urgency: 'now' | 'batch'
    }

/** The largest act padded, as an age file in base64, and the words around it. */
export const QUESTION_MAX_BYTES = 2 * 1024 * 1024

const hex = text(64, whole(HEX_32_BYTES))
const looking = object({ kind: oneOf(['view', 'withdraw', 'forget']), lookup: hex })
const acting = object({
  kind: oneOf(['act']),
  lookup: hex,
  id: hex,
  sealed: text(QUESTION_MAX_BYTES, /^[A-Za-z0-9+/]+={0,2}$/),
  urgency: oneOf(['now', 'batch']),
})
const question = byKind<DoorQuestion>({
  view: looking,
  withdraw: looking,
  forget: looking,
  act: acting,
})

/** `json` is attacker-controlled and bounded. Throws DeclarationError `bad_act`. */
export function parseQuestion(json: string): DoorQuestion {
  return parseJson(json, question, 'bad_act')
}
