import { hash } from 'node:crypto'
import { utf8 } from '../../src/encoding/bytes.ts'
import { formatCheckpoint } from '../../src/tlog/checkpoint.ts'
import { cosign } from '../../src/tlog/cosignature.ts'
import { appendLeafHashes, edgeRoot, emptyEdge } from '../../src/tlog/edge.ts'
import { leafHash, type TreeHash } from '../../src/tlog/hash.ts'
import {
  type COSIGNATURE_V1,
  ED25519,
  type SigningKey,
  signingKey,
} from '../../src/tlog/note-key.ts'
import { formatNote, parseNote, signNote } from '../../src/tlog/signed-note.ts'
import { encodeEntryBundle, entriesPath, TILE_WIDTH, tilePath } from '../../src/tlog/tile.ts'
import type { LogName } from '../../src/verify/latest.ts'

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')

/** 32 bytes that look random and are the same in every run. */
export function fixedBytes(label: string): Uint8Array {
  return Uint8Array.from(sha256(utf8(`avow tiny register: ${label}`)))
}

export type TinyLog = {
  readonly signer: SigningKey<typeof ED25519>
  readonly append: (entries: readonly Uint8Array[]) => void
  /** Writes everything a checkpoint of the present size implies, and the checkpoint. */
  readonly publish: (cosignedAt: number) => void
  readonly head: () => { readonly size: number; readonly root: TreeHash }
}

/** One tlog-tiles log that is written into `files`, with partials of older checkpoints until their full tile exists. */
export function createTinyLog(
  log: LogName,
  register: string,
  witnesses: readonly SigningKey<typeof COSIGNATURE_V1>[],
  files: Map<string, Uint8Array>,
): TinyLog {
  const signer = signingKey(`${register}/log/${log}`, ED25519, fixedBytes(`key of ${log}`))
  let edge = emptyEdge()
  let openBundle: Uint8Array[] = []

  const writeFull = (path: string, bytes: Uint8Array) => {
    files.set(`log/${log}/${path}`, bytes)
    for (let width = 1; width < TILE_WIDTH; width++) files.delete(`log/${log}/${path}.p/${width}`)
  }
  const writeTile = (path: string, width: number, bytes: Uint8Array) => {
    if (width === TILE_WIDTH) writeFull(path, bytes)
    else files.set(`log/${log}/${path}.p/${width}`, bytes)
  }
  const head = () => ({ size: edge.size, root: edgeRoot(edge, sha256) })

  return {
    signer,
    head,
    append: (entries) => {
      const hashes = entries.map((entry) => leafHash(entry, sha256))
      const firstBundle = Math.floor(edge.size / TILE_WIDTH)
      const appended = appendLeafHashes(edge, hashes, sha256)
      edge = appended.edge
      for (const { level, index, width, bytes } of appended.tiles) {
        writeTile(tilePath(level, index), width, bytes)
      }
      const open = [...openBundle, ...entries]
      for (let at = 0; at < open.length; at += TILE_WIDTH) {
        const bundle = open.slice(at, at + TILE_WIDTH)
        const path = entriesPath(firstBundle + at / TILE_WIDTH)
        writeTile(path, bundle.length, encodeEntryBundle(bundle))
      }
      openBundle = open.slice(open.length - (open.length % TILE_WIDTH))
    },
    publish: (cosignedAt) => {
      const body = formatCheckpoint({ origin: signer.key.name, ...head() })
      const { text, signatures } = parseNote(signNote(body, [signer]))
      const cosignatures = witnesses.map((witness) => ({
        name: witness.key.name,
        id: witness.key.id,
        signature: cosign(body, cosignedAt, witness),
      }))
      const note = formatNote({ text, signatures: [...signatures, ...cosignatures] })
      files.set(`log/${log}/checkpoint`, note)
      files.set(`log/checkpoints/${log}/${edge.size}`, note)
    },
  }
}
