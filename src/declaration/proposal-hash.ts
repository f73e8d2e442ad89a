import { toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import { formatLines } from '../encoding/lines.ts'
import { appendLeafHashes, emptyEdge } from '../tlog/edge.ts'
import { leafHash, type Sha256, type TreeHash } from '../tlog/hash.ts'
import { formatShown, type Leaf } from './leaf.ts'
import { formatOrganisations } from './organisations.ts'
import type { Proposal, ProposedDeclaration } from './proposal.ts'

/** What can be said of a declaration without its values: what its leaf says, and the rest as digests. */
export type DeclarationView = Pick<Leaf, 'orgs' | 'evidence' | 'key' | 'shown'> & {
  /** Base64 throughout; null where there is none. */
  readonly body: string | null
  readonly name: string | null
  /** The four of the fold ladder: one of them is in the leaf. */
  readonly about: readonly string[]
  readonly author: string
  /** SHA-256 of the declaration as proposed. Salts that are never published keep it from being guessed at. */
  readonly whole: Uint8Array
}

export type DeclarationDigest = { readonly whole: Uint8Array; readonly hash: TreeHash }

/** What two people sign for, in digests: enough to show that one leaf was among it, and nothing of what it says. */
export type ProposalDigest = {
  readonly register: string
  readonly form: string
  readonly centre: string
  readonly frame: string
  readonly declarations: readonly DeclarationDigest[]
}

export function digestProposal(proposal: Proposal, sha256: Sha256): ProposalDigest {
  const { register, form, centre, claimed, keptOut, statements } = proposal
  const frame = {
    case: proposal.case,
    claimed,
    keptOut,
    // Three of the four salts of an about are never published: whoever sees the digest cannot try cases.
    salts: statements[0]?.declarations[0]?.about.map(({ salt }) => salt) ?? [],
  }
  const declarations = statements.flatMap(({ id, text, declarations: of }) => {
    const textHash = text === null ? null : hashJson(text, sha256)
    return of.map((declaration) => {
      const whole = sha256(utf8(canonicalJson({ statement: id, text: textHash, declaration })))
      return digestDeclaration(declaration, whole, sha256)
    })
  })
  return { register, form, centre, frame: hashJson(frame, sha256), declarations }
}

/** The hash that two people sign. */
export function proposalHash(proposal: Proposal, sha256: Sha256): string {
  return hashOfDigest(digestProposal(proposal, sha256), sha256)
}

export function hashOfDigest(
  digest: Omit<ProposalDigest, 'declarations'> & {
    readonly declarations: readonly Pick<DeclarationDigest, 'hash'>[]
  },
  sha256: Sha256,
): string {
  const { register, form, centre, frame, declarations } = digest
  const hashes = declarations.map(({ hash }) => hash)
  const { root } = appendLeafHashes(emptyEdge(), hashes, sha256)
  const lines = formatLines([
    'avow/proposal-hash/v1',
    `register ${register}`,
    `form ${form}`,
    `centre ${centre}`,
    `frame ${frame}`,
    `declarations ${hashes.length} ${toHex(root)}`,
  ])
  return toHex(sha256(lines))
}

/** The entry of one declaration in the tree of its proposal. */
export function encodeView(view: DeclarationView): Uint8Array {
  return utf8(
    `avow/proposed-declaration/v1\norgs ${formatOrganisations(view.orgs)}\n` +
      `evidence ${view.evidence}\nkey ${view.key}\nshown ${formatShown(view.shown)}\n` +
      `body ${view.body ?? '-'}\nname ${view.name ?? '-'}\n` +
      view.about.map((commitment) => `about ${commitment}\n`).join('') +
      `author ${view.author}\nwhole ${toBase64(view.whole)}\n`,
  )
}

function digestDeclaration(
  { orgs, evidence, key, shown, body, name, about, author }: ProposedDeclaration,
  whole: Uint8Array,
  sha256: Sha256,
): DeclarationDigest {
  const view = {
    orgs,
    evidence,
    key,
    shown,
    body: body?.commitment ?? null,
    name: name?.commitment ?? null,
    about: about.map(({ commitment }) => commitment),
    author: author.commitment,
    whole,
  }
  return { whole, hash: leafHash(encodeView(view), sha256) }
}

function hashJson(value: Parameters<typeof canonicalJson>[0], sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(value))))
}
