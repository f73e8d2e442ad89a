import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import type { CaseDraft } from './case-draft.ts'
import { DeskClientError } from './error.ts'

const FORMAT = 'avow/draft/v1'

export function encodeDraft({ statements, claimed }: CaseDraft): Uint8Array {
  return utf8(
    canonicalJson({
      format: FORMAT,
      claimed,
      statements: statements.map(({ text, persons }) => ({
        text,
        persons: persons.map((person) => ({ ...person, organisations: [...person.organisations] })),
      })),
    }),
  )
}

/**
 * Only members of the own centre can have sealed it, and whatever it says is checked against what came in
 * (`requireWithin`) and by the proposal's own rules before anything is signed: the shape is taken as declared.
 */
export function parseDraft(bytes: Uint8Array): CaseDraft {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes))
    if (typeof value === 'object' && value !== null && 'format' in value) {
      const { format, ...draft } = value
      if (format === FORMAT && 'statements' in draft && 'claimed' in draft)
        return draft as CaseDraft
    }
  } catch {
    // No cause: the parser's message quotes what it read.
  }
  throw new DeskClientError('cannot_open', 'not a draft')
}
