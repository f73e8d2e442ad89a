import { equalBytes } from '../encoding/bytes.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { type Act, actMessage } from './act.ts'
import {
  type CommittedField,
  commit,
  newSalt,
  type Opening,
  type RandomBytes,
  type Sha256,
  verifyOpening,
} from './commitment.ts'
import { DeclarationError } from './error.ts'
import type { EventOf } from './event.ts'
import { encodeKeptOpenings, type KeptOpenings } from './kept-openings.ts'
import { encodeLeaf } from './leaf.ts'
import { applyAct, type LeafState } from './leaf-state.ts'
import { type ActView, possibleActs, type Wish } from './possible-acts.ts'
import { lookupHash, type ReceiptSecrets, receiptSecrets } from './receipt.ts'
import { placeAct, type SignedAct, type UnplacedAct } from './signed-act.ts'
import { encodeName } from './values.ts'

/** The same code signs at the server, in a browser and on a command line; each may bring its own engines. */
export type ActCrypto = {
  readonly sha256: Sha256
  readonly random: RandomBytes
  readonly ed25519?: typeof nobleEd25519
  /** Pads and seals to the age identity of this seed. */
  readonly sealToSeed: (ageSeed: Uint8Array, bytes: Uint8Array) => Promise<Uint8Array>
}

export type ActRequest = {
  /** Origin of the declaration log. */
  readonly origin: string
  readonly view: ActView
  readonly receipt: ReceiptSecrets
  readonly kept: KeptOpenings
  readonly wish: Wish
  readonly when: SignedAct['when']
}

/**
 * `not_offered`: not as the declaration stands. `not_kept`: the text or name is not under this receipt any more.
 * `rekey_first`: the receipt was handed over by somebody who may have kept it.
 */
export type ActRefusal = 'not_offered' | 'not_kept' | 'rekey_first'
export type BuiltAct =
  | { readonly outcome: 'signed'; readonly act: SignedAct; readonly after: ActView }
  | { readonly outcome: 'impossible'; readonly why: ActRefusal }

/** What one wish changes, before it is signed. */
type Change = {
  readonly act: Act
  readonly open?: SignedAct['open']
  /** What is kept afterwards, where that changes. */
  readonly kept?: KeptOpenings
  readonly heir?: ReceiptSecrets
}

/** Throws `act_refused` where the receipt's key is not the declaration's: then the kept file is another's. */
export async function buildAct(request: ActRequest, crypto: ActCrypto): Promise<BuiltAct> {
  const { origin, view, receipt, kept, wish, when } = request
  if (!possibleActs(view).includes(wish.kind)) return impossible('not_offered')
  const { ed25519 = nobleEd25519 } = crypto
  const author = ed25519.publicKey(receipt.authorSeed)
  // After a rekey the log names the key in clear, and the leaf's commitment still opens to the first one.
  const isFirstKey = equalBytes(kept.author.value, author)
  if (wish.kind === 'confirm' && view.leaf.key === 'handed' && isFirstKey) {
    return impossible('rekey_first')
  }
  const change = changeFor(request, crypto)
  if (change === undefined) return impossible('not_kept')
  const seq = view.seq + 1
  const by = {
    kind: 'author-signed',
    seq,
    signature: ed25519.sign(actMessage(origin, change.act, seq), receipt.authorSeed),
    author,
    salt: isFirstKey ? kept.author.salt : null,
  } as const
  // An act and who stands behind it are what an unplaced event is made of.
  const event = { ...change.act, by } as UnplacedAct
  const after = judge(event, request, crypto)
  const holder = change.heir ?? receipt
  const act = {
    origin,
    event,
    open: change.open ?? [],
    kept:
      change.kept === undefined
        ? null
        : await crypto.sealToSeed(holder.ageSeed, encodeKeptOpenings(change.kept)),
    receipt: change.heir === undefined ? null : lookupHash(change.heir.lookupId, crypto.sha256),
    lookup: receipt.lookupId,
    when,
  }
  return { outcome: 'signed', act, after }
}

/** Whether what an act was to change is so already: pressing twice is asking once. */
export function isCarriedOut(now: ActView, after: ActView): boolean {
  return (
    now.seq >= after.seq &&
    now.withdrawn === after.withdrawn &&
    now.confirmed === after.confirmed &&
    equalBytes(encodeLeaf(now.leaf), encodeLeaf(after.leaf))
  )
}

function changeFor(request: ActRequest, crypto: ActCrypto): Change | undefined {
  const { view, kept, wish } = request
  const { index, leaf, leafHash } = view
  const place = { index, leaf: leafHash }
  const correct = (values: Partial<EventOf<'correct'>>): Act => {
    return { type: 'correct', ...place, ...UNCHANGED, orgs: null, evidence: null, ...values }
  }
  const redact = (values: Partial<EventOf<'redact'>>): Act => {
    return { type: 'redact', ...place, ...UNCHANGED, ...values }
  }
  switch (wish.kind) {
    case 'confirm':
    case 'restore':
      return { act: { type: wish.kind, ...place } }
    case 'withdraw':
      // The author's opening stays, or the receipt could not take its withdrawal back.
      return { act: { type: 'withdraw', ...place }, kept: { ...kept, body: null, name: null } }
    case 'organisations':
      return { act: correct({ orgs: wish.orgs }) }
    case 'alias': {
      const name = { salt: newSalt(crypto.random), value: encodeName(wish.alias) }
      const commitment = commit('name', name.salt, name.value, crypto.sha256)
      return {
        act: correct({ name: commitment }),
        open: leaf.shown.name ? [{ part: 'name', ...name }] : [],
        kept: { ...kept, name },
      }
    }
    case 'remove-name': {
      const shown = leaf.shown.name ? { ...leaf.shown, name: false } : null
      return { act: correct({ name: '-', shown }), kept: { ...kept, name: null } }
    }
    case 'publish-text': {
      const body = keptOpening(request, 'body', crypto.sha256)
      if (body === undefined) return undefined
      const shown = { ...leaf.shown, text: true }
      return { act: correct({ shown }), open: [{ part: 'body', ...body }] }
    }
    case 'publish-name': {
      const name = keptOpening(request, 'name', crypto.sha256)
      if (name === undefined) return undefined
      const shown = { ...leaf.shown, name: true }
      return { act: correct({ shown }), open: [{ part: 'name', ...name }] }
    }
    case 'take-down-text':
      return { act: redact({ shown: { ...leaf.shown, text: false } }) }
    case 'take-down-name':
      return { act: redact({ shown: { ...leaf.shown, name: false } }) }
    case 'take-down-all':
      return { act: redact({ shown: { name: false, text: false } }) }
    case 'rekey': {
      const heir = receiptSecrets(wish.receipt)
      const newAuthor = (crypto.ed25519 ?? nobleEd25519).publicKey(heir.authorSeed)
      return { act: { type: 'rekey', ...place, newAuthor }, kept, heir }
    }
  }
}

const UNCHANGED = { shown: null, body: null, name: null, about: null }

/** What the kept file holds of a part, if it is what the leaf commits to: a name corrected since has another opening. */
export function keptOpening(
  { kept, view }: Pick<ActRequest, 'kept' | 'view'>,
  part: 'body' | 'name',
  sha256: Sha256,
): Opening | undefined {
  const opening = kept[part]
  const commitment = view.leaf[part]
  if (opening?.value == null || commitment === undefined) return undefined
  const { salt, value } = opening
  return opens(commitment, part, { salt, value }, sha256) ? { salt, value } : undefined
}

function opens(
  commitment: Parameters<typeof verifyOpening>[0],
  field: CommittedField,
  opening: Opening,
  sha256: Sha256,
): boolean {
  try {
    verifyOpening(commitment, field, opening, sha256)
    return true
  } catch (error) {
    if (error instanceof DeclarationError) return false
    throw error
  }
}

/** The very rules of the register: nothing is sent that it would refuse. */
function judge(event: UnplacedAct, request: ActRequest, crypto: ActCrypto): ActView {
  const { origin, view } = request
  const { index, leaf, leafHash, seq, withdrawn, confirmed } = view
  const rekeyed = event.by.salt === null ? event.by.author : null
  const state: LeafState = { leaf, leafHash, rekeyed, seq, withdrawn, confirmed, flagged: false }
  const placed = placeAct(event, { day: leaf.day, size: index + 1 })
  const { sha256, ed25519 = nobleEd25519 } = crypto
  const trust = { origin, sha256, ed25519Verify: ed25519.verify }
  const next = applyAct(state, placed, trust)
  return {
    index,
    leafHash,
    leaf: next.leaf,
    seq: next.seq,
    waiting: 0,
    withdrawn: next.withdrawn,
    confirmed: next.confirmed,
  }
}

function impossible(why: ActRefusal): BuiltAct {
  return { outcome: 'impossible', why }
}
