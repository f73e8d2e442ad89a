import { DeclarationError } from '../declaration/error.ts'
import type { FormDefinition } from '../declaration/form-definition.ts'
import type { Proposal, ProposedDeclaration } from '../declaration/proposal.ts'
import { type About, parseAbout } from '../declaration/values.ts'
import { utf8 } from '../encoding/bytes.ts'

/** The ids that a form definition allows, for looking up. */
export type FormIds = {
  readonly formHash: string
  readonly organisations: ReadonlySet<string>
  readonly about: {
    readonly [field in 'sector' | 'standing' | 'region' | 'voice']: ReadonlySet<string>
  }
  readonly standardTexts: ReadonlySet<string>
  readonly keptOutReasons: ReadonlySet<string>
  readonly operatorReasons: ReadonlySet<string>
}

export function formIds(form: FormDefinition, formHash: string): FormIds {
  const ids = (choices: readonly { readonly id: string }[]) => new Set(choices.map(({ id }) => id))
  return {
    formHash,
    organisations: ids([...form.organisations, { id: 'unstated' }]),
    about: {
      sector: ids(form.sectors),
      standing: ids(form.standings),
      region: ids(form.regions),
      voice: ids(form.voices),
    },
    standardTexts: ids(form.standardTexts),
    keptOutReasons: ids(form.keptOutReasons),
    operatorReasons: ids(form.operatorReasons),
  }
}

/** Two signatures do not make an id exist: what is not in the form could never be explained to a reader. */
export function requireKnownIds(proposal: Proposal, caseId: string, ids: FormIds): void {
  if (proposal.case !== caseId) throw refused('the item is filed under another case')
  if (proposal.form !== ids.formHash) throw refused('made for another form definition')
  for (const { reason } of proposal.keptOut) require(ids.keptOutReasons, reason, 'reason')
  for (const { text, declarations } of proposal.statements) {
    if (text?.kind === 'standard') require(ids.standardTexts, text.id, 'standard text')
    for (const declaration of declarations) requireKnownDeclaration(declaration, ids)
  }
}

export function requireKnownAbout(about: About, ids: FormIds): void {
  for (const field of ['sector', 'standing', 'region', 'voice'] as const) {
    const value = about[field]
    if (value !== undefined) require(ids.about[field], value, field)
  }
}

export function requireKnownOrganisations(orgs: readonly string[], ids: FormIds): void {
  for (const org of orgs) require(ids.organisations, org, 'organisation')
}

function requireKnownDeclaration({ orgs, evidence, about }: ProposedDeclaration, ids: FormIds) {
  if (evidence === 'legacy') throw refused('only an import is legacy')
  requireKnownOrganisations(orgs, ids)
  for (const { value } of about) requireKnownAbout(parseAbout(utf8(value)), ids)
}

function require(known: ReadonlySet<string>, id: string, what: string): void {
  if (!known.has(id)) throw refused(`unknown ${what}`)
}

function refused(message: string): DeclarationError {
  return new DeclarationError('approval_refused', message)
}
