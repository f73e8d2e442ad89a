import { LEAF_MAX_BYTES, type Leaf, parseLeaf } from '../declaration/leaf.ts'
import { DIGEST_BYTES, DIGEST_CHARS, type DigestIn, digestOf, readDigest } from './digest-text.ts'

export type LeafHead = Pick<Leaf, 'form' | 'day' | 'orgs' | 'evidence' | 'key' | 'shown'>

/** A leaf whose grammar is proven. */
export type ReadLeaf<Known> = {
  readonly head: LeafHead
  /** What the caller made of these lines when they were read first. */
  readonly known: Known
  readonly body: DigestIn | null
  readonly name: DigestIn | null
  readonly about: DigestIn
  /** Nothing opens it here; no other leaf has the same. */
  readonly author: DigestIn
}

/** Days, organisations and evidence repeat: a day has some hundred combinations. Bounds what a hostile log can fill. */
const MAX_KNOWN_HEADS = 4096

/**
 * Reads leaves as parseLeaf does and throws what it throws, but lines that it has accepted are looked up.
 * A replay reads every leaf, and parsing one takes ten times as long as hashing it. `judge` sees the first leaf
 * of each kind, may throw, and what it returns comes with every leaf that begins with the same lines.
 */
export function createLeafReader<Known>(
  judge: (leaf: Leaf) => Known,
): (entry: Uint8Array) => ReadLeaf<Known> {
  // What is not UTF-8 becomes replacement characters, which no known head holds: parseLeaf refuses it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const heads = new Map<string, KnownHead<Known>>()
  return (entry) => {
    if (entry.length > LEAF_MAX_BYTES) return readWhole(entry, judge)
    const text = decoder.decode(entry)
    const end = text.indexOf('\nbody ') + 1
    const known = heads.get(text.slice(0, end))
    const leaf = known === undefined ? undefined : readFields(known, text, end)
    if (leaf !== undefined) return leaf
    const read = readWhole(entry, judge)
    if (heads.size >= MAX_KNOWN_HEADS) heads.clear()
    heads.set(text.slice(0, end), read)
    return read
  }
}

type KnownHead<Known> = { readonly head: LeafHead; readonly known: Known }

function readWhole<Known>(entry: Uint8Array, judge: (leaf: Leaf) => Known): ReadLeaf<Known> {
  const leaf = parseLeaf(entry)
  return {
    head: leaf,
    known: judge(leaf),
    body: leaf.body === undefined ? null : digestOf(leaf.body),
    name: leaf.name === undefined ? null : digestOf(leaf.name),
    about: digestOf(leaf.about),
    author: digestOf(leaf.author),
  }
}

/** The four commitment lines from `start` to the end, or undefined where they are anything else. */
function readFields<Known>(
  { head, known }: KnownHead<Known>,
  text: string,
  start: number,
): ReadLeaf<Known> | undefined {
  const bodyAt = start + 'body '.length
  const hasBody = !text.startsWith('-\n', bodyAt)
  const nameAt = valueEnd(bodyAt, hasBody) + 'name '.length
  const hasName = !text.startsWith('-\n', nameAt)
  const aboutAt = valueEnd(nameAt, hasName) + 'about '.length
  const authorAt = valueEnd(aboutAt, true) + 'author '.length
  const inPlace =
    text.startsWith('body ', start) &&
    text.startsWith('\nname ', nameAt - 6) &&
    text.startsWith('\nabout ', aboutAt - 7) &&
    text.startsWith('\nauthor ', authorAt - 8) &&
    text.endsWith('\n') &&
    text.length === valueEnd(authorAt, true)
  if (!inPlace || (!hasBody && head.shown.text) || (!hasName && head.shown.name)) return undefined
  const digests = new Uint8Array(4 * DIGEST_BYTES)
  const body = hasBody ? readDigest(text, bodyAt, digests, 0) : null
  const name = hasName ? readDigest(text, nameAt, digests, DIGEST_BYTES) : null
  const about = readDigest(text, aboutAt, digests, 2 * DIGEST_BYTES)
  const author = readDigest(text, authorAt, digests, 3 * DIGEST_BYTES)
  if (body === undefined || name === undefined || about === undefined || author === undefined) {
    return undefined
  }
  return { head, known, body, name, about, author }
}

function valueEnd(start: number, isDigestThere: boolean): number {
  return start + (isDigestThere ? DIGEST_CHARS : 1) + 1
}
