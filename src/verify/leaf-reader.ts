import { LEAF_MAX_BYTES, type Leaf, parseLeaf } from '../declaration/leaf.ts'
import { toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'

export type LeafHead = Pick<Leaf, 'form' | 'day' | 'orgs' | 'evidence' | 'key' | 'shown'>

/** A leaf whose grammar is proven; its commitments stay in the base64 they are written in. */
export type ReadLeaf<Known> = {
  readonly head: LeafHead
  /** What the caller made of these lines when they were read first. */
  readonly known: Known
  readonly body: string | null
  readonly name: string | null
  readonly about: string
  readonly author: string
}

/** Days, organisations and evidence repeat: a day has some hundred combinations. Bounds what a hostile log can fill. */
const MAX_KNOWN_HEADS = 4096

const BODY = utf8('body ')
const NAME = utf8('name ')
const ABOUT = utf8('about ')
const AUTHOR = utf8('author ')
const DIGEST_CHARS = 44
const DASH = 0x2d
const LF = 0x0a
const EQUALS = 0x3d

/** 1 for the characters of base64, 3 for those that may end 32 bytes. */
const BASE64 = new Uint8Array(256)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
for (const [i, byte] of utf8(alphabet).entries()) BASE64[byte] = i % 4 === 0 ? 3 : 1

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
    const leaf = known === undefined ? undefined : readFields(known, entry, text, end)
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
    body: leaf.body === undefined ? null : toBase64(leaf.body),
    name: leaf.name === undefined ? null : toBase64(leaf.name),
    about: toBase64(leaf.about),
    author: toBase64(leaf.author),
  }
}

/** The four commitment lines from offset `start` to the end, or undefined where they are anything else. */
function readFields<Known>(
  { head, known }: KnownHead<Known>,
  entry: Uint8Array,
  text: string,
  start: number,
): ReadLeaf<Known> | undefined {
  // Every offset is a byte of `entry` and a character of `text`: they agree while all bytes are ASCII.
  const body = start + BODY.length
  const hasBody = !isAbsent(entry, body)
  const name = valueEnd(body, hasBody) + NAME.length
  const hasName = !isAbsent(entry, name)
  const about = valueEnd(name, hasName) + ABOUT.length
  const author = valueEnd(about, true) + AUTHOR.length
  const wellFormed =
    text.length === entry.length &&
    valueEnd(author, true) === entry.length &&
    startsWith(entry, start, BODY) &&
    startsWith(entry, name - NAME.length, NAME) &&
    startsWith(entry, about - ABOUT.length, ABOUT) &&
    startsWith(entry, author - AUTHOR.length, AUTHOR) &&
    (hasBody ? isDigest(entry, body) : !head.shown.text) &&
    (hasName ? isDigest(entry, name) : !head.shown.name) &&
    isDigest(entry, about) &&
    isDigest(entry, author)
  if (!wellFormed) return undefined
  return {
    head,
    known,
    body: hasBody ? text.slice(body, body + DIGEST_CHARS) : null,
    name: hasName ? text.slice(name, name + DIGEST_CHARS) : null,
    about: text.slice(about, about + DIGEST_CHARS),
    author: text.slice(author, author + DIGEST_CHARS),
  }
}

function valueEnd(start: number, isDigestThere: boolean): number {
  return start + (isDigestThere ? DIGEST_CHARS : 1) + 1
}

function isAbsent(entry: Uint8Array, at: number): boolean {
  return entry[at] === DASH && entry[at + 1] === LF
}

function startsWith(entry: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (entry[at + i] !== word[i]) return false
  return true
}

function isDigest(entry: Uint8Array, at: number): boolean {
  const last = at + DIGEST_CHARS - 2
  let valid = 1
  for (let i = at; i < last; i++) valid &= BASE64[entry[i] ?? 0] ?? 0
  const ends = BASE64[entry[last] ?? 0] === 3 && entry[last + 1] === EQUALS
  return valid === 1 && ends && entry[last + 2] === LF
}
