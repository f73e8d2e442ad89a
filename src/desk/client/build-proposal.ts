import type {
  Proposal,
  ProposedDeclaration,
  ProposedStatement,
} from '../../declaration/proposal.ts'
import type { Submission } from '../../declaration/submission.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { toHex } from '../../encoding/hex.ts'
import {
  authorKeyOf,
  buildDeclaration,
  type DeclarationPart,
  type DeclarationSalts,
  drawSalts,
} from './build-declaration.ts'
import { type CaseDraft, requireWithin } from './case-draft.ts'
import { DeskClientError } from './error.ts'
import { sealKeptOpenings } from './kept-openings.ts'

export interface ProposalContext {
  readonly register: string
  readonly formHash: string
  readonly caseId: string
  readonly centre: string
  readonly random: (length: number) => Uint8Array
}

/** The proposal, and the salts by person, which let the decider make every commitment again. */
export interface BuiltProposal {
  readonly proposal: Proposal
  readonly salts: ReadonlyMap<number, DeclarationSalts>
}

/**
 * Makes the document that two volunteers sign. Every salt is drawn here, once, for one field of one
 * declaration. Where a receipt was declined the author key is random and forgotten at once.
 */
export async function buildProposal(
  draft: CaseDraft,
  submissions: readonly Submission[],
  context: ProposalContext,
): Promise<BuiltProposal> {
  requireWithin(draft, submissions)
  const { register, formHash, caseId, centre, random } = context
  const salts = new Map<number, DeclarationSalts>()
  const statements: ProposedStatement[] = []
  const byStatement = [...declarationParts(draft, submissions)]
  const count = byStatement.flat().length
  for (const parts of byStatement) {
    const declarations: ProposedDeclaration[] = []
    for (const part of parts) {
      const drawn = drawSalts(random)
      salts.set(part.person, drawn)
      const { declaration, kept } = buildDeclaration(
        part,
        drawn,
        authorKeyOf(part.from) ?? random(32),
      )
      const age = part.from.receipt?.age
      const sealed = age === undefined ? null : toBase64(await sealKeptOpenings(kept, age, count))
      declarations.push({ ...declaration, sealed })
    }
    const text = declarations.some(({ shown }) => shown.text) ? (parts[0]?.text ?? null) : null
    statements.push({ id: toHex(random(16)), text, declarations })
  }
  if (statements.length === 0) throw new DeskClientError('nobody_left', 'everybody is kept out')
  return {
    proposal: {
      format: 'avow/proposal/v1',
      register,
      form: formHash,
      case: caseId,
      centre,
      claimed: draft.claimed,
      keptOut: countKeptOut(draft),
      statements,
    },
    salts,
  }
}

/** The declarations of a draft, by statement; persons are numbered through the case, whoever is kept out. */
export function declarationParts(
  draft: CaseDraft,
  submissions: readonly Submission[],
): readonly (readonly DeclarationPart[])[] {
  let offset = 0
  return draft.statements
    .map(({ text, persons }, i) => {
      const submission = submissions[i]
      const first = offset
      offset += persons.length
      return persons.flatMap((person, j): DeclarationPart[] => {
        const from = submission?.persons[j]
        if (submission === undefined || from === undefined || person.keptOut !== null) return []
        return [{ person: first + j, text, draft: person, from, submission }]
      })
    })
    .filter((parts) => parts.length > 0)
}

export function countKeptOut({ statements }: CaseDraft): Proposal['keptOut'] {
  const counts = new Map<string, number>()
  for (const { keptOut } of statements.flatMap(({ persons }) => persons)) {
    if (keptOut !== null) counts.set(keptOut, (counts.get(keptOut) ?? 0) + 1)
  }
  return [...counts].sort().map(([reason, count]) => ({ reason, count }))
}
