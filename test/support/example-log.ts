import { formatCheckpoint } from '../../src/tlog/checkpoint.ts'
import { type TreeHash, treeHash } from '../../src/tlog/hash.ts'
import { ED25519, formatVerifierKey, signingKey } from '../../src/tlog/note-key.ts'
import { signNote } from '../../src/tlog/signed-note.ts'
import { formatAddCheckpoint } from '../../src/tlog/witness-message.ts'
import { exampleLeaves } from './memory-tiles.ts'
import { naiveProof, naiveRoot } from './naive-tree.ts'

/** A log that signs whatever tree of its leaves a test asks for. Trees and proofs are RFC 6962 word for word. */
export type ExampleLog = {
  readonly origin: string
  readonly vkey: string
  readonly root: (size: number) => TreeHash
  readonly body: (size: number) => string
  readonly note: (size: number) => Uint8Array
  readonly proof: (oldSize: number, size: number) => TreeHash[]
  /** An `add-checkpoint` body. */
  readonly request: (oldSize: number, size: number) => Uint8Array
  /** The same log with the same key and other leaves from `size` on. */
  readonly forkedAt: (size: number) => ExampleLog
}

export function exampleLog(origin: string, leaves = exampleLeaves(70)): ExampleLog {
  const signer = signingKey(origin, ED25519, new Uint8Array(32).fill(7))
  const root = (size: number) => treeHash(naiveRoot(leaves.slice(0, size)))
  const body = (size: number) => formatCheckpoint({ origin, size, root: root(size) })
  const note = (size: number) => signNote(body(size), [signer])
  const proof = (oldSize: number, size: number) =>
    oldSize === 0 ? [] : naiveProof(oldSize, leaves.slice(0, size)).map(treeHash)
  return {
    origin,
    vkey: formatVerifierKey(signer.key),
    root,
    body,
    note,
    proof,
    request: (oldSize, size) =>
      formatAddCheckpoint({ oldSize, proof: proof(oldSize, size), checkpoint: note(size) }),
    forkedAt: (size) =>
      exampleLog(origin, [
        ...leaves.slice(0, size),
        ...exampleLeaves(leaves.length - size, 1000 + size),
      ]),
  }
}
