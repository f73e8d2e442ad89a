import { approvalLines } from '../declaration/approval.ts'
import type { ApprovedProposal } from '../declaration/approval-opening.ts'
import {
  type ApprovalTrust,
  type ApprovedItem,
  verifyApprovedItem,
} from '../declaration/approved-item.ts'
import { formatContentLine, type SpelledContentLine } from '../declaration/content.ts'
import type { Leaf } from '../declaration/leaf.ts'
import { type AboutLadder, type FoldLevel, ladderOf } from '../declaration/minimum-group.ts'
import {
  leafOfDeclaration,
  type ProposedDeclaration,
  type ProposedStatement,
} from '../declaration/proposal.ts'
import { encodeBody } from '../declaration/values.ts'
import { fromBase64 } from '../encoding/base64.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { type FormIds, requireKnownIds } from './form-ids.ts'

/** How one declaration stands in the proposal that two people signed. */
export type ApprovedPlace = {
  readonly place: number
  readonly whole: Uint8Array
  readonly about: readonly Uint8Array[]
}

/** What auditors are shown of an item: both signatures as lines, and the digests that lead to them. */
export type ItemApproval = { readonly lines: Uint8Array; readonly proposal: ApprovedProposal }

/** One person's declaration, verified, without its index, day and fold level. */
export type ReadyDeclaration = {
  readonly statement: string
  readonly ladder: AboutLadder
  readonly few: boolean
  readonly kept: { readonly lookup: string; readonly sealed: string } | null
  readonly textId: string | null
  /** Null for an import, which nobody approved one by one. */
  readonly approved: ApprovedPlace | null
  readonly write: (place: {
    readonly index: number
    readonly day: string
    readonly level: FoldLevel
  }) => WrittenDeclaration
}

export type WrittenDeclaration = { readonly leaf: Leaf; readonly line: string }

/** Everything of one approved item that a batch needs. An item is published whole or not at all. */
export type ReviewedItem = {
  readonly caseId: Uint8Array
  readonly form: string
  readonly claimed: number
  readonly keptOut: readonly { readonly reason: string; readonly count: number }[]
  readonly approval: ItemApproval | null
  readonly statements: number
  readonly texts: readonly { readonly id: string; readonly body: string }[]
  readonly declarations: readonly ReadyDeclaration[]
  /** By which an import knows its statements again; empty for what volunteers approved. */
  readonly importKeys: readonly Uint8Array[]
}

/** Throws DeclarationError: signatures, openings, ids of the form. The item comes from a desk that may be taken over. */
export function reviewItem(
  caseId: Uint8Array,
  item: ApprovedItem,
  trust: ApprovalTrust & { readonly formIds: FormIds },
): ReviewedItem {
  const { proposalHash, digest } = verifyApprovedItem(item, trust)
  const { proposal, ...signatures } = item
  requireKnownIds(proposal, Buffer.from(caseId).toString('hex'), trust.formIds)
  return {
    caseId,
    form: proposal.form,
    claimed: proposal.claimed,
    keptOut: proposal.keptOut,
    approval: {
      lines: approvalLines(proposalHash, item),
      proposal: {
        form: digest.form,
        centre: digest.centre,
        frame: digest.frame,
        declarations: digest.declarations.map(({ hash }) => hash),
        ...signatures,
      },
    },
    statements: proposal.statements.length,
    importKeys: [],
    texts: proposal.statements.flatMap(({ id, text }) =>
      text?.kind === 'own' ? [{ id, body: fromUtf8(encodeBody(text)) }] : [],
    ),
    declarations: proposal.statements
      .flatMap((statement) =>
        statement.declarations.map((declaration) => ({ statement, declaration })),
      )
      .map(({ statement, declaration }, place) => {
        const whole = digest.declarations[place]?.whole ?? new Uint8Array(0)
        return readyDeclaration(proposal.form, statement, declaration, { place, whole })
      }),
  }
}

function readyDeclaration(
  form: string,
  statement: ProposedStatement,
  declaration: ProposedDeclaration,
  approved: Omit<ApprovedPlace, 'about'>,
): ReadyDeclaration {
  const { few, sealed, lookup, shown, about } = declaration
  return {
    statement: statement.id,
    ladder: ladderOf(about[0]?.value ?? ''),
    few,
    kept: lookup === null || sealed === null ? null : { lookup, sealed },
    approved: { ...approved, about: about.map(({ commitment }) => fromBase64(commitment)) },
    textId: shown.text && statement.text?.kind === 'own' ? statement.id : null,
    write: ({ index, day, level }) => ({
      leaf: leafOfDeclaration(form, day, declaration, level),
      line: formatContentLine(contentLine(index, statement, declaration, level)),
    }),
  }
}

function contentLine(
  index: number,
  { id, text }: ProposedStatement,
  { body, name, about }: ProposedDeclaration,
  level: FoldLevel,
): SpelledContentLine {
  const bodySalt = body?.salt ?? null
  const visible = about[level]
  return {
    index,
    ...(bodySalt === null || text === null
      ? {}
      : {
          body:
            text.kind === 'own'
              ? { kind: 'own', salt: bodySalt, textId: id }
              : { kind: 'standard', salt: bodySalt, language: text.language, id: text.id },
        }),
    ...(name === null || name.salt === null || name.value === null
      ? {}
      : { name: { salt: name.salt, value: name.value } }),
    ...(visible === undefined ? {} : { about: { salt: visible.salt, value: visible.value } }),
  }
}
