import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type ExampleLog, exampleLog } from '../../test/support/example-log.ts'
import { sha256 } from '../../test/support/naive-tree.ts'
import { concatBytes, fromUtf8 } from '../encoding/bytes.ts'
import { cosign } from '../tlog/cosignature.ts'
import { COSIGNATURE_V1, formatVerifierKey, signingKey } from '../tlog/note-key.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { formatSignatureLines, parseNote } from '../tlog/signed-note.ts'
import { parseAddCheckpoint } from '../tlog/witness-message.ts'
import { watchedLogs } from '../witness/log-list.ts'
import { createWitnessRoutes } from '../witness/routes.ts'
import { openWitness } from '../witness/witness.ts'
import {
  type ConfiguredWitness,
  type CosignatureDeps,
  compareWithWitnesses,
  requestCosignatures,
} from './request-cosignatures.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-cosignatures-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const log = exampleLog('localhost/test/log/declarations')
const NOW = new Date('2026-03-01T12:00:00Z')
const SECONDS = NOW.getTime() / 1000

type Handler = (request: Request) => Response | Promise<Response>

/** The internet of one test: requests go to the handler of their host, and are remembered. */
class Net {
  readonly asked: string[] = []
  readonly #hosts = new Map<string, Handler>()

  add(host: string, vkey: string, handler: Handler): ConfiguredWitness {
    this.#hosts.set(host, handler)
    return { url: `http://${host}/prefix/`, vkey }
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    assert.equal(`${request.method} ${url.pathname}`, 'POST /prefix/add-checkpoint')
    const body = await request.clone().arrayBuffer()
    this.asked.push(`${url.host} ${parseAddCheckpoint(new Uint8Array(body)).oldSize}`)
    const handler = this.#hosts.get(url.host)
    if (handler === undefined) throw new TypeError('fetch failed')
    return handler(request)
  }

  /** One of our own witnesses, with its real files. */
  async witness(name: string, at = NOW): Promise<ConfiguredWitness> {
    const witness = await openWitness({
      folder: mkdtempSync(join(scratch, 'witness-')),
      name: `${name}.example/w`,
      logs: watchedLogs([{ vkey: log.vkey, origin: null }]),
      clock: () => at,
      random: (length) => new Uint8Array(randomBytes(length)),
      sha256,
    })
    const routes = createWitnessRoutes(witness, (code) => assert.fail(code))
    return this.add(name, witness.vkey, (request) =>
      routes.request(new Request('http://w/add-checkpoint', request)),
    )
  }

  /** A witness that answers what the test says, whatever it is asked. */
  odd(name: string, handler: Handler): ConfiguredWitness {
    return this.add(name, formatVerifierKey(oddKey(name).key), handler)
  }
}

const oddKey = (name: string) =>
  signingKey(`${name}.example/w`, COSIGNATURE_V1, new Uint8Array(32).fill(name.length))

function policyOf(witnesses: readonly ConfiguredWitness[], rules: string) {
  const lines = witnesses.map(({ vkey }, i) => `witness w${i} ${vkey}\n`)
  return parsePolicy(`log ${log.vkey}\n${lines.join('')}${rules}\n`)
}

function depsFor(
  net: Net,
  witnesses: readonly ConfiguredWitness[],
  { size, previousSize, branch = log }: { size: number; previousSize: number; branch?: ExampleLog },
): CosignatureDeps {
  return {
    note: branch.note(size),
    previousSize,
    consistencyProof: async (oldSize) => branch.proof(oldSize, size),
    witnesses,
    fetch: net.fetch,
    clock: () => NOW,
  }
}

const text = (status: number, body: string, type = 'text/plain') =>
  new Response(body, { status, headers: { 'content-type': type } })

test('every witness of a policy for all cosigns one tree after the other, one request each', async () => {
  const net = new Net()
  const witnesses = [await net.witness('a'), await net.witness('b')]
  const policy = policyOf(witnesses, 'group g all w0 w1\nquorum g')
  for (const [previousSize, size] of [
    [0, 0],
    [0, 5],
    [5, 5],
    [5, 64],
  ] as const) {
    const deps = depsFor(net, witnesses, { size, previousSize })
    const cosigned = await requestCosignatures(policy, deps)
    assert.equal(cosigned.checkpoint.size, size)
    assert.deepEqual(cosigned.cosignatures, [
      { name: 'w0', time: SECONDS },
      { name: 'w1', time: SECONDS },
    ])
    assert.deepEqual(cosigned.silent, [])
    assert.equal(parseNote(cosigned.note).signatures.length, 3)
  }
  assert.deepEqual(net.asked.toSorted(), ['a 0', 'a 0', 'a 5', 'a 5', 'b 0', 'b 0', 'b 5', 'b 5'])
})

test('a witness that is behind says where, and gets the proof from there', async () => {
  const net = new Net()
  const witnesses = [await net.witness('a'), await net.witness('late')]
  const policy = policyOf(witnesses, 'group g all w0 w1\nquorum g')
  await requestCosignatures(policy, depsFor(net, witnesses, { size: 3, previousSize: 0 }))
  const [first] = witnesses
  assert.ok(first)
  await compareWithWitnesses(depsFor(net, [first], { size: 9, previousSize: 3 }))
  net.asked.length = 0
  await requestCosignatures(policy, depsFor(net, witnesses, { size: 12, previousSize: 9 }))
  assert.deepEqual(net.asked, ['a 9', 'late 9', 'late 3'])
})

test('a quorum of two in three holds with one silent, and names the silent one', async () => {
  const net = new Net()
  const down = net.odd('down', () => Promise.reject(new TypeError('fetch failed')))
  const witnesses = [await net.witness('a'), down, await net.witness('b')]
  const deps = depsFor(net, witnesses, { size: 5, previousSize: 0 })
  const two = policyOf(witnesses, 'group g 2 w0 w1 w2\nquorum g')
  const cosigned = await requestCosignatures(two, deps)
  assert.deepEqual(
    cosigned.cosignatures.map(({ name }) => name),
    ['w0', 'w2'],
  )
  assert.deepEqual(cosigned.silent, [{ witness: 'down.example/w', reason: 'unreachable' }])
  const all = policyOf(witnesses, 'group g all w0 w1 w2\nquorum g')
  await assert.rejects(requestCosignatures(all, deps), {
    name: 'RegisterError',
    code: 'quorum_missing',
    message: /down\.example\/w unreachable/,
  })
  for (const enough of [
    'group g any w0 w1\nquorum g',
    'group g any w1 w2\ngroup h 2 g w0\nquorum h',
  ]) {
    assert.equal((await requestCosignatures(policyOf(witnesses, enough), deps)).silent.length, 1)
  }
  const needed = policyOf(witnesses, 'group g any w0 w2\ngroup h all g w1\nquorum h')
  await assert.rejects(requestCosignatures(needed, deps), { code: 'quorum_missing' })
})

test('without witnesses the quorum none holds and the note stays as it is', async () => {
  const deps = depsFor(new Net(), [], { size: 5, previousSize: 0 })
  const cosigned = await requestCosignatures(policyOf([], 'quorum none'), deps)
  assert.deepEqual(cosigned.note, deps.note)
  assert.deepEqual([cosigned.quorum, cosigned.cosignatures], ['none', []])
})

test('a witness beyond our size is an alarm although the others reach the quorum', async () => {
  const net = new Net()
  const witnesses = [await net.witness('a'), await net.witness('b')]
  const [, second] = witnesses
  assert.ok(second)
  await compareWithWitnesses(depsFor(net, [second], { size: 9, previousSize: 0 }))
  const policy = policyOf(witnesses, 'group g any w0 w1\nquorum g')
  const restored = depsFor(net, witnesses, { size: 7, previousSize: 7 })
  const alarm = {
    name: 'RegisterError',
    code: 'witness_ahead',
    message: /b\.example\/w has seen 9/,
  }
  await assert.rejects(requestCosignatures(policy, restored), alarm)
  await assert.rejects(compareWithWitnesses(restored), alarm)
})

test('another tree of our own size, or one that ours does not continue, is an alarm', async () => {
  const net = new Net()
  const witness = await net.witness('a')
  const policy = policyOf([witness], 'quorum w0')
  await requestCosignatures(policy, depsFor(net, [witness], { size: 9, previousSize: 0 }))
  const alarm = { name: 'RegisterError', code: 'witness_contradicts' }
  const branch = log.forkedAt(8)
  for (const size of [9, 12]) {
    const deps = depsFor(net, [witness], { size, previousSize: 9, branch })
    await assert.rejects(requestCosignatures(policy, deps), alarm)
    await assert.rejects(compareWithWitnesses(deps), alarm)
  }
})

test('a witness of the older specification tells another root of our size by a conflict', async () => {
  const net = new Net()
  const witness = net.odd('old', () => text(409, '5\n', 'text/x.tlog.size'))
  const deps = depsFor(net, [witness], { size: 5, previousSize: 5 })
  await assert.rejects(compareWithWitnesses(deps), { code: 'witness_contradicts' })
})

test('at start equal and behind are no alarm, and a silent witness keeps nobody from reading', async () => {
  const net = new Net()
  const down = net.odd('down', () => text(503, 'busy\n'))
  const witnesses = [await net.witness('a'), await net.witness('b'), down]
  const [first] = witnesses
  assert.ok(first)
  await compareWithWitnesses(depsFor(net, [first], { size: 9, previousSize: 0 }))
  const answers = await compareWithWitnesses(depsFor(net, witnesses, { size: 9, previousSize: 9 }))
  assert.deepEqual(
    answers.map(({ answer }) => answer.outcome),
    ['cosigned', 'cosigned', 'silent'],
  )
})

test('whatever else a witness answers makes it silent, with the reason', async () => {
  const net = new Net()
  const { key, sign } = oddKey('odd')
  const body = log.body(5)
  const lines = (time: number, over = body, id = key.id) =>
    fromUtf8(
      formatSignatureLines([{ name: key.name, id, signature: cosign(over, time, { key, sign }) }]),
    )
  const stranger = { name: 's', id: '01020304', signature: new Uint8Array(5000) }
  const strangers = (count: number) =>
    fromUtf8(formatSignatureLines(Array.from({ length: count }, () => stranger)))
  const answers: readonly [string, () => Response][] = [
    ['refused', () => text(403, '')],
    ['refused', () => text(404, '')],
    ['refused', () => text(400, '')],
    ['odd_answer', () => text(500, '')],
    ['odd_answer', () => text(200, '')],
    ['odd_answer', () => text(200, '<html>')],
    ['odd_answer', () => text(200, `${strangers(14)}${lines(SECONDS)}`)],
    ['odd_answer', () => text(409, '3\n')],
    ['odd_answer', () => text(409, '3\n', 'text/x.tlog.size')],
    ['odd_answer', () => text(409, 'many\n', 'text/x.tlog.size')],
    ['wrong_cosignature', () => text(200, lines(SECONDS, log.body(6)))],
    ['wrong_cosignature', () => text(200, lines(SECONDS, body, '00000000'))],
    ['clock_apart', () => text(200, lines(SECONDS + 3601))],
    ['clock_apart', () => text(200, lines(SECONDS - 3601))],
  ]
  for (const [reason, handler] of answers) {
    const witness = net.odd('odd', handler)
    const policy = policyOf([witness], 'quorum w0')
    const deps = depsFor(net, [witness], { size: 5, previousSize: 2 })
    const [answered] = await compareWithWitnesses(deps)
    assert.deepEqual(answered?.answer, { outcome: 'silent', reason }, await handler().text())
    await assert.rejects(requestCosignatures(policy, deps), { code: 'quorum_missing' })
  }
  const late = net.odd('odd', () => text(200, `${strangers(8)}${lines(SECONDS + 3600)}`))
  const deps = depsFor(net, [late], { size: 5, previousSize: 2 })
  const cosigned = await requestCosignatures(policyOf([late], 'quorum w0'), deps)
  assert.deepEqual(cosigned.cosignatures, [{ name: 'w0', time: SECONDS + 3600 }])
})

test('of several lines in an answer the one of the known key is taken', async () => {
  const net = new Net()
  const [mine, other] = [oddKey('odd'), oddKey('another')]
  const answered = [other, mine].map(({ key, sign }) => ({
    ...key,
    signature: cosign(log.body(5), SECONDS, { key, sign }),
  }))
  const witness = net.odd('odd', () => text(200, fromUtf8(formatSignatureLines(answered))))
  const deps = depsFor(net, [witness], { size: 5, previousSize: 0 })
  const { note } = await requestCosignatures(policyOf([witness], 'quorum w0'), deps)
  assert.deepEqual(
    parseNote(note).signatures.map(({ name }) => name),
    [log.origin, 'odd.example/w'],
  )
})

test('a witness that never answers is given up after its time, and the others are not', async () => {
  const net = new Net()
  const stuck = net.odd('stuck', (request) => {
    return new Promise((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
    })
  })
  const witnesses = [stuck, await net.witness('a')]
  const deps = { ...depsFor(net, witnesses, { size: 5, previousSize: 0 }), timeoutMs: 500 }
  const policy = policyOf(witnesses, 'group g any w0 w1\nquorum g')
  const { silent } = await requestCosignatures(policy, deps)
  assert.deepEqual(silent, [{ witness: 'stuck.example/w', reason: 'too_late' }])
})

test('the day after, an unchanged tree gets fresh cosignatures in place of the old ones', async () => {
  const net = new Net()
  const witness = await net.witness('a', new Date(NOW.getTime() - 3000_000))
  const policy = policyOf([witness], 'quorum w0')
  const first = await requestCosignatures(
    policy,
    depsFor(net, [witness], { size: 5, previousSize: 0 }),
  )
  const line = oddKey('odd')
  const again = net.odd('odd', () =>
    text(
      200,
      fromUtf8(
        formatSignatureLines([{ ...line.key, signature: cosign(log.body(5), SECONDS, line) }]),
      ),
    ),
  )
  const both = policyOf([witness, again], 'group g all w0 w1\nquorum g')
  const stale = cosign(log.body(5), SECONDS - 86_400, line)
  const note = concatBytes(first.note, formatSignatureLines([{ ...line.key, signature: stale }]))
  const deps = { ...depsFor(net, [witness, again], { size: 5, previousSize: 5 }), note }
  const { cosignatures } = await requestCosignatures(both, deps)
  assert.deepEqual(cosignatures, [
    { name: 'w0', time: SECONDS - 3000 },
    { name: 'w1', time: SECONDS },
  ])
})

test('a proof that cannot be made is our own fault and not the witness being silent', async () => {
  const net = new Net()
  const witness = await net.witness('a')
  const consistencyProof = () => Promise.reject(new Error('no such tile'))
  const deps = { ...depsFor(net, [witness], { size: 5, previousSize: 0 }), consistencyProof }
  await assert.rejects(compareWithWitnesses(deps), { message: 'no such tile' })
})

test('a log key configured as a witness is refused', async () => {
  const deps = depsFor(new Net(), [{ url: 'http://x', vkey: log.vkey }], {
    size: 5,
    previousSize: 0,
  })
  await assert.rejects(compareWithWitnesses(deps), { code: 'bad_key' })
})
