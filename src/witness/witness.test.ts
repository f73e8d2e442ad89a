import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { exampleLog } from '../../test/support/example-log.ts'
import { sha256 } from '../../test/support/naive-tree.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { COSIGNATURE_V1, ED25519, parseVerifierKey, signingKey } from '../tlog/note-key.ts'
import { formatNote, openNote, parseNote, signNote } from '../tlog/signed-note.ts'
import { type AddCheckpointResponse, formatAddCheckpoint } from '../tlog/witness-message.ts'
import { watchedLogs } from './log-list.ts'
import { openWitness, type Witness } from './witness.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-witness-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const log = exampleLog('log.example/one')
const NOW = new Date('2026-03-01T12:00:00Z')
let folders = 0

function newFolder(): string {
  folders++
  return join(scratch, `witness-${folders}`)
}

function open(folder: string, vkeys = [log.vkey]): Promise<Witness> {
  return openWitness({
    folder,
    name: 'witness.example/w',
    logs: watchedLogs(vkeys.map((vkey) => ({ vkey, origin: null }))),
    clock: () => NOW,
    random: (length) => new Uint8Array(randomBytes(length)),
    sha256,
  })
}

function recordsIn(folder: string): string {
  const [only, ...others] = readdirSync(join(folder, 'logs'))
  assert.deepEqual(others, [])
  return join(folder, 'logs', only ?? '')
}

const refused = (reason: string) => ({ outcome: 'refused', reason })

/** The cosignature verifies over exactly this body; returns its time. */
function verifyCosigned(answer: AddCheckpointResponse, body: string, vkey: string): number {
  assert.equal(answer.outcome, 'cosigned')
  const { signatures } = answer
  const [line] = openNote(formatNote({ text: body, signatures }), [parseVerifierKey(vkey)]).verified
  assert.equal(line?.kind, 'cosignature')
  return line.time
}

test('a log is cosigned from its first tree through a growing one, and the same tree again', async () => {
  const witness = await open(newFolder())
  for (const [old, size] of [
    [0, 0],
    [0, 5],
    [5, 5],
    [5, 64],
    [64, 65],
  ] as const) {
    const answer = await witness.addCheckpoint(log.request(old, size))
    assert.equal(verifyCosigned(answer, log.body(size), witness.vkey), NOW.getTime() / 1000)
  }
})

test('another old size than the one cosigned last is a conflict that names it', async () => {
  const witness = await open(newFolder())
  assert.deepEqual(await witness.addCheckpoint(log.request(5, 9)), { outcome: 'conflict', size: 0 })
  await witness.addCheckpoint(log.request(0, 9))
  for (const [old, size] of [
    [0, 9],
    [0, 12],
    [5, 7],
    [8, 9],
    [12, 20],
  ] as const) {
    const answer = await witness.addCheckpoint(log.request(old, size))
    assert.deepEqual(answer, { outcome: 'conflict', size: 9 })
  }
})

test('an old size above the size is malformed, whatever was cosigned', async () => {
  const witness = await open(newFolder())
  await witness.addCheckpoint(log.request(0, 9))
  const request = formatAddCheckpoint({ oldSize: 9, proof: [], checkpoint: log.note(8) })
  assert.deepEqual(await witness.addCheckpoint(request), refused('malformed'))
})

test('another root of the cosigned size and a tree that forked before it are inconsistent', async () => {
  const witness = await open(newFolder())
  await witness.addCheckpoint(log.request(0, 9))
  const fork = log.forkedAt(6)
  assert.deepEqual(await witness.addCheckpoint(fork.request(9, 9)), refused('inconsistent'))
  assert.deepEqual(await witness.addCheckpoint(fork.request(9, 12)), refused('inconsistent'))
  // A fork beyond what was cosigned is the log's own business.
  const later = await witness.addCheckpoint(log.forkedAt(9).request(9, 12))
  assert.equal(later.outcome, 'cosigned')
  assert.deepEqual(await witness.addCheckpoint(log.request(12, 13)), refused('inconsistent'))
})

test('a proof too long, too short or of other hashes is inconsistent', async () => {
  const witness = await open(newFolder())
  await witness.addCheckpoint(log.request(0, 5))
  const proof = log.proof(5, 9)
  const [first = log.root(1)] = proof
  const wrong = [[...proof, first], proof.slice(1), proof.with(1, first), []]
  for (const hashes of wrong) {
    const request = formatAddCheckpoint({ oldSize: 5, proof: hashes, checkpoint: log.note(9) })
    assert.deepEqual(await witness.addCheckpoint(request), refused('inconsistent'))
  }
  const fresh = await open(newFolder())
  const proved = formatAddCheckpoint({ oldSize: 0, proof: [first], checkpoint: log.note(9) })
  assert.deepEqual(await fresh.addCheckpoint(proved), refused('inconsistent'))
})

test('an empty tree with the root of another one is inconsistent', async () => {
  const witness = await open(newFolder())
  const text = log.body(5).replace('\n5\n', '\n0\n')
  const signer = signingKey(log.origin, ED25519, new Uint8Array(32).fill(7))
  const checkpoint = signNote(text, [signer])
  const request = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint })
  assert.deepEqual(await witness.addCheckpoint(request), refused('inconsistent'))
})

test('a log that is not listed is unknown, whoever signed', async () => {
  const witness = await open(newFolder())
  const other = exampleLog('log.example/other')
  assert.deepEqual(await witness.addCheckpoint(other.request(0, 5)), refused('unknown_log'))
})

test('a missing, foreign or damaged signature of the log is refused before anything is compared', async () => {
  const witness = await open(newFolder())
  await witness.addCheckpoint(log.request(0, 5))
  const stranger = signingKey(log.origin, ED25519, new Uint8Array(32).fill(8))
  const { text, signatures } = parseNote(log.note(5))
  const damaged = signatures.map((line) => ({ ...line, signature: line.signature.with(10, 0x55) }))
  const notes = [signNote(text, [stranger]), formatNote({ text, signatures: damaged })]
  for (const checkpoint of notes) {
    const request = formatAddCheckpoint({ oldSize: 4, proof: [], checkpoint })
    assert.deepEqual(await witness.addCheckpoint(request), refused('bad_signature'))
  }
})

test('signatures of strangers beside the log change nothing, and are not kept', async () => {
  const folder = newFolder()
  const witness = await open(folder)
  const { text, signatures } = parseNote(log.note(5))
  const stranger = { name: 'x', id: '01020304', signature: new Uint8Array(5000).fill(1) }
  const lines = [stranger, ...Array.from({ length: 60 }, () => signatures).flat(), stranger]
  const checkpoint = formatNote({ text, signatures: lines })
  const request = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint })
  verifyCosigned(await witness.addCheckpoint(request), text, witness.vkey)
  const store = recordsIn(folder)
  const [record, ...others] = readdirSync(store)
  assert.deepEqual(others, [])
  const kept = parseNote(readRecord(join(store, record ?? '')))
  assert.deepEqual(
    kept.signatures.map(({ name }) => name),
    [log.origin, 'witness.example/w'],
  )
})

test('any bytes are answered, and only the log moves anything', async () => {
  const witness = await open(newFolder())
  const whole = log.request(0, 5)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(whole.length).map((end) => whole.slice(0, end)),
    fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte)),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (request) => {
      const answer = await witness.addCheckpoint(request)
      if (answer.outcome !== 'cosigned') assert.match(answer.outcome, /^(?:refused|conflict)$/)
      else verifyCosigned(answer, log.body(5), witness.vkey)
    }),
    { numRuns: 300 },
  )
})

test('several keys of one origin may each move it, and logs do not meet', async () => {
  const other = exampleLog('log.example/two')
  const witness = await open(newFolder(), [log.vkey, other.vkey])
  await witness.addCheckpoint(log.request(0, 9))
  const answer = await witness.addCheckpoint(other.request(0, 3))
  verifyCosigned(answer, other.body(3), witness.vkey)
  assert.deepEqual(await witness.addCheckpoint(log.request(0, 3)), { outcome: 'conflict', size: 9 })
})

test('of requests at once one wins and the others hear of it', async () => {
  const witness = await open(newFolder())
  await witness.addCheckpoint(log.request(0, 5))
  const requests = [6, 7, 8, 9, 10].map((size) => log.forkedAt(5).request(5, size))
  const answers = await Promise.all(requests.map((body) => witness.addCheckpoint(body)))
  assert.equal(answers.filter(({ outcome }) => outcome === 'cosigned').length, 1)
  assert.equal(answers.filter(({ outcome }) => outcome === 'conflict').length, 4)
})

test('two witnesses on one folder cannot both move a log', async () => {
  const folder = newFolder()
  const [one, two] = [await open(folder), await open(folder)]
  for (let size = 0; size < 60; size += 3) {
    const fork = size === 0 ? log : log.forkedAt(size)
    const answers = await Promise.all([
      one.addCheckpoint(log.request(size, size + 3)),
      two.addCheckpoint(fork.request(size, size + 3)),
      one.addCheckpoint(fork.request(size, size + 3)),
    ])
    const bodies = new Set(
      answers.flatMap((answer, i) =>
        answer.outcome === 'cosigned' ? [(i === 0 ? log : fork).body(size + 3)] : [],
      ),
    )
    assert.equal(bodies.size, 1, `at ${size}`)
    if (!bodies.has(log.body(size + 3))) return
  }
})

test('more requests than may wait are turned away and change nothing', async () => {
  const witness = await open(newFolder())
  const request = log.request(0, 5)
  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, () => witness.addCheckpoint(request)),
  )
  const busy = answers.filter((answer) => answer.status === 'rejected')
  assert.equal(busy.length, 24)
  for (const { reason } of busy) assert.equal(reason.code, 'busy')
  const next = await witness.addCheckpoint(log.request(5, 6))
  verifyCosigned(next, log.body(6), witness.vkey)
})

test('after a restart the witness has the same key and remembers', async () => {
  const folder = newFolder()
  const before = await open(folder)
  await before.addCheckpoint(log.request(0, 5))
  const witness = await open(folder)
  assert.equal(witness.vkey, before.vkey)
  assert.deepEqual(await witness.addCheckpoint(log.request(0, 6)), { outcome: 'conflict', size: 5 })
  verifyCosigned(await witness.addCheckpoint(log.request(5, 6)), log.body(6), witness.vkey)
})

test('drafts that a crash left are removed at the start', async () => {
  const folder = newFolder()
  await (await open(folder)).addCheckpoint(log.request(0, 5))
  const store = recordsIn(folder)
  writeFileSync(join(store, '.new-0123'), 'cut')
  await open(folder)
  assert.deepEqual(readdirSync(store), ['2'])
})

test('a superseded record that came back does not count', async () => {
  const folder = newFolder()
  const witness = await open(folder)
  await witness.addCheckpoint(log.request(0, 5))
  const store = recordsIn(folder)
  cpSync(join(store, '2'), join(scratch, 'old'))
  await witness.addCheckpoint(log.request(5, 9))
  cpSync(join(scratch, 'old'), join(store, '2'))
  const again = await open(folder)
  assert.deepEqual(await again.addCheckpoint(log.request(5, 6)), { outcome: 'conflict', size: 9 })
})

test('a damaged, cut, emptied, foreign or missing record stops the start', async () => {
  const folder = newFolder()
  await (await open(folder)).addCheckpoint(log.request(0, 5))
  const store = recordsIn(folder)
  const record = join(store, '2')
  const whole = readRecord(record)
  const foreign = exampleLog('log.example/other')
  const otherFolder = newFolder()
  await (await open(otherFolder, [foreign.vkey])).addCheckpoint(foreign.request(0, 5))
  const bad = [
    utf8(fromUtf8(whole).replace('\n5\n', '\n4\n')),
    whole.slice(0, -40),
    new Uint8Array(0),
    log.note(5),
    readRecord(join(recordsIn(otherFolder), '2')),
    utf8('avow/witness/v1\nnothing cosigned yet of\nlog.example/other\n'),
  ]
  for (const bytes of bad) {
    writeFileSync(record, bytes)
    await assert.rejects(open(folder), { code: 'bad_record' })
  }
  rmSync(record)
  await assert.rejects(open(folder), { code: 'missing_record' })
  writeFileSync(record, whole)
  await open(folder)
})

test('a record of another witness is not taken for ours', async () => {
  const [mine, yours] = [newFolder(), newFolder()]
  for (const folder of [mine, yours]) await (await open(folder)).addCheckpoint(log.request(0, 5))
  cpSync(join(recordsIn(yours), '2'), join(recordsIn(mine), '2'))
  await assert.rejects(open(mine), { code: 'bad_record' })
})

test('a key that others may read, is damaged or gone stops the start', async () => {
  const folder = newFolder()
  const path = join(folder, 'witness.key')
  await open(folder)
  const whole = fromUtf8(readRecord(path))
  chmodSync(path, 0o640)
  await assert.rejects(open(folder), { code: 'open_key_file' })
  chmodSync(path, 0o600)
  const damaged = [
    whole.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
    whole.slice(0, 40),
    '',
    'x'.repeat(100),
  ]
  for (const text of damaged) {
    writeFileSync(path, text)
    await assert.rejects(open(folder), { code: 'bad_key_file' }, text)
  }
  rmSync(path)
  await assert.rejects(open(folder), { code: 'no_folder_key' })
  assert.deepEqual(readdirSync(folder), ['logs'])
  writeFileSync(path, whole, { mode: 0o600 })
  await open(folder)
})

test('a witness keeps its name, and a new one needs a name that fits a signature line', async () => {
  const folder = newFolder()
  const witness = await open(folder)
  const deps = { logs: [], clock: () => NOW, random: () => new Uint8Array(32), sha256 }
  assert.equal((await openWitness({ ...deps, folder })).vkey, witness.vkey)
  await assert.rejects(openWitness({ ...deps, folder, name: 'other' }), { code: 'other_name' })
  await assert.rejects(openWitness({ ...deps, folder: newFolder() }), { code: 'bad_name' })
  const nameless = openWitness({ ...deps, folder: newFolder(), name: 'two words' })
  await assert.rejects(nameless, { code: 'bad_key' })
})

test('the key on disk is the one that signs, as a cosignature key of its own kind', async () => {
  const folder = newFolder()
  const witness = await open(folder)
  const key = parseVerifierKey(witness.vkey)
  assert.equal(key.type, COSIGNATURE_V1)
  assert.ok(
    fromUtf8(readRecord(join(folder, 'witness.key'))).startsWith(`PRIVATE+KEY+${key.name}+`),
  )
})

function readRecord(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path))
}
