import { type AliasWords, isGeneratedAlias } from '../declaration/alias.ts'
import { type Commitment, verifyOpening } from '../declaration/commitment.ts'
import { DeclarationError } from '../declaration/error.ts'
import type { Leaf } from '../declaration/leaf.ts'
import { type ActTrust, applyAct, type LeafState } from '../declaration/leaf-state.ts'
import { placeAct, type SignedAct } from '../declaration/signed-act.ts'
import { parseBody, parseName } from '../declaration/values.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { requireAgeHeader } from '../sealing/age-header.ts'
import { CONTENT_PARTS, type ContentPart } from './erase-content.ts'
import { type FormIds, requireKnownOrganisations } from './form-ids.ts'
import type { RaisedPart } from './raise-content.ts'

export type ActReview = {
  readonly trust: ActTrust
  readonly formIds: FormIds
  /** Without them no new name is shown. */
  readonly aliasWords: AliasWords | undefined
  readonly place: { readonly day: string; readonly size: number }
}

/** What becomes of a declaration by an act that counts. */
export type ReviewedAct = {
  readonly after: LeafState
  readonly erased: readonly ContentPart[]
  readonly raised: readonly RaisedPart[]
}

/**
 * Judges an author's act from where the declaration stands: signature, order, and that it shows nothing that no reviewer
 * saw. Throws DeclarationError; everything in the act is attacker-controlled. `logged` is the leaf as logged.
 */
export function reviewAct(
  act: SignedAct,
  state: LeafState,
  logged: Leaf,
  review: ActReview,
): ReviewedAct {
  if (act.origin !== review.trust.origin) throw refused('made for another register')
  requireOffered(act, state)
  const after = applyAct(state, placeAct(act.event, review.place), review.trust)
  requireKnownChoices(act, logged, review.formIds)
  // One stanza to the receipt; the file is stored as it is and served to whoever holds it.
  if (act.kept !== null) requireAgeHeader(act.kept, 1, 0)
  return {
    after,
    erased: erasedParts(state, after),
    raised: openRaised(act, state, after, logged, review),
  }
}

/** Parts that were visible and no longer are, or promise something else now. */
export function erasedParts(before: LeafState, after: LeafState): readonly ContentPart[] {
  if (after.withdrawn) return before.withdrawn ? [] : CONTENT_PARTS
  return CONTENT_PARTS.filter((part) => {
    const then = shownCommitment(before.leaf, part)
    return then !== undefined && !isSame(then, shownCommitment(after.leaf, part))
  })
}

function requireKnownChoices({ event }: SignedAct, { form }: Leaf, ids: FormIds): void {
  if (event.type !== 'correct' || event.orgs === null) return
  if (form !== ids.formHash) throw refused('made under another form definition')
  requireKnownOrganisations(event.orgs, ids)
}

/** Whether an act would show what was not shown, or something else in its place. */
export function publishesMore(before: LeafState, after: LeafState): boolean {
  return (['body', 'name'] as const).some((part) => {
    const shown = shownCommitment(after.leaf, part)
    return shown !== undefined && !isSame(shown, shownCommitment(before.leaf, part))
  })
}

/** What needs reviewers is no author's act: a text of new words, what is said about a person, evidence. */
function requireOffered({ event, open }: SignedAct, { withdrawn }: LeafState): void {
  const opensOther = open.some(({ part }) => part === 'about')
  if (opensOther || (open.length > 0 && event.type !== 'correct')) {
    throw refused('opens what it does not publish')
  }
  if (event.type !== 'correct' && event.type !== 'redact') return
  if (withdrawn) throw refused('the declaration is withdrawn')
  const isNewBody = event.body !== null && event.body !== '-'
  const hasEvidence = event.type === 'correct' && event.evidence !== null
  if (isNewBody || event.about !== null || hasEvidence) throw refused('needs reviewers')
}

function openRaised(
  { open, event }: SignedAct,
  before: LeafState,
  after: LeafState,
  logged: Leaf,
  { trust, aliasWords }: ActReview,
): readonly RaisedPart[] {
  const raised: RaisedPart[] = []
  for (const part of ['body', 'name'] as const) {
    const shown = after.withdrawn ? undefined : shownCommitment(after.leaf, part)
    const opening = open.find((each) => each.part === part)
    if (opening === undefined) {
      const isNew = shown !== undefined && !isSame(shown, shownCommitment(before.leaf, part))
      if (isNew) throw refused('publishes what it does not open')
      continue
    }
    if (shown === undefined) throw refused('opens what it does not publish')
    verifyOpening(shown, part, opening, trust.sha256)
    if (part === 'body') parseBody(opening.value)
    const isReviewed = isSame(shown, part === 'body' ? logged.body : logged.name)
    if (!isReviewed && !isAlias(part, opening.value, aliasWords)) throw refused('needs reviewers')
    raised.push({ index: event.index, part, salt: opening.salt, value: opening.value })
  }
  return raised
}

function isAlias(part: string, value: Uint8Array, words: AliasWords | undefined): boolean {
  return part === 'name' && words !== undefined && isGeneratedAlias(words, parseName(value))
}

function shownCommitment(leaf: Leaf, part: ContentPart): Commitment | undefined {
  if (part === 'about') return leaf.about
  if (part === 'body') return leaf.shown.text ? leaf.body : undefined
  return leaf.shown.name ? leaf.name : undefined
}

function isSame(a: Commitment, b: Commitment | undefined): boolean {
  return b !== undefined && equalBytes(a, b)
}

function refused(message: string): DeclarationError {
  return new DeclarationError('act_refused', message)
}
