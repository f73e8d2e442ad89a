import { toHex } from '../encoding/hex.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import { leafHash, type Sha256 } from '../tlog/hash.ts'
import { actMessage } from './act.ts'
import { type Commitment, saltOf, verifyOpening } from './commitment.ts'
import { DeclarationError } from './error.ts'
import type { ActEvent, EventOf } from './event.ts'
import type { Authority } from './event-lines.ts'
import { mayLower } from './evidence.ts'
import { encodeLeaf, type Leaf } from './leaf.ts'

/** Where one declaration stands after the acts logged so far. */
export type LeafState = {
  /** The leaf with its newest values; `form`, `day`, `key` and `author` never change. */
  readonly leaf: Leaf
  readonly leafHash: string
  /** The author key in clear, once a `rekey` event has named it. */
  readonly rekeyed: Uint8Array | null
  /** How many acts the author has signed. */
  readonly seq: number
  readonly withdrawn: boolean
  readonly confirmed: boolean
  readonly flagged: boolean
}

/** What an act is judged by. `origin` is that of the declaration log. */
export type ActTrust = {
  readonly origin: string
  readonly sha256: Sha256
  readonly ed25519Verify: Ed25519Verify
}

export function startState(leaf: Leaf, sha256: Sha256): LeafState {
  return {
    leaf,
    leafHash: toHex(leafHash(encodeLeaf(leaf), sha256)),
    rekeyed: null,
    seq: 0,
    withdrawn: false,
    confirmed: false,
    flagged: false,
  }
}

/** Throws `act_refused`: such an event is a finding and changes nothing. */
export function applyAct(state: LeafState, event: ActEvent, trust: ActTrust): LeafState {
  if (event.index >= event.size) throw refused('index beyond the size the act names')
  if (event.leaf !== state.leafHash) throw refused('another leaf is meant')
  const { by } = event
  if (by.kind === 'author-signed') verifyAuthor(state, event, by, trust)
  const next = by.kind === 'author-signed' ? { ...state, seq: by.seq } : state
  switch (event.type) {
    case 'withdraw':
      return { ...next, withdrawn: true }
    case 'restore':
      return { ...next, withdrawn: false }
    case 'confirm':
      // Who handed over a receipt may have kept it: only the key the declarant made later confirms.
      return { ...next, confirmed: next.confirmed || isOwnKey(next) }
    case 'rekey':
      return { ...next, rekeyed: event.newAuthor }
    case 'correct':
    case 'redact':
      return { ...next, leaf: changeLeaf(next.leaf, event) }
  }
}

function isOwnKey(state: LeafState): boolean {
  return state.leaf.key !== 'handed' || state.rekeyed !== null
}

function verifyAuthor(
  state: LeafState,
  event: ActEvent,
  by: Extract<Authority, { kind: 'author-signed' }>,
  { origin, sha256, ed25519Verify }: ActTrust,
): void {
  if (by.seq !== state.seq + 1) throw refused('seq is not the next one')
  if (state.rekeyed !== null) {
    if (by.salt !== null || toHex(by.author) !== toHex(state.rekeyed)) {
      throw refused('not the key of the last rekey')
    }
  } else if (by.salt === null) {
    throw refused('the author commitment is not opened')
  } else {
    openAuthor(state.leaf.author, by.author, by.salt, sha256)
  }
  if (!ed25519Verify(by.signature, actMessage(origin, event, by.seq), by.author)) {
    throw refused('the author’s signature does not verify')
  }
}

function openAuthor(
  commitment: Commitment,
  author: Uint8Array,
  salt: Uint8Array,
  sha256: Sha256,
): void {
  try {
    verifyOpening(commitment, 'author', { salt: saltOf(salt), value: author }, sha256)
  } catch (cause) {
    throw new DeclarationError('act_refused', 'not the key the leaf commits to', cause)
  }
}

function changeLeaf(leaf: Leaf, event: EventOf<'correct'> | EventOf<'redact'>): Leaf {
  const { body: oldBody, name: oldName, ...rest } = leaf
  const body = newCommitment(oldBody, event.body)
  const name = newCommitment(oldName, event.name)
  const shown = event.shown ?? leaf.shown
  const orgs = event.type === 'correct' ? (event.orgs ?? leaf.orgs) : leaf.orgs
  const evidence = event.type === 'correct' ? (event.evidence ?? leaf.evidence) : leaf.evidence
  if (!mayLower(leaf.evidence, evidence)) throw refused('evidence is only lowered')
  const isRaised = (shown.text && !leaf.shown.text) || (shown.name && !leaf.shown.name)
  if (isRaised && (event.type === 'redact' || event.by.kind === 'operator')) {
    throw refused('only the author publishes more')
  }
  if ((shown.text && body === undefined) || (shown.name && name === undefined)) {
    throw refused('shows what is not there')
  }
  return {
    ...rest,
    orgs,
    evidence,
    shown,
    ...(body === undefined ? {} : { body }),
    ...(name === undefined ? {} : { name }),
    about: event.about ?? leaf.about,
  }
}

function newCommitment(
  old: Commitment | undefined,
  given: Commitment | '-' | null,
): Commitment | undefined {
  if (given === null) return old
  return given === '-' ? undefined : given
}

function refused(message: string): DeclarationError {
  return new DeclarationError('act_refused', message)
}
