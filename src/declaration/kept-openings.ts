import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../encoding/canonical-json.ts'
import { type Opening, type Salt, saltFromBase64 } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { BASE64_32_BYTES, whole } from './grammar.ts'
import { object, oneOf, parseCanonicalJson, text } from './json-shape.ts'
import { BODY_MAX_BYTES } from './values.ts'

/** A text in base64, a name and a key, with room. */
export const KEPT_OPENINGS_MAX_BYTES = 2 * BODY_MAX_BYTES

/** In a large group a long text that is not shown is kept by its salt alone: its author has the words. */
export type SaltOnly = { readonly salt: Salt; readonly value: null }

/** What only the receipt opens: the author key's opening, and those of text and name that are not shown. */
export type KeptOpenings = {
  readonly author: Opening
  readonly body: Opening | SaltOnly | null
  readonly name: Opening | null
}

const base64 = text(KEPT_OPENINGS_MAX_BYTES, /^[A-Za-z0-9+/]*={0,2}$/)
const salt = text(44, whole(BASE64_32_BYTES))
const opening = object({ salt, value: base64 })
const keptShape = object(
  { format: oneOf(['avow/kept-openings/v1']), author: opening },
  { name: opening, body: object({ salt }, { value: base64 }) },
)

export function encodeKeptOpenings({ author, body, name }: KeptOpenings): Uint8Array {
  return utf8(
    canonicalJson({
      format: 'avow/kept-openings/v1',
      author: written(author),
      ...(name === null ? {} : { name: written(name) }),
      ...(body === null ? {} : { body: written(body) }),
    }),
  )
}

/** Throws `bad_value`. Only the receipt opened it, but whoever sealed it is a stranger: each opening is checked where it is used. */
export function parseKeptOpenings(bytes: Uint8Array): KeptOpenings {
  const read = parseCanonicalJson(bytes, KEPT_OPENINGS_MAX_BYTES, keptShape, 'bad_value')
  const { author, body, name } = read
  return {
    author: readOpening(author),
    body: body === undefined ? null : readBody(body),
    name: name === undefined ? null : readOpening(name),
  }
}

function written({ salt, value }: Opening | SaltOnly): { readonly [key: string]: CanonicalValue } {
  return { salt: toBase64(salt), ...(value === null ? {} : { value: toBase64(value) }) }
}

function readOpening({ salt, value }: { salt: string; value: string }): Opening {
  return { salt: saltFromBase64(salt), value: readBase64(value) }
}

function readBody({ salt, value }: { salt: string; value?: string | undefined }) {
  const read = saltFromBase64(salt)
  return { salt: read, value: value === undefined ? null : readBase64(value) }
}

function readBase64(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch (cause) {
    throw new DeclarationError('bad_value', 'not base64', cause)
  }
}
