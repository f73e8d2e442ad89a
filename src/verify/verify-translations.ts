import { saltFromBase64, verifyOpening } from '../declaration/commitment.ts'
import { object, parseCanonicalJson, text } from '../declaration/json-shape.ts'
import { BODY_MAX_BYTES, parseBody } from '../declaration/values.ts'
import { utf8 } from '../encoding/bytes.ts'
import { VerifyError } from './error.ts'
import type { EventHistory, LoggedTranslation } from './event-history.ts'
import type { Trust } from './trust.ts'

/** A body, escaped as JSON, and its salt. */
const MAX_TRANSLATION_BYTES = 2 * BODY_MAX_BYTES + 256
const openingShape = object({ salt: text(44), value: text(BODY_MAX_BYTES) })

/** `content/translations/<index>.<language>` */
export function translationPath(index: number, language: string): string {
  return `content/translations/${index}.${language}`
}

/**
 * Every translation that is served is what its event committed to, of a text that is shown. One may be missing: it goes
 * with its text, and a copy need not carry it. Returns how many were opened.
 */
export async function verifyTranslations(
  { translations }: Pick<EventHistory, 'translations'>,
  hiddenTexts: ReadonlySet<number>,
  trust: Pick<Trust, 'read' | 'sha256'>,
): Promise<number> {
  let opened = 0
  for (const [index, byLanguage] of translations) {
    for (const translation of byLanguage.values()) {
      const file = translationPath(index, translation.language)
      const bytes = await trust.read(file, MAX_TRANSLATION_BYTES)
      if (bytes === undefined) continue
      if (hiddenTexts.has(index)) {
        const message = `it translates declaration ${index}, whose text is not shown`
        throw new VerifyError('part_not_shown', file, message)
      }
      open(file, bytes, translation, trust)
      opened++
    }
  }
  return opened
}

function open(
  file: string,
  bytes: Uint8Array,
  { index, translation }: LoggedTranslation,
  { sha256 }: Pick<Trust, 'sha256'>,
): void {
  try {
    const { salt, value } = parseCanonicalJson(
      bytes,
      MAX_TRANSLATION_BYTES,
      openingShape,
      'bad_content',
    )
    const opening = { salt: saltFromBase64(salt), value: utf8(value) }
    parseBody(verifyOpening(translation, 'translation', opening, sha256).value)
  } catch (cause) {
    const message = `it is not what the event committed to for declaration ${index}`
    throw new VerifyError('part_mismatch', file, message, { cause })
  }
}
