import { commit, type Sha256, saltOf } from '../declaration/commitment.ts'
import { type ActEvent, isAct, parseEvent } from '../declaration/event.ts'
import type { KeptOpenings } from '../declaration/kept-openings.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import { applyAct, type LeafState, startState } from '../declaration/leaf-state.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import { appendLeafHashes, edgeRoot, emptyEdge } from '../tlog/edge.ts'
import { leafHash } from '../tlog/hash.ts'
import { inclusionProof, verifyInclusion } from '../tlog/proof.ts'
import { entriesPath, parseEntryBundle, TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import type { LogName, Pair, TreeHead } from './latest.ts'
import type { ReadFile } from './read-file.ts'

const BUNDLE_MAX_BYTES = TILE_WIDTH * (2 + 0xffff)

export type DeclarationOptions = {
  readonly read: ReadFile
  /** The trees that count: verified by whoever asks, or as the files themselves name them. */
  readonly pair: Pair
  /** Of the declaration log. */
  readonly origin: string
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
}
export type FoundDeclaration = {
  readonly index: number
  readonly state: LeafState
  /** How many acts made the state. */
  readonly acts: number
}

/**
 * Where one declaration stands, from static files alone: its leaf, proven to be in the one tree, and every act on it, from
 * events that make the root of the other. Throws VerifyError.
 */
export async function readDeclaration(
  index: number,
  options: DeclarationOptions,
): Promise<FoundDeclaration> {
  const { pair, sha256, origin, ed25519Verify = nobleEd25519.verify } = options
  if (index >= pair.declarations.size) throw notThere(`there is no declaration ${index}`)
  const entry = await readProvenEntry(index, options)
  const trust = { origin, sha256, ed25519Verify }
  let state = startState(parseLeaf(entry), sha256)
  const acts = await actsOn(index, options)
  for (const act of acts) state = applyAct(state, act, trust)
  return { index, state, acts: acts.length }
}

/** The declaration whose author commitment the kept opening fits: what a receipt alone cannot tell. */
export async function findByAuthor(
  { author }: Pick<KeptOpenings, 'author'>,
  options: DeclarationOptions,
): Promise<number> {
  const { pair, sha256 } = options
  const wanted = commit('author', saltOf(author.salt), author.value, sha256)
  let first = 0
  for await (const entries of bundles('declarations', pair.declarations, options)) {
    const at = entries.findIndex((entry) => equalBytes(parseLeaf(entry).author, wanted))
    if (at !== -1) return first + at
    first += entries.length
  }
  throw notThere('no declaration of this register is kept in this file')
}

/** A leaf as logged, proven to be in the tree. */
export async function readProvenEntry(
  index: number,
  options: DeclarationOptions,
): Promise<Uint8Array> {
  const { read, pair, sha256 } = options
  const { size, root } = pair.declarations
  const bundle = Math.floor(index / TILE_WIDTH)
  const entry = (await readBundle('declarations', bundle, size, read))[index % TILE_WIDTH]
  if (entry === undefined) throw notThere(`there is no declaration ${index}`)
  const readTiles = (level: number, tile: number, width: number) => {
    return readTile(level, tile, width, read)
  }
  const proof = await inclusionProof(index, size, readTiles, sha256)
  verifyInclusion({ leafHash: leafHash(entry, sha256), index, size, root, proof }, sha256)
  return entry
}

async function actsOn(index: number, options: DeclarationOptions): Promise<readonly ActEvent[]> {
  const { pair, sha256 } = options
  const acts: ActEvent[] = []
  let edge = emptyEdge()
  for await (const entries of bundles('events', pair.events, options)) {
    edge = appendLeafHashes(
      edge,
      entries.map((entry) => leafHash(entry, sha256)),
      sha256,
    ).edge
    for (const event of entries.map(parseEvent)) {
      if (isAct(event) && event.index === index) acts.push(event)
    }
  }
  if (!equalBytes(edgeRoot(edge, sha256), pair.events.root)) {
    throw new VerifyError('root_mismatch', 'log/events', 'the events do not make the root')
  }
  return acts
}

async function* bundles(
  log: LogName,
  { size }: TreeHead,
  { read }: Pick<DeclarationOptions, 'read'>,
): AsyncGenerator<readonly Uint8Array[]> {
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    yield await readBundle(log, bundle, size, read)
  }
}

async function readBundle(
  log: LogName,
  bundle: number,
  size: number,
  read: ReadFile,
): Promise<readonly Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)
  const path = `log/${log}/${entriesPath(bundle, width)}`
  const bytes = await readOrFull(path, `log/${log}/${entriesPath(bundle)}`, BUNDLE_MAX_BYTES, read)
  return parseEntryBundle(bytes).slice(0, width)
}

async function readTile(
  level: number,
  index: number,
  width: number,
  read: ReadFile,
): Promise<Uint8Array> {
  const folder = 'log/declarations'
  const asked = `${folder}/${tilePath(level, index, width)}`
  const bytes = await readOrFull(asked, `${folder}/${tilePath(level, index)}`, TILE_BYTES, read)
  return bytes.slice(0, width * 32)
}

/** A partial file may be gone once its full one exists. */
async function readOrFull(
  asked: string,
  full: string,
  maxBytes: number,
  read: ReadFile,
): Promise<Uint8Array> {
  const bytes = (await read(asked, maxBytes)) ?? (await read(full, maxBytes))
  if (bytes === undefined) throw new VerifyError('missing_file', asked, 'the file is missing')
  return bytes
}

function notThere(message: string): VerifyError {
  return new VerifyError('missing_file', 'log/declarations', message)
}
