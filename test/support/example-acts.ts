import { type Act, actMessage } from '../../src/declaration/act.ts'
import { commit } from '../../src/declaration/commitment.ts'
import type { ActEvent } from '../../src/declaration/event.ts'
import type { Authority } from '../../src/declaration/event-lines.ts'
import { encodeLeaf, type Leaf } from '../../src/declaration/leaf.ts'
import type { ActTrust } from '../../src/declaration/leaf-state.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { nobleEd25519 } from '../../src/tlog/ed25519.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { bytesFrom, EXAMPLE_LEAF, saltFrom, sha256 } from './declaration-examples.ts'

export const ORIGIN = 'localhost/quit-ccp/log/declarations'
export const ACT_TRUST: ActTrust = {
  origin: ORIGIN,
  sha256,
  ed25519Verify: nobleEd25519.verify,
}

/** A leaf whose author key comes from `label`, and what its author needs to act. */
export function authoredLeaf(label: string, change: Partial<Leaf> = {}): Leaf {
  const author = nobleEd25519.publicKey(bytesFrom(label))
  return {
    ...EXAMPLE_LEAF,
    author: commit('author', saltFrom(label), author, sha256),
    ...change,
  }
}

export function hashOf(leaf: Leaf): string {
  return toHex(leafHash(encodeLeaf(leaf), sha256))
}

export type Signing = {
  readonly label: string
  readonly seq: number
  /** After a rekey the key is known and its commitment is not opened again. */
  readonly rekeyed?: boolean
  readonly origin?: string
}

export function signAct(act: Act, { label, seq, rekeyed, origin = ORIGIN }: Signing): Authority {
  return {
    kind: 'author-signed',
    seq,
    signature: nobleEd25519.sign(actMessage(origin, act, seq), bytesFrom(label)),
    author: nobleEd25519.publicKey(bytesFrom(label)),
    salt: rekeyed === true ? null : saltFrom(label),
  }
}

/** The event of an act that its author signed. */
export function signedEvent(act: Act, signing: Signing, size = 100): ActEvent {
  // The union of acts and the union of events are made of the same types.
  return { ...act, day: '2026-11-23', size, by: signAct(act, signing) } as ActEvent
}
