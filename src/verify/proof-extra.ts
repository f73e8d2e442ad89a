import { type Opening, saltFromBase64 } from '../declaration/commitment.ts'
import { BASE64_32_BYTES, whole } from '../declaration/grammar.ts'
import { object, oneOf, parseCanonicalJson, text } from '../declaration/json-shape.ts'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { MAX_EXTRA_BYTES } from '../tlog/tlog-proof.ts'

export const OPENABLE = ['body', 'name', 'about', 'author'] as const
export type Openable = (typeof OPENABLE)[number]

/** What a proof of one declaration carries beside the hashes: the leaf itself, and openings its holder discloses. */
export type ProofExtra = {
  readonly leaf: Uint8Array
  readonly openings: Readonly<Partial<Record<Openable, Opening>>>
}

const base64 = text(MAX_EXTRA_BYTES, /^[A-Za-z0-9+/]*={0,2}$/)
const opening = object({ salt: text(44, whole(BASE64_32_BYTES)), value: base64 })
const extraShape = object({
  format: oneOf(['avow/proof-extra/v1']),
  leaf: base64,
  openings: object({}, { body: opening, name: opening, about: opening, author: opening }),
})

export function formatProofExtra({ leaf, openings }: ProofExtra): Uint8Array {
  const written = OPENABLE.flatMap((field) => {
    const { salt, value } = openings[field] ?? {}
    if (salt === undefined || value === undefined) return []
    return [[field, { salt: toBase64(salt), value: toBase64(value) }] as const]
  })
  const extra = utf8(
    canonicalJson({
      format: 'avow/proof-extra/v1',
      leaf: toBase64(leaf),
      openings: Object.fromEntries(written),
    }),
  )
  parseProofExtra(extra)
  return extra
}

/** Throws DeclarationError `bad_leaf` or EncodingError. Nothing in it is proven before the leaf is. */
export function parseProofExtra(bytes: Uint8Array): ProofExtra {
  const { leaf, openings } = parseCanonicalJson(bytes, MAX_EXTRA_BYTES, extraShape, 'bad_leaf')
  const read = OPENABLE.flatMap((field) => {
    const written = openings[field]
    if (written === undefined) return []
    return [[field, { salt: saltFromBase64(written.salt), value: fromBase64(written.value) }]]
  })
  return { leaf: fromBase64(leaf), openings: Object.fromEntries(read) }
}
