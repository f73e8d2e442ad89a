import { concatBytes, fromUtf8, utf8 } from '../encoding/bytes.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import { RegisterError } from './error.ts'

/** What becomes public, or kept, with a batch of declarations. Every declaration has a line, because its about is visible. */
export type BatchContent = {
  /** Index of the first declaration; `lines[i]` is the content line of `first + i`. */
  readonly first: number
  readonly lines: readonly string[]
  readonly texts: readonly {
    readonly id: string
    readonly body: string
    readonly members: number
  }[]
  readonly kept: readonly {
    readonly lookup: string
    readonly index: number
    /** As logged, base64: who holds the receipt acts upon it. */
    readonly leaf: string
    readonly sealed: string
  }[]
  readonly cases: readonly string[]
  /** Null for an import, whose manifest says everything. */
  readonly approvals: { readonly root: string; readonly sealed: string } | null
}

/**
 *   [0..4)    uint32 big-endian: length n of the head
 *   [4..4+n)  JSON of everything but the lines
 *   [4+n..)   the lines, each ended by LF
 */
export function encodeBatchContent(content: BatchContent): Uint8Array {
  const { lines: _lines, ...rest } = content
  const head = utf8(JSON.stringify(rest))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, head.length)
  return concatBytes(length, head, ...linesByBundle(content).map(({ lines }) => lines))
}

const known = new WeakMap<BatchContent, readonly BundleLines[]>()
export type BundleLines = { readonly bundle: number; readonly lines: Buffer }

/** The lines as their files have them. Staged, kept in rows and written to files: one batch is encoded once. */
export function linesByBundle(content: BatchContent): readonly BundleLines[] {
  const encoded = known.get(content)
  if (encoded !== undefined) return encoded
  const { first, lines } = content
  const bundles: BundleLines[] = []
  for (let at = 0; at < lines.length; ) {
    const bundle = Math.floor((first + at) / TILE_WIDTH)
    const end = (bundle + 1) * TILE_WIDTH - first
    bundles.push({ bundle, lines: Buffer.from(`${lines.slice(at, end).join('\n')}\n`) })
    at = end
  }
  known.set(content, bundles)
  return bundles
}

/** The bytes are our own, opened with the staging key for exactly this batch. */
export function parseBatchContent(bytes: Uint8Array): BatchContent {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const head: unknown = JSON.parse(fromUtf8(bytes.subarray(4, end)))
  if (!isHead(head)) throw new RegisterError('bad_state', 'staged content does not read')
  const lines = fromUtf8(bytes.subarray(end))
  return { ...head, lines: lines.split('\n').slice(0, -1) }
}

function isHead(head: unknown): head is Omit<BatchContent, 'lines'> {
  return typeof head === 'object' && head !== null && 'first' in head && 'approvals' in head
}
