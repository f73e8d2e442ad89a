import { DeclarationError } from './error.ts'
import { ORGANISATIONS, whole } from './grammar.ts'

const PATTERN = whole(ORGANISATIONS)

/** The organisations left as leaf, event and tally write them: sorted, distinct; `unstated` stands alone. */
export function formatOrganisations(ids: readonly string[]): string {
  const text = ids.join(',')
  parseOrganisations(text)
  return text
}

export function parseOrganisations(text: string): readonly string[] {
  if (!PATTERN.test(text)) throw new DeclarationError('bad_value', 'organisations are not ids')
  const ids = text.split(',')
  // Ids are ASCII, so comparing UTF-16 units is comparing bytes.
  if (ids.some((id, i) => i > 0 && id <= (ids[i - 1] ?? ''))) {
    throw new DeclarationError('bad_value', 'organisations are not sorted and distinct')
  }
  if (ids.length > 1 && ids.includes('unstated')) {
    throw new DeclarationError('bad_value', 'unstated stands alone')
  }
  return ids
}
