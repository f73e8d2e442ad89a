import type { FormDefinition } from '../../declaration/form-definition.ts'
import type { Submission } from '../../declaration/submission.ts'
import { type CaseDraft, type DraftPerson, startDraft } from './case-draft.ts'

const DIFFERING_FIELDS = [
  'keptOut',
  'name',
  'showName',
  'showText',
  'organisations',
  'sector',
  'standing',
  'position',
  'region',
  'voice',
  'claimedDay',
  'evidence',
] as const satisfies readonly (keyof DraftPerson)[]
export type DifferingField = (typeof DIFFERING_FIELDS)[number]

/** One thing the proposer changed, with both values as they stand in the draft. */
export interface Difference {
  readonly person: number
  readonly field: DifferingField
  readonly from: DraftPerson[DifferingField]
  readonly to: DraftPerson[DifferingField]
}

/** What a draft made of a case, against what a fresh draft of the same envelopes would say. */
export function findDifferences(
  draft: CaseDraft,
  submissions: readonly Submission[],
  form: FormDefinition,
): readonly Difference[] {
  const fresh = startDraft(submissions, form).statements.flatMap(({ persons }) => persons)
  const made = draft.statements.flatMap(({ persons }) => persons)
  return made.flatMap((person, index) => {
    const before = fresh[index]
    if (before === undefined) return []
    return DIFFERING_FIELDS.filter((field) => !isSame(person[field], before[field])).map(
      (field): Difference => ({
        person: index,
        field,
        from: before[field],
        to: person[field],
      }),
    )
  })
}

function isSame(a: DraftPerson[DifferingField], b: DraftPerson[DifferingField]): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.join() === b.join() : a === b
}
