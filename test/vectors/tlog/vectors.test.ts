import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromUtf8, utf8 } from '../../../src/encoding/bytes.ts'
import { fromHex, toHex } from '../../../src/encoding/hex.ts'
import { formatCheckpoint, parseCheckpoint } from '../../../src/tlog/checkpoint.ts'
import { verifyCosignature } from '../../../src/tlog/cosignature.ts'
import { appendLeafHashes, emptyEdge } from '../../../src/tlog/edge.ts'
import { TlogError } from '../../../src/tlog/error.ts'
import { leafHash, treeHash } from '../../../src/tlog/hash.ts'
import {
  COSIGNATURE_V1,
  formatVerifierKey,
  hasType,
  parseVerifierKey,
} from '../../../src/tlog/note-key.ts'
import { checkQuorum, parsePolicy } from '../../../src/tlog/policy.ts'
import { verifyConsistency, verifyInclusion } from '../../../src/tlog/proof.ts'
import { openNote } from '../../../src/tlog/signed-note.ts'
import {
  encodeEntryBundle,
  entriesPath,
  parseEntryBundle,
  parseTilePath,
  tilePath,
  tilesForSize,
} from '../../../src/tlog/tile.ts'
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '../../../src/tlog/tlog-proof.ts'
import {
  formatAddCheckpoint,
  parseAddCheckpoint,
  parseAddCheckpointResponse,
} from '../../../src/tlog/witness-message.ts'
import { sha256 } from '../../support/naive-tree.ts'

type Refused<Case> = Case & { readonly comment: string; readonly code: string }
type Vectors<Valid, Invalid> = {
  readonly valid: readonly Valid[]
  readonly invalid: readonly Refused<Invalid>[]
}

function readVectors(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'))
}

function assertRefused({ comment, code }: Refused<unknown>, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof TlogError && error.code === code, comment)
}

const hashes = (texts: readonly string[]) => texts.map((text) => treeHash(fromHex(text)))

type Inclusion = { leafHash: string; index: number; size: number; root: string; proof: string[] }
type Consistency = {
  oldSize: number
  oldRoot: string
  newSize: number
  newRoot: string
  proof: string[]
}
type MerkleTree = {
  leaves: string[]
  roots: string[]
  inclusion: Vectors<Inclusion, Inclusion>
  consistency: Vectors<Consistency, Consistency>
}

test('merkle-tree.json', () => {
  const { leaves, roots, inclusion, consistency }: MerkleTree = readVectors('merkle-tree')
  assert.equal(roots.length, leaves.length + 1)
  for (const [size, root] of roots.entries()) {
    const leafHashes = leaves.slice(0, size).map((leaf) => leafHash(fromHex(leaf), sha256))
    assert.equal(toHex(appendLeafHashes(emptyEdge(), leafHashes, sha256).root), root)
  }
  const include = ({ leafHash, root, proof, ...place }: Inclusion) =>
    verifyInclusion(
      {
        ...place,
        leafHash: treeHash(fromHex(leafHash)),
        root: treeHash(fromHex(root)),
        proof: hashes(proof),
      },
      sha256,
    )
  const grow = ({ oldSize, oldRoot, newSize, newRoot, proof }: Consistency) =>
    verifyConsistency(
      {
        oldSize,
        oldRoot: treeHash(fromHex(oldRoot)),
        newSize,
        newRoot: treeHash(fromHex(newRoot)),
        proof: hashes(proof),
      },
      sha256,
    )
  for (const vector of inclusion.valid) assert.equal(include(vector).index, vector.index)
  for (const vector of inclusion.invalid) assertRefused(vector, () => include(vector))
  for (const vector of consistency.valid) assert.equal(grow(vector).newSize, vector.newSize)
  for (const vector of consistency.invalid) assertRefused(vector, () => grow(vector))
})

type Path = { path: string; kind: string; level: number; index: number; width: number }
type TilePaths = Vectors<Path, { path: string }> & {
  tilesForSize: { size: number; levels: { full: number; partial: number }[] }[]
}

test('tile-path.json', () => {
  const vectors: TilePaths = readVectors('tile-path')
  for (const { path, kind, level, index, width } of vectors.valid) {
    const place = kind === 'tile' ? { kind, level, index, width } : { kind, index, width }
    assert.deepEqual(parseTilePath(path), place)
    assert.equal(kind === 'tile' ? tilePath(level, index, width) : entriesPath(index, width), path)
  }
  for (const vector of vectors.invalid) assertRefused(vector, () => parseTilePath(vector.path))
  for (const { size, levels } of vectors.tilesForSize) {
    const tiles = [...tilesForSize(size)]
    const counted = levels.map((_, level) => {
      const widths = tiles.filter((tile) => tile.level === level).map(({ width }) => width)
      const full = widths.filter((width) => width === 256).length
      return { full, partial: widths.find((width) => width < 256) ?? 0 }
    })
    assert.deepEqual(counted, levels)
    assert.ok(tiles.every(({ level }) => level < levels.length))
  }
})

test('entry-bundle.json', () => {
  const vectors: Vectors<{ entries: string[]; bundle: string }, { bundle: string }> =
    readVectors('entry-bundle')
  for (const { entries, bundle } of vectors.valid) {
    assert.deepEqual(parseEntryBundle(fromHex(bundle)).map(toHex), entries)
    assert.equal(toHex(encodeEntryBundle(entries.map(fromHex))), bundle)
  }
  for (const vector of vectors.invalid) {
    assertRefused(vector, () => parseEntryBundle(fromHex(vector.bundle)))
  }
})

type Key = { vkey: string; name: string; id: string; type: number; publicKey: string }

test('verifier-key.json', () => {
  const vectors: Vectors<Key, { vkey: string }> = readVectors('verifier-key')
  for (const { vkey, ...parts } of vectors.valid) {
    const key = parseVerifierKey(vkey)
    assert.deepEqual({ ...key, publicKey: toHex(key.publicKey) }, parts)
    assert.equal(formatVerifierKey(key), vkey)
  }
  for (const vector of vectors.invalid) assertRefused(vector, () => parseVerifierKey(vector.vkey))
})

type Note = { note: string; verifiers: string[] }
type OpenNote = Note & { text: string; signedBy: string[] }

test('signed-note.json', () => {
  const vectors: Vectors<OpenNote, Note> = readVectors('signed-note')
  const open = ({ note, verifiers }: Note) => openNote(utf8(note), verifiers.map(parseVerifierKey))
  for (const { text, signedBy, ...vector } of vectors.valid) {
    const opened = open(vector)
    assert.equal(opened.text, text)
    assert.deepEqual(
      opened.verified.map(({ key }) => key.name),
      signedBy,
    )
  }
  for (const vector of vectors.invalid) assertRefused(vector, () => open(vector))
})

type Body = { text: string; origin: string; size: number; root: string }

test('checkpoint.json', () => {
  const vectors: Vectors<Body, { text: string }> = readVectors('checkpoint')
  for (const { text, origin, size, root } of vectors.valid) {
    const checkpoint = parseCheckpoint(text)
    assert.deepEqual({ ...checkpoint, root: toHex(checkpoint.root) }, { origin, size, root })
    assert.equal(formatCheckpoint(checkpoint), text)
  }
  for (const vector of vectors.invalid) assertRefused(vector, () => parseCheckpoint(vector.text))
})

type Cosigned = { body: string; vkey: string; signature: string }

test('cosignature.json', () => {
  const vectors: Vectors<Cosigned & { time: number }, Cosigned> = readVectors('cosignature')
  const verify = ({ body, vkey, signature }: Cosigned) => {
    const key = parseVerifierKey(vkey)
    assert.ok(hasType(key, COSIGNATURE_V1))
    return verifyCosignature({ body, signature: fromHex(signature) }, key)
  }
  for (const vector of vectors.valid) assert.equal(verify(vector).time, vector.time)
  for (const vector of vectors.invalid) assertRefused(vector, () => verify(vector))
})

type PolicyFile = {
  policy: string
  logs: number
  witnesses: number
  reached: string[][]
  missed: string[][]
}

test('policy.json', () => {
  const vectors: Vectors<PolicyFile, { policy: string }> = readVectors('policy')
  for (const { policy: text, logs, witnesses, reached, missed } of vectors.valid) {
    const policy = parsePolicy(text)
    assert.equal(policy.logs.length, logs)
    assert.equal(policy.witnesses.length, witnesses)
    for (const names of reached) assert.equal(checkQuorum(policy, names), policy.quorum)
    for (const names of missed) {
      const vector = { comment: `${names} reach ${policy.quorum}`, code: 'quorum_not_met' }
      assertRefused(vector, () => checkQuorum(policy, names))
    }
  }
  for (const vector of vectors.invalid) assertRefused(vector, () => parsePolicy(vector.policy))
})

type Proof = { proof: string; entry: string; policy: string }
type GoodProof = Proof & {
  index: number
  size: number
  extra: string | null
  cosigned: { name: string; time: number }[]
}
type TlogProofs = {
  valid: GoodProof[]
  malformed: Refused<{ proof: string }>[]
  refused: Refused<Proof>[]
}

test('tlog-proof.json', () => {
  const vectors: TlogProofs = readVectors('tlog-proof')
  const verify = ({ proof, entry, policy }: Proof) =>
    verifyTlogProof(parseTlogProof(utf8(proof)), fromHex(entry), parsePolicy(policy), sha256)
  for (const vector of vectors.valid) {
    const evidence = verify(vector)
    assert.equal(evidence.index, vector.index)
    assert.equal(evidence.size, vector.size)
    assert.deepEqual(evidence.cosignatures, vector.cosigned)
    const parsed = parseTlogProof(utf8(vector.proof))
    assert.equal(parsed.extra === null ? null : toHex(parsed.extra), vector.extra)
    assert.equal(fromUtf8(formatTlogProof(parsed)), vector.proof)
  }
  for (const vector of vectors.malformed) {
    assertRefused(vector, () => parseTlogProof(utf8(vector.proof)))
  }
  for (const vector of vectors.refused) {
    assert.ok(parseTlogProof(utf8(vector.proof)), vector.comment)
    assertRefused(vector, () => verify(vector))
  }
})

type Request = {
  request: string
  oldSize: number
  oldRoot?: string
  proof: string[]
  vkey: string
  origin: string
  size: number
}
type Answer = { status: number; contentType: string; body: string }
type GoodAnswer = Answer & { outcome: string; keys?: string[]; size?: number; reason?: string }
type WitnessMessages = {
  requests: Vectors<Request, { request: string }>
  responses: Vectors<GoodAnswer, Answer>
}

test('witness-message.json', () => {
  const { requests, responses }: WitnessMessages = readVectors('witness-message')
  for (const vector of requests.valid) {
    const { oldSize, proof, checkpoint } = parseAddCheckpoint(utf8(vector.request))
    assert.equal(oldSize, vector.oldSize)
    assert.deepEqual(proof.map(toHex), vector.proof)
    const message = formatAddCheckpoint({ oldSize, proof, checkpoint })
    assert.equal(fromUtf8(message), vector.request)
    const opened = openNote(checkpoint, [parseVerifierKey(vector.vkey)])
    const { origin, size, root } = parseCheckpoint(opened.text)
    assert.deepEqual({ origin, size }, { origin: vector.origin, size: vector.size })
    if (vector.oldRoot === undefined) continue
    const oldRoot = treeHash(fromHex(vector.oldRoot))
    verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: root, proof }, sha256)
  }
  for (const vector of requests.invalid) {
    assertRefused(vector, () => parseAddCheckpoint(utf8(vector.request)))
  }
  const parse = ({ status, contentType, body }: Answer) =>
    parseAddCheckpointResponse({ status, contentType, body: utf8(body) })
  for (const vector of responses.valid) {
    const { outcome, keys, size, reason } = vector
    const parsed = parse(vector)
    if (parsed.outcome === 'cosigned') {
      assert.deepEqual(
        { outcome, keys },
        { outcome: parsed.outcome, keys: parsed.signatures.map(({ name, id }) => `${name} ${id}`) },
      )
    } else {
      assert.deepEqual(parsed, outcome === 'conflict' ? { outcome, size } : { outcome, reason })
    }
  }
  for (const vector of responses.invalid) assertRefused(vector, () => parse(vector))
})
