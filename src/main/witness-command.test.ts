import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { type ExampleLog, exampleLog } from '../../test/support/example-log.ts'
import { startWitness, type WitnessProcess } from '../../test/support/witness-process.ts'
import { utf8 } from '../encoding/bytes.ts'
import { ED25519, parseVerifierKey, signingKey } from '../tlog/note-key.ts'
import { formatNote, openNote, parseSignatureLines, signNote } from '../tlog/signed-note.ts'
import { formatAddCheckpoint } from '../tlog/witness-message.ts'
import { witnessCommand } from './witness-command.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-witness-process-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const log = exampleLog('log.example/one')
let folders = 0

function newArgs(): string[] {
  folders++
  const folder = join(scratch, `witness-${folders}`)
  return ['--folder', folder, '--name', 'witness.example/w', '--log', log.vkey]
}

function vkeyOf(witness: WitnessProcess): string {
  return /^ {2}(witness\.example\/w\+\S+)$/m.exec(witness.output())?.[1] ?? ''
}

/** Undefined when the connection ended without an answer. */
async function post(witness: WitnessProcess, body: Uint8Array): Promise<Response | undefined> {
  try {
    return await fetch(`${witness.url}/add-checkpoint`, {
      method: 'POST',
      body: Uint8Array.from(body),
    })
  } catch {
    return undefined
  }
}

async function answer(witness: WitnessProcess, body: Uint8Array): Promise<string> {
  const response = await post(witness, body)
  return `${response?.status} ${(await response?.text())?.slice(0, 20).trim()}`
}

function verifyLines(vkey: string, body: string, lines: string): void {
  const note = formatNote({ text: body, signatures: parseSignatureLines(utf8(lines)) })
  assert.equal(openNote(note, [parseVerifierKey(vkey)]).verified[0]?.kind, 'cosignature')
}

async function run(args: readonly string[]): Promise<[number, string, string]> {
  const out: string[] = []
  const err: string[] = []
  const code = await witnessCommand(args, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  })
  return [code, out.join(''), err.join('')]
}

test('a mistake in the command line ends with 2 and the usage, help with 0', async () => {
  const mistakes = [
    [],
    ['--folder', 'x'],
    ['--folder', 'x', '--log', log.vkey, '--listen', '7380'],
    ['--folder', 'x', '--log', log.vkey, '--listen', 'localhost:99999'],
    ['--unknown'],
  ]
  for (const args of mistakes) {
    const [code, out, err] = await run(args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, /\nUsage: avow witness --folder/)
  }
  const [code, out, err] = await run(['--help'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^Usage: avow witness --folder/)
  assert.equal(existsSync('x'), false)
})

test('the key can be had before any log is known, and stays', async () => {
  const [folder, place, , name] = newArgs()
  assert.ok(folder && place && name)
  const first = await run([folder, place, '--name', name, '--print-key'])
  assert.equal(first[0], 0)
  assert.match(first[1], new RegExp(`^${name}\\+[0-9a-f]{8}\\+\\S+\\n$`))
  assert.deepEqual(await run([folder, place, '--print-key']), first)
  const other = await run([folder, place, '--name', 'other', '--print-key'])
  assert.deepEqual(other.slice(0, 2), [1, ''])
})

test('a witness speaks the protocol from the first checkpoint to every refusal', async () => {
  const args = newArgs()
  const list = join(scratch, 'logs.txt')
  const second = exampleLog('log.example/two')
  writeFileSync(list, `logs/v0\nvkey ${second.vkey}\nqpd 24\ncontact -\n`)
  await using witness = await startWitness([...args, '--logs', list])
  assert.match(witness.output(), /Witnessing 2 logs:\n {2}log\.example\/one\n {2}log\.example\/two/)
  const vkey = vkeyOf(witness)
  assert.equal(await (await fetch(`${witness.url}/`)).text(), `${vkey}\n`)

  const first = await post(witness, log.request(0, 5))
  assert.equal(first?.status, 200)
  verifyLines(vkey, log.body(5), await first.text())
  const repeated = await post(witness, log.request(5, 5))
  verifyLines(vkey, log.body(5), (await repeated?.text()) ?? '')
  assert.equal(await answer(witness, log.request(0, 9)), '409 5')
  assert.equal(await answer(witness, log.request(7, 9)), '409 5')
  const shrinking = { oldSize: 5, proof: [], checkpoint: log.note(4) }
  assert.equal(await answer(witness, formatAddCheckpoint(shrinking)), '400 malformed')
  const foreign = signNote(log.body(9), [signingKey(log.origin, ED25519, new Uint8Array(32))])
  const unsigned = { oldSize: 5, proof: log.proof(5, 9), checkpoint: foreign }
  assert.equal(await answer(witness, formatAddCheckpoint(unsigned)), '403 bad_signature')
  assert.equal(await answer(witness, log.forkedAt(3).request(5, 9)), '422 inconsistent')
  assert.equal(await answer(witness, log.forkedAt(3).request(5, 5)), '422 inconsistent')
  assert.equal(await answer(witness, utf8('old 5\n\nnothing')), '400 malformed')
  assert.equal(await answer(witness, exampleLog('other').request(0, 5)), '404 unknown_log')
  assert.equal((await post(witness, log.request(5, 9)))?.status, 200)
  assert.equal((await post(witness, second.request(0, 1)))?.status, 200)
  assert.equal(await answer(witness, new Uint8Array(300_000)), '413 too_large')

  assert.equal(await witness.stop(), 0)
  await using again = await startWitness([...args, '--logs', list])
  assert.equal(vkeyOf(again), vkey)
  assert.equal(await answer(again, log.request(5, 9)), '409 9')
})

test('a port in use and a log given twice end with 1 and say so', async () => {
  const args = newArgs()
  await using witness = await startWitness(args)
  const port = new URL(witness.url).port
  const taken = await run([...newArgs(), '--listen', `127.0.0.1:${port}`])
  assert.equal(taken[0], 1)
  const list = join(scratch, 'twice.txt')
  writeFileSync(list, `logs/v0\nvkey ${log.vkey}\n`)
  assert.equal((await run([...newArgs(), '--logs', list]))[0], 1)
})

test('the commands of the runbook work as they stand there', async () => {
  const root = join(import.meta.dirname, '../..')
  const text = readFileSync(join(root, 'docs/operations/how-to-run-a-witness.md'), 'utf8')
  const blocks = [...text.matchAll(/```(\w*)\n(.*?)```/gs)].map(([, kind, body]) => [kind, body])
  const [make, start, ...more] = blocks.flatMap(([kind, body]) => (kind === 'sh' ? [body] : []))
  const list = blocks.find(([, body]) => body?.startsWith('logs/v0'))?.[1] ?? ''
  assert.ok(make && start && more.length === 0)
  const cwd = mkdtempSync(join(scratch, 'runbook-'))
  writeFileSync(
    join(cwd, 'logs.txt'),
    list.replaceAll(/^vkey ([^+]+)\S+$/gm, (_, name) => `vkey ${exampleLog(name).vkey}`),
  )
  const argsOf = (command: string) =>
    command.trim().replace('./avow', join(root, 'avow')).split(' ')
  const [avow = '', ...making] = argsOf(make)
  const made = spawnSync(avow, making, { cwd, encoding: 'utf8' })
  assert.match(made.stdout, /^witness\.example\.org\/avow\+\S+\n$/, made.stderr)
  const [, ...starting] = argsOf(start.replace(/:\d+/, ':0'))
  const child = spawn(avow, starting, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout) {
    output += chunk
    if (output.includes('Witness is ready at')) child.kill('SIGTERM')
  }
  assert.match(output, /^Witnessing 2 logs:\n {2}example\.org\/register\/log\/declarations\n/)
  assert.ok(output.includes(made.stdout))
  assert.deepEqual(await ended, [0, null])
})

test('killed once its record is on the disk, a witness still knows what it may have cosigned', async () => {
  const args = newArgs()
  for (const size of [3, 6, 9, 12]) {
    await using witness = await startWitness(args)
    const store = join(args[1] ?? '', 'logs', readdirSync(join(args[1] ?? '', 'logs'))[0] ?? '')
    const before = readdirSync(store).join()
    const pending = post(witness, log.request(size - 3, size))
    while (
      readdirSync(store)
        .filter((name) => !name.startsWith('.'))
        .join() === before
    ) {
      await sleep(0)
    }
    await witness.kill()
    await pending
    await using again = await startWitness(args)
    assert.equal(await answer(again, log.request(size - 3, size)), `409 ${size}`)
    assert.equal(
      await answer(again, log.forkedAt(size - 1).request(size, size)),
      '422 inconsistent',
    )
    assert.equal((await post(again, log.request(size, size)))?.status, 200)
  }
})

type Act =
  | {
      readonly kind: 'send'
      readonly oldSize: number
      readonly growth: number
      readonly fork: number
    }
  | { readonly kind: 'kill'; readonly afterMs: number }

/**
 * Whatever is sent and whenever it is killed: no two cosigned trees contradict each other, and once a cosignature was
 * seen, nothing smaller is cosigned any more.
 */
test('over random requests and kills a witness never contradicts itself', async () => {
  const runs = process.env['SLOW'] === '1' ? 40 : 2
  let seen = 0
  const size = fc.nat(30)
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        oldSize: fc.option(size, { nil: -1 }),
        growth: fc.nat(6),
        fork: fc.constantFrom(30, 30, 4, 12),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), afterMs: fc.nat(8) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 60 }), async (acts) => {
      seen += await playActs(acts)
    }),
    { numRuns: runs, endOnFailure: true },
  )
  assert.ok(seen > runs, `${seen} cosignatures`)
})

/** Returns how many cosignatures were seen. */
async function playActs(acts: readonly Act[]): Promise<number> {
  const args = newArgs()
  const cosigned = new Map<number, string>()
  let largest = 0
  let known = 0
  let witness = await startWitness(args)
  const send = async (branch: ExampleLog, oldSize: number, newSize: number) => {
    const floor = largest
    const response = await post(witness, branch.request(oldSize, newSize))
    const text = await response?.text().catch(() => undefined)
    if (response?.status === 409) known = Number(text)
    if (response?.status !== 200 || text === undefined) return
    verifyLines(vkeyOf(witness), branch.body(newSize), text)
    assert.ok(newSize >= floor, `${newSize} was cosigned after ${floor}`)
    const body = branch.body(newSize)
    assert.equal(cosigned.get(newSize) ?? body, body, `two trees of ${newSize}`)
    cosigned.set(newSize, body)
    largest = Math.max(largest, newSize)
    known = newSize
  }
  try {
    const pending: Promise<void>[] = []
    for (const act of acts) {
      if (act.kind === 'kill') {
        await sleep(act.afterMs)
        await witness.kill()
        await Promise.all(pending.splice(0))
        witness = await startWitness(args)
      } else {
        const branch = act.fork === 30 ? log : log.forkedAt(act.fork)
        const oldSize = act.oldSize < 0 ? known : act.oldSize
        pending.push(send(branch, oldSize, oldSize + act.growth))
        if (pending.length > 3) await Promise.all(pending.splice(0))
      }
    }
    await Promise.all(pending)
  } finally {
    await witness.kill()
  }
  return cosigned.size
}

const MOUNT = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'

test('on a full disk a witness answers 500, cosigns nothing, and goes on when there is room', {
  skip: spawnSync('unshare', ['-Urm', 'true']).status !== 0 && 'needs unshare with namespaces',
}, async () => {
  const disk = mkdtempSync(join(scratch, 'disk-'))
  const args = ['--folder', join(disk, 'w'), '--name', 'witness.example/w', '--log', log.vkey]
  const launcher = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', MOUNT, disk]
  await using witness = await startWitness(args, launcher)
  const inside = join(`/proc/${witness.pid}/root`, disk)
  assert.equal((await post(witness, log.request(0, 5)))?.status, 200)
  assert.throws(() => writeFileSync(join(inside, 'ballast'), new Uint8Array(1 << 20)), {
    code: 'ENOSPC',
  })
  assert.equal(await answer(witness, log.request(5, 9)), '500 not_stored')
  assert.match(witness.output(), /witness: not_stored\n/)
  assert.equal(await answer(witness, log.request(9, 12)), '409 5')
  rmSync(join(inside, 'ballast'))
  assert.equal((await post(witness, log.forkedAt(7).request(5, 9)))?.status, 200)
  assert.equal(await answer(witness, log.request(9, 9)), '422 inconsistent')
})

test('record and name are synced to the disk before the answer leaves the process', {
  skip: spawnSync('strace', ['-V']).status !== 0 && 'needs strace',
}, async () => {
  const trace = join(scratch, 'trace')
  const calls = 'trace=openat,fsync,link,linkat,write,writev'
  await using witness = await startWitness(newArgs(), [
    ...['strace', '-D', '-f', '-s', '200', '-e', calls, '-o', trace],
  ])
  assert.equal((await post(witness, log.request(0, 5)))?.status, 200)
  const lines = readFileSync(trace, 'utf8').split('\n')
  const steps = lines.flatMap((line) => {
    if (/open.*\/logs\/[0-9a-f]{64}\/\.new-/.test(line)) return ['draft']
    if (/\blink(?:at)?\(.*\/2"/.test(line)) return ['link']
    if (/\bfsync\b.*= 0$/.test(line)) return ['sync']
    return line.includes('HTTP/1.1 200') ? ['answer'] : []
  })
  assert.deepEqual(steps.slice(steps.indexOf('draft')), ['draft', 'sync', 'link', 'sync', 'answer'])
})
