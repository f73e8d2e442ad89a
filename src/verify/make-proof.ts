import type { Opening } from '../declaration/commitment.ts'
import { commit } from '../declaration/commitment.ts'
import {
  BUNDLE_WIDTH,
  contentPath,
  contentTextPath,
  parseContentFile,
} from '../declaration/content.ts'
import { parseEvent } from '../declaration/event.ts'
import type { KeptOpenings } from '../declaration/kept-openings.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import { BODY_MAX_BYTES, encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { equalBytes } from '../encoding/bytes.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { inclusionProof } from '../tlog/proof.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { TILE_WIDTH, tileWidth } from '../tlog/tile.ts'
import { formatTlogProof } from '../tlog/tlog-proof.ts'
import { archiveFile } from './archive.ts'
import { VerifyError } from './error.ts'
import { tileReader } from './growth-proof.ts'
import type { Pair, TreeHead } from './latest.ts'
import { formatProofExtra, OPENABLE, type Openable } from './proof-extra.ts'
import { readEntries } from './read-entries.ts'
import { type ReadFile, readRequired } from './read-file.ts'
import { declarationTree, eventTree } from './signed-tree.ts'
import { CONTENT_MAX_BYTES } from './verify-content.ts'

export type ProofWish = {
  readonly index: number
  /** What the holder discloses. What is shown to everybody is found in the content, the rest in what the receipt opened. */
  readonly open: readonly Openable[]
  readonly kept: KeptOpenings | null
}

export type MadeProof = {
  readonly bytes: Uint8Array
  /** Of the checkpoint: the earliest archived one that covers the declaration. */
  readonly size: number
  readonly opened: readonly Openable[]
}

/**
 * A tlog-proof of one declaration with the openings that are wished and can be had. Nothing read is trusted: what comes out
 * is worth what verifyProof says of it.
 */
export async function makeProof(
  wish: ProofWish,
  pair: Pair,
  { read, sha256 }: { readonly read: ReadFile; readonly sha256: Sha256 },
): Promise<MadeProof> {
  const { index } = wish
  if (index >= pair.declarations.size) {
    throw new VerifyError('missing_file', 'log/latest', `there is no declaration ${index}`)
  }
  const size = await findEarliestSize(index, pair, read)
  const checkpoint = await readRequired(read, archiveFile('declarations', size), MAX_NOTE_BYTES)
  const leaf = await readLeafEntry(index, pair.declarations, read)
  const openings = await findOpenings(wish, leaf, { read, sha256 })
  const proof = await inclusionProof(index, size, tileReader('declarations', read), sha256)
  const extra = formatProofExtra({ leaf, openings })
  const opened = OPENABLE.filter((field) => openings[field] !== undefined)
  return { bytes: formatTlogProof({ extra, index, proof, checkpoint }), size, opened }
}

/**
 * Events name the size they were made against, which never decreases and is, once it covers the declaration, that of the
 * first publication that did: some twenty bundles are read instead of the whole log.
 */
async function findEarliestSize(index: number, { events }: Pair, read: ReadFile): Promise<number> {
  let low = 0
  let high = events.size - 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await sizeNamedAt(middle, events, read)) > index) high = middle
    else low = middle + 1
  }
  return sizeNamedAt(low, events, read)
}

async function sizeNamedAt(position: number, events: Pair['events'], read: ReadFile) {
  const bundle = Math.floor(position / TILE_WIDTH)
  const tree = eventTree({ ...events, file: 'log/latest' })
  const width = tileWidth(0, bundle, events.size)
  const { entries } = await readEntries(tree, bundle, width, read)
  return parseEvent(entries[position % TILE_WIDTH] ?? new Uint8Array(0)).size
}

/** Nothing is proven of it yet. */
export async function readLeafEntry(
  index: number,
  head: TreeHead,
  read: ReadFile,
): Promise<Uint8Array> {
  const bundle = Math.floor(index / TILE_WIDTH)
  const tree = declarationTree({ ...head, file: 'log/latest' })
  const width = tileWidth(0, bundle, head.size)
  const { entries } = await readEntries(tree, bundle, width, read)
  return entries[index % TILE_WIDTH] ?? new Uint8Array(0)
}

type Openings = Partial<Record<Openable, Opening>>

/** Only those that open the leaf: content may show what a correction put in place of it. */
async function findOpenings(
  { index, open, kept }: ProofWish,
  entry: Uint8Array,
  { read, sha256 }: { readonly read: ReadFile; readonly sha256: Sha256 },
): Promise<Openings> {
  const leaf = parseLeaf(entry)
  const candidates = [await findShown(index, read), keptOpenings(kept)]
  const found: Openings = {}
  for (const field of open) {
    const commitment = leaf[field]
    if (commitment === undefined) continue
    for (const candidate of candidates) {
      const opening = candidate[field]
      if (opening === undefined) continue
      if (equalBytes(commit(field, opening.salt, opening.value, sha256), commitment)) {
        found[field] = opening
      }
    }
  }
  return found
}

async function findShown(index: number, read: ReadFile): Promise<Openings> {
  const bundle = Math.floor(index / BUNDLE_WIDTH)
  const bytes = await read(contentPath(bundle), CONTENT_MAX_BYTES)
  const lines = bytes === undefined ? [] : parseContentFile(bytes, bundle)
  const { body, name, about } = lines.find((line) => line.index === index) ?? {}
  const text =
    body?.kind === 'own' ? await read(contentTextPath(body.textId), BODY_MAX_BYTES) : undefined
  const bodyValue = body?.kind === 'standard' ? encodeBody(body) : text
  return {
    ...(body === undefined || bodyValue === undefined
      ? {}
      : { body: { salt: body.salt, value: bodyValue } }),
    ...(name === undefined ? {} : { name: { salt: name.salt, value: encodeName(name.value) } }),
    ...(about === undefined
      ? {}
      : { about: { salt: about.salt, value: encodeAbout(about.value) } }),
  }
}

function keptOpenings(kept: KeptOpenings | null): Openings {
  if (kept === null) return {}
  const { author, body, name } = kept
  return {
    author,
    ...(body === null || body.value === null ? {} : { body: { ...body, value: body.value } }),
    ...(name === null ? {} : { name }),
  }
}
