import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { commitmentFromBase64 } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { type Evidence, type KeyOrigin, keyFitsEvidence } from './evidence.ts'
import { parseCanonicalJson } from './json-shape.ts'
import type { Leaf, Shown } from './leaf.ts'
import { aboutVariants, type FoldLevel } from './minimum-group.ts'
import { proposalShape } from './proposal-shape.ts'
import { encodeAbout, parseAbout, type StatementText } from './values.ts'

export const PROPOSAL_MAX_BYTES = 8 * 1024 * 1024

/** What two volunteers sign and the publisher gets: everything that will be public, commitments of the rest. */
export type Proposal = {
  readonly format: 'avow/proposal/v1'
  readonly register: string
  readonly form: string
  readonly case: string
  readonly centre: string
  readonly claimed: number
  readonly keptOut: readonly { readonly reason: string; readonly count: number }[]
  readonly statements: readonly ProposedStatement[]
}

export type ProposedStatement = {
  readonly id: string
  /** Null when no declaration of the statement shows it. */
  readonly text: StatementText | null
  readonly declarations: readonly ProposedDeclaration[]
}

/** Base64 throughout; a salt stands here only with a value that will be public. */
export type ProposedDeclaration = {
  /** Index of the person in the case: a person is taken once. */
  readonly person: number
  readonly orgs: readonly string[]
  readonly evidence: Evidence
  readonly key: KeyOrigin
  readonly shown: Shown
  readonly body: { readonly commitment: string; readonly salt: string | null } | null
  readonly name: {
    readonly commitment: string
    readonly salt: string | null
    readonly value: string | null
  } | null
  readonly about: readonly ProposedAbout[]
  readonly few: boolean
  readonly author: { readonly commitment: string }
  /** Age file to the receipt's recipient: the openings of what is not shown, and of the author key. */
  readonly sealed: string | null
  readonly lookup: string | null
  readonly bulletin: boolean
  readonly broadcast: boolean
}

export type ProposedAbout = {
  readonly commitment: string
  readonly salt: string
  readonly value: string
}

export function encodeProposal(proposal: Proposal): Uint8Array {
  const bytes = utf8(canonicalJson(proposal))
  // Two people sign these bytes: nothing that the publisher would refuse may reach them.
  parseProposal(bytes)
  return bytes
}

/** Throws `bad_proposal`: wrong shape, or parts that contradict each other. Openings need SHA-256: `verifyApprovedItem`. */
export function parseProposal(bytes: Uint8Array): Proposal {
  const proposal = parseCanonicalJson(bytes, PROPOSAL_MAX_BYTES, proposalShape, 'bad_proposal')
  checkProposal(proposal)
  return proposal
}

/** What goes into the log for one declaration once its day and fold level are known. */
export function leafOfDeclaration(
  form: string,
  day: string,
  declaration: ProposedDeclaration,
  level: FoldLevel,
): Leaf {
  const { orgs, evidence, key, shown, body, name, author } = declaration
  const about = declaration.about[level]
  if (about === undefined) throw bad('no such fold level')
  return {
    form,
    day,
    orgs,
    evidence,
    key,
    shown,
    ...(body === null ? {} : { body: commitmentFromBase64(body.commitment) }),
    ...(name === null ? {} : { name: commitmentFromBase64(name.commitment) }),
    about: commitmentFromBase64(about.commitment),
    author: commitmentFromBase64(author.commitment),
  }
}

/** The cross-checks that the shape of single members cannot express. */
export function checkProposal(proposal: Proposal): void {
  const declarations = proposal.statements.flatMap((statement) => statement.declarations)
  checkDistinct(
    'statement',
    proposal.statements.map((statement) => statement.id),
  )
  checkDistinct(
    'kept-out reason',
    proposal.keptOut.map(({ reason }) => reason),
  )
  checkDistinct(
    'person',
    declarations.map(({ person }) => String(person)),
  )
  checkDistinct(
    'receipt',
    declarations.flatMap(({ lookup }) => lookup ?? []),
  )
  checkDistinct('commitment', declarations.flatMap(commitmentsOf))
  checkDistinct('salt', declarations.flatMap(saltsOf))
  for (const statement of proposal.statements) {
    const isShown = statement.declarations.some(({ shown }) => shown.text)
    if (isShown !== (statement.text !== null))
      throw bad('a text is there if and only if it is shown')
  }
  for (const declaration of declarations) checkDeclaration(declaration)
}

function checkDeclaration(declaration: ProposedDeclaration): void {
  const { evidence, key, shown, body, name, sealed, lookup } = declaration
  if (!keyFitsEvidence(evidence, key)) throw bad('key does not fit evidence')
  if (shown.text !== (body !== null && body.salt !== null)) {
    throw bad('the salt of the text is there if and only if the text is shown')
  }
  if (shown.name !== (name !== null && name.salt !== null)) {
    throw bad('the salt of the name is there if and only if the name is shown')
  }
  if (name !== null && (name.salt === null) !== (name.value === null)) {
    throw bad('a name is shown with its salt or not at all')
  }
  if ((sealed === null) !== (lookup === null)) throw bad('sealed openings belong to a receipt')
  checkLadder(declaration)
}

/** The publisher chooses among the four; a ladder that is not the fold of its first would say something else. */
function checkLadder({ about, few }: ProposedDeclaration): void {
  const [first] = about
  if (first === undefined) throw bad('no about')
  const finest = parseAbout(utf8(first.value))
  if (finest.few !== few) throw bad('few does not fit about')
  aboutVariants(finest).forEach((variant, level) => {
    const written = about[level]
    if (written === undefined || !equalBytes(utf8(written.value), encodeAbout(variant))) {
      throw bad('about is not the fold ladder of its first value')
    }
  })
}

function commitmentsOf({ body, name, about, author }: ProposedDeclaration): readonly string[] {
  const single = [body?.commitment, name?.commitment, author.commitment]
  return [
    ...single.filter((commitment) => commitment !== undefined),
    ...about.map((a) => a.commitment),
  ]
}

function saltsOf({ body, name, about }: ProposedDeclaration): readonly string[] {
  return [body?.salt ?? [], name?.salt ?? [], about.map((a) => a.salt)].flat()
}

function checkDistinct(what: string, values: readonly string[]): void {
  if (new Set(values).size !== values.length) throw bad(`one ${what} twice`)
}

function bad(message: string): DeclarationError {
  return new DeclarationError('bad_proposal', message)
}
