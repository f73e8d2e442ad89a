import { type Evidence, mayLower } from '../../declaration/evidence.ts'
import type { FormDefinition } from '../../declaration/form-definition.ts'
import type { Submission, SubmittedPerson } from '../../declaration/submission.ts'
import type { StatementText } from '../../declaration/values.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { DeskClientError } from './error.ts'
import { findRedactions } from './redaction.ts'

/**
 * What a reviewer makes of a case before proposing it. It starts as what came in and may only become less:
 * less shown, weaker evidence, fewer persons. Consents stay in the submission and are read from there.
 */
export interface CaseDraft {
  readonly statements: readonly DraftStatement[]
  readonly claimed: number
}

/** One statement for each envelope of the case, in their order. */
export interface DraftStatement {
  readonly text: StatementText
  readonly persons: readonly DraftPerson[]
}

export interface DraftPerson {
  /** A reason code of the form, or null for a declaration. */
  readonly keptOut: string | null
  readonly name: string | null
  readonly showName: boolean
  readonly showText: boolean
  readonly organisations: readonly string[]
  readonly sector: string | null
  readonly standing: string | null
  readonly position: string | null
  readonly region: string | null
  readonly voice: string
  readonly claimedDay: string | null
  readonly evidence: Evidence
}

export function startDraft(submissions: readonly Submission[], form: FormDefinition): CaseDraft {
  return {
    statements: submissions.map((submission) => ({
      text: submission.statement,
      persons: submission.persons.map((person) => startPerson(person, form)),
    })),
    claimed: submissions.reduce((sum, { claimed }) => sum + claimed, 0),
  }
}

/** Ids that this form does not know are left out: they could not be published under it. */
function startPerson(person: SubmittedPerson, form: FormDefinition): DraftPerson {
  const { name, organisations, about, consents, evidence } = person
  const known = organisations.filter((id) => form.organisations.some((one) => one.id === id))
  return {
    keptOut: null,
    name: name?.value ?? null,
    showName: consents.name && name !== null,
    showText: consents.text,
    organisations: known.length === 0 ? ['unstated'] : known,
    sector: knownId(form.sectors, about.sector),
    standing: knownId(form.standings, about.standing),
    position: consents.position ? (about.position ?? null) : null,
    region: knownId(form.regions, about.region),
    voice: knownId(form.voices, about.voice) ?? form.voices[0]?.id ?? about.voice,
    claimedDay: about.claimedDay ?? null,
    evidence,
  }
}

/** Throws `does_not_fit` where a draft shows or claims more than what came in allows. */
export function requireWithin(draft: CaseDraft, submissions: readonly Submission[]): void {
  if (draft.statements.length !== submissions.length) throw doesNotFit('statements')
  const claimed = submissions.reduce((sum, submission) => sum + submission.claimed, 0)
  if (draft.claimed > claimed) throw doesNotFit('claimed')
  draft.statements.forEach(({ text, persons }, i) => {
    const submission = submissions[i]
    if (submission === undefined || !isRedactionOf(text, submission.statement)) {
      throw doesNotFit('text')
    }
    if (submission.persons.length !== persons.length) throw doesNotFit('persons')
    persons.forEach((person, j) => {
      const from = submission.persons[j]
      if (from === undefined) throw doesNotFit('persons')
      requirePersonWithin(person, from)
    })
  })
}

function isRedactionOf(text: StatementText, from: StatementText): boolean {
  if (text.kind === 'standard' || from.kind === 'standard') {
    return canonicalJson(text) === canonicalJson(from)
  }
  return text.language === from.language && findRedactions(from.text, text.text) !== undefined
}

function requirePersonWithin(person: DraftPerson, from: SubmittedPerson): void {
  const { consents, evidence, about, name } = from
  // Kept or shown, a name and a position are the person's own words: whole, or not at all.
  if (person.name !== (name?.value ?? null)) throw doesNotFit('name')
  if (person.position !== null && person.position !== about.position) throw doesNotFit('position')
  if (person.showText && !consents.text) throw doesNotFit('text without consent')
  if (person.showName && !(consents.name && name !== null)) throw doesNotFit('name without consent')
  if (person.position !== null && !consents.position) throw doesNotFit('position without consent')
  if (!mayLower(evidence, person.evidence)) throw doesNotFit('evidence raised')
}

function knownId(choices: readonly { readonly id: string }[], id: string | undefined) {
  return choices.find((choice) => choice.id === id)?.id ?? null
}

function doesNotFit(what: string): DeskClientError {
  return new DeskClientError('does_not_fit', `the draft goes beyond what came in: ${what}`)
}
