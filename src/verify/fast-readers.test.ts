import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  about,
  bytesFrom,
  commitmentFrom,
  EXAMPLE_LEAF,
  leaf,
  line,
  nearMisses,
  RUNS,
  saltFrom,
  sha256,
} from '../../test/support/declaration-examples.ts'
import { commit, verifyOpening } from '../declaration/commitment.ts'
import {
  type ContentBody,
  type ContentLine,
  encodeContentFile,
  encodeContentLine,
  parseContentFile,
} from '../declaration/content.ts'
import { encodeLeaf, type Leaf, parseLeaf } from '../declaration/leaf.ts'
import { encodeAbout, encodeBody, encodeName } from '../declaration/values.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { createContentReader, type ReadLine } from './content-reader.ts'
import { type DigestIn, digestOf } from './digest-text.ts'
import { createLeafReader, type ReadLeaf } from './leaf-reader.ts'
import { createOpeningCheck } from './opening-check.ts'

const salted = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('a leaf reads as parseLeaf reads it, the first of its kind and every other', () => {
  const read = createLeafReader((first) => first.day)
  fc.assert(
    fc.property(leaf, leaf, (one, other) => {
      // The second has the first lines of the first, so it takes the short way.
      const { form, day, orgs, evidence, key, shown } = one
      const kept = { body: one.body ?? other.about, name: one.name ?? other.about }
      const like: Leaf = { ...other, form, day, orgs, evidence, key, shown, ...kept }
      for (const each of [one, like, one])
        assert.deepEqual(plain(read(encodeLeaf(each))), whole(each))
    }),
    { numRuns: RUNS },
  )
})

test('bytes near a leaf that was read before are refused or read as parseLeaf does it', () => {
  const valid = encodeLeaf(EXAMPLE_LEAF)
  const read = createLeafReader(() => null)
  read(valid)
  const near = nearMisses(fc.constant(valid))
  const tail = nearMisses(fc.constant(valid.subarray(-200))).map((bytes) =>
    Uint8Array.from([...valid.subarray(0, valid.length - 200), ...bytes]),
  )
  fc.assert(
    fc.property(fc.oneof(near, tail), (bytes) => {
      const wanted = outcome(() => whole(parseLeaf(bytes)))
      assert.deepEqual(
        outcome(() => plain(read(bytes))),
        wanted,
      )
    }),
    { numRuns: 20 * RUNS },
  )
})

test('a known kind does not excuse a leaf that shows what it does not have', () => {
  const read = createLeafReader(() => null)
  for (const part of ['body', 'name'] as const) {
    const shown = { text: part === 'body', name: part === 'name' }
    const shows = { ...EXAMPLE_LEAF, shown, [part]: commitmentFrom(part) }
    read(encodeLeaf(shows))
    const without = fromUtf8(encodeLeaf(shows)).replace(new RegExp(`${part} \\S+`), `${part} -`)
    assert.throws(() => read(utf8(without)), { code: 'bad_leaf' })
  }
})

test('what stands for a leaf of a known kind is judged once a kind', () => {
  const judged: string[] = []
  const read = createLeafReader((first) => judged.push(first.day))
  for (const day of ['2026-01-01', '2026-01-01', '2026-01-02', '2026-01-01']) {
    read(encodeLeaf({ ...EXAMPLE_LEAF, day, author: commitmentFrom(`author ${judged.length}`) }))
  }
  assert.deepEqual(judged, ['2026-01-01', '2026-01-02'])
})

const contentLine: fc.Arbitrary<Omit<ContentLine, 'index'>> = fc
  .record(
    {
      body: fc.oneof(
        fc.record({ kind: fc.constant('own' as const), salt: salted, textId: textId() }),
        fc.record({
          kind: fc.constant('standard' as const),
          salt: salted,
          language: fc.constantFrom('en', 'zh-hans'),
          id: fc.constantFrom('plain', 'long-one'),
        }),
      ),
      name: fc.record({ salt: salted, value: line(20) }),
      about: fc.record({ salt: salted, value: fc.oneof(about, fc.constant(usualAbout())) }),
    },
    { noNullPrototype: true, requiredKeys: [] },
  )
  .filter(({ body, name, about }) => (body ?? name ?? about) !== undefined)
  .map((parts) => parts as Omit<ContentLine, 'index'>)

test('content reads as parseContentFile reads it, whatever was read before', () => {
  const read = createContentReader()
  fc.assert(
    fc.property(fc.array(contentLine, { maxLength: 5 }), (lines) => {
      const bytes = encodeContentFile(lines.map((parts, i) => ({ index: 512 + 3 * i, ...parts })))
      for (let time = 0; time < 2; time++) {
        assert.deepEqual(read(bytes, 2).map(shownIn), parseContentFile(bytes, 2).map(shownBy))
      }
    }),
    { numRuns: RUNS },
  )
})

test('bytes near content are refused or read as parseContentFile does it', () => {
  const read = createContentReader()
  const usual = (index: number): ContentLine => ({
    index,
    body: { kind: 'own', salt: saltFrom(`body ${index}`), textId: '0'.repeat(32) },
    name: { salt: saltFrom(`name ${index}`), value: '张三' },
    about: { salt: saltFrom(`about ${index}`), value: usualAbout() },
  })
  const valid = encodeContentFile([usual(0), usual(1), usual(255)])
  read(valid, 0)
  fc.assert(
    fc.property(nearMisses(fc.constant(valid)), (bytes) => {
      const wanted = outcome(() => parseContentFile(bytes, 0).map(shownBy))
      assert.deepEqual(
        outcome(() => read(bytes, 0).map(shownIn)),
        wanted,
      )
    }),
    { numRuns: 20 * RUNS },
  )
})

test('a name of the usual shape is still held to the rules for names', () => {
  const read = createContentReader()
  const value = usualAbout()
  const encoded = encodeContentLine({ index: 0, about: { salt: saltFrom('about'), value } })
  const withName = (name: string) =>
    encoded.replace(
      ',"about"',
      `,"name":{"salt":"${toBase64(saltFrom('n'))}","value":"${name}"},"about"`,
    )
  read(utf8(`${withName('Person')}\n`), 0)
  for (const name of ['', ' Person', 'a\u202eb', 'e\u0301', 'x'.repeat(121), 'a\u0001b']) {
    assert.throws(() => read(utf8(`${withName(name)}\n`), 0), JSON.stringify(name))
  }
})

test('a commitment opens exactly when verifyOpening says so', () => {
  const check = createOpeningCheck(sha256)
  const part = fc.constantFrom('body', 'name', 'about')
  fc.assert(
    fc.property(
      part,
      part,
      salted,
      fc.uint8Array({ maxLength: 3000 }),
      (one, other, salt, value) => {
        const opening = { salt: saltFrom(fromUtf8(utf8(String(salt)))), value }
        const commitment = commit(one, opening.salt, value, sha256)
        const wanted = outcome(() => verifyOpening(commitment, other, opening, sha256).field)
        const found = check(other, digestOf(opening.salt), value, digestOf(commitment))
        assert.equal(found === 'opens', wanted === other)
      },
    ),
    { numRuns: RUNS },
  )
})

test('a commitment that differs in any bit does not open', () => {
  const check = createOpeningCheck(sha256)
  const salt = saltFrom('salt')
  const value = bytesFrom('value')
  const commitment = commit('body', salt, value, sha256)
  assert.equal(check('body', digestOf(salt), value, digestOf(commitment)), 'opens')
  for (let bit = 0; bit < 256; bit++) {
    const flipped = Uint8Array.from(commitment)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(check('body', digestOf(salt), value, digestOf(flipped)), 'differs')
    const otherSalt = Uint8Array.from(salt)
    otherSalt[bit >> 3] = (otherSalt[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.equal(check('body', digestOf(otherSalt), value, digestOf(commitment)), 'differs')
  }
})

function usualAbout() {
  return { language: 'zh-hans', voice: 'own-words', channel: 'web', few: false }
}

function textId() {
  return fc.stringMatching(/^[0-9a-f]{32}$/)
}

/** A leaf as the reader gives it. */
function whole({ body, name, about: committed, author: _, ...head }: Leaf) {
  return { head, body: hex(body), name: hex(name), about: hex(committed) }
}

function plain({ head, body, name, about: committed }: ReadLeaf<unknown>) {
  const { form, day, orgs, evidence, key, shown } = head
  const opening = { body: hexOf(body), name: hexOf(name), about: hexOf(committed) }
  return { head: { form, day, orgs, evidence, key, shown }, ...opening }
}

type Salted = { readonly salt: DigestIn; readonly textId?: string; readonly value?: Uint8Array }

/** A read line with its salts in hex. */
function shownIn({ index, body, name, about: shownAbout }: ReadLine) {
  const part = (shown: Salted | null) => shown && { ...shown, salt: hexOf(shown.salt) }
  return { index, body: part(body), name: part(name), about: part(shownAbout) }
}

/** The same from what parseContentFile says. */
function shownBy({ index, body, name, about: shownAbout }: ContentLine) {
  const part = (salt: Uint8Array, value: Uint8Array) => ({ salt: toHex(salt), value })
  return {
    index,
    body: body === undefined ? null : bodyShownBy(body),
    name: name === undefined ? null : part(name.salt, encodeName(name.value)),
    about: shownAbout === undefined ? null : part(shownAbout.salt, encodeAbout(shownAbout.value)),
  }
}

function bodyShownBy(body: ContentBody) {
  const salt = toHex(body.salt)
  return body.kind === 'own' ? { salt, textId: body.textId } : { salt, value: encodeBody(body) }
}

function hex(digest: Uint8Array | undefined): string | null {
  return digest === undefined ? null : toHex(digest)
}

function hexOf(digest: DigestIn | null): string | null {
  return digest && toHex(digest.bytes.subarray(digest.at, digest.at + 32))
}

/** What it returns, or that it threw an Error of some class. A TypeError of ours is a bug and fails the test. */
function outcome<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch (error) {
    assert.ok(error instanceof Error)
    return 'refused'
  }
}
