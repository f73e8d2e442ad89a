import type { ProposedDeclaration } from '../../declaration/proposal.ts'
import type { Submission } from '../../declaration/submission.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { authorKeyOf, buildDeclaration } from './build-declaration.ts'
import { countKeptOut, declarationParts } from './build-proposal.ts'
import { type CaseDraft, requireWithin } from './case-draft.ts'
import { DeskClientError } from './error.ts'
import type { ProposalBundle } from './proposal-bundle.ts'

/**
 * Makes every declaration again from what came in, the draft the decider is shown and the proposer's salts,
 * and compares: what is kept hidden is committed to truly, and nothing is in the document that is not on the
 * screen. Only a random author key (no receipt) and the age files to receipts cannot be made again.
 */
export function requireSameProposal(
  { proposal, draft, salts }: ProposalBundle,
  submissions: readonly Submission[],
): void {
  requireAllowed(draft, submissions)
  const parts = declarationParts(draft, submissions)
  const { statements, claimed, keptOut } = proposal
  if (statements.length !== parts.length || claimed !== draft.claimed) throw differs('statements')
  if (canonicalJson(keptOut) !== canonicalJson(countKeptOut(draft))) throw differs('kept out')
  statements.forEach(({ text, declarations }, i) => {
    const ofStatement = parts[i] ?? []
    if (declarations.length !== ofStatement.length) throw differs('declarations')
    if (text !== null && canonicalJson(text) !== canonicalJson(ofStatement[0]?.text ?? null)) {
      throw differs('text')
    }
    declarations.forEach((declaration, j) => {
      const part = ofStatement[j]
      const drawn = salts.get(declaration.person)
      if (part === undefined || drawn === undefined) throw differs('salts')
      const authorKey = authorKeyOf(part.from)
      const again = buildDeclaration(part, drawn, authorKey ?? new Uint8Array(32)).declaration
      const expected = authorKey === undefined ? { ...again, author: declaration.author } : again
      if (canonicalJson(expected) !== canonicalJson(withoutSealed(declaration))) {
        throw differs('declaration')
      }
      if ((declaration.sealed === null) !== (part.from.receipt === null)) throw differs('receipt')
    })
  })
}

function requireAllowed(draft: CaseDraft, submissions: readonly Submission[]): void {
  try {
    requireWithin(draft, submissions)
  } catch (cause) {
    throw new DeskClientError('untrusted_proposal', 'the draft goes beyond what came in', cause)
  }
}

function withoutSealed(declaration: ProposedDeclaration): Omit<ProposedDeclaration, 'sealed'> {
  const { sealed: _sealed, ...rest } = declaration
  return rest
}

function differs(what: string): DeskClientError {
  return new DeskClientError('untrusted_proposal', `not what the draft says: ${what}`)
}
