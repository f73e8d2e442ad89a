import { saltFromBase64 } from '../../declaration/commitment.ts'
import { encodeProposal, parseProposal } from '../../declaration/proposal.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import type { DeclarationSalts } from './build-declaration.ts'
import type { BuiltProposal } from './build-proposal.ts'
import type { CaseDraft } from './case-draft.ts'
import { encodeDraft, parseDraft } from './draft-codec.ts'
import { DeskClientError } from './error.ts'

/**
 * What the proposer seals for the centre: the signed document, and beside it the draft and the salts it was
 * made from. It lives until publication and never leaves the centre; the publisher gets the document alone.
 */
export interface ProposalBundle extends BuiltProposal {
  readonly draft: CaseDraft
}

const FORMAT = 'avow/proposal-bundle/v1'

export function encodeBundle({ proposal, draft, salts }: ProposalBundle): Uint8Array {
  return utf8(
    canonicalJson({
      format: FORMAT,
      proposal: fromUtf8(encodeProposal(proposal)),
      draft: fromUtf8(encodeDraft(draft)),
      salts: [...salts].map(([person, { body, name, author, about }]) => ({
        person,
        fields: [body, name, author, ...about].map(toBase64),
      })),
    }),
  )
}

/** Throws `cannot_open`, or DeclarationError where the document itself breaks its rules. Sealed by a colleague, so not trusted. */
export function parseBundle(bytes: Uint8Array): ProposalBundle {
  const value = readMembers(bytes)
  const { format, proposal, draft, salts } = value
  if (format !== FORMAT || typeof proposal !== 'string' || typeof draft !== 'string') {
    throw notABundle()
  }
  return {
    proposal: parseProposal(utf8(proposal)),
    draft: parseDraft(utf8(draft)),
    salts: new Map(Array.isArray(salts) ? salts.map(readSalts) : []),
  }
}

function readMembers(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // No cause: the parser's message quotes what it read.
    throw notABundle()
  }
}

function readSalts(item: unknown): [number, DeclarationSalts] {
  if (typeof item !== 'object' || item === null || !('person' in item) || !('fields' in item)) {
    throw notABundle()
  }
  const { person, fields } = item
  if (typeof person !== 'number' || !Array.isArray(fields)) throw notABundle()
  const [body, name, author, ...about] = fields.map((field) => saltFromBase64(String(field)))
  if (body === undefined || name === undefined || author === undefined) throw notABundle()
  return [person, { body, name, author, about }]
}

function notABundle(): DeskClientError {
  return new DeskClientError('cannot_open', 'not a proposal')
}
