import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  compareWithWitnesses,
  requestCosignatures,
} from '../../src/register/request-cosignatures.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { formatAddCheckpoint } from '../../src/tlog/witness-message.ts'
import { type ExampleLog, exampleLog } from '../support/example-log.ts'
import { startWitness } from '../support/witness-process.ts'

/** A witness by other people: Debian testing's litewitness, with its key in an ssh-agent as it asks for. */
const scratch = mkdtempSync(join(tmpdir(), 'avow-lw-'))
const processes: ChildProcess[] = []
after(() => {
  for (const child of processes) child.kill('SIGKILL')
  rmSync(scratch, { recursive: true, force: true })
})
const log = exampleLog('log.example/one')
const binaries = obtainBinaries()
const skip = binaries === undefined && "needs Debian testing's torchwood and ssh-agent"

/** Undefined where the peer cannot be had. With AVOW_REQUIRE_PEERS=1 that is a failure. */
function obtainBinaries(): string | undefined {
  const script = join(import.meta.dirname, '../../scripts/obtain-torchwood.sh')
  const obtained = spawnSync('sh', [script], { encoding: 'utf8' })
  const agent = spawnSync('which', ['ssh-agent', 'ssh-add', 'ssh-keygen'])
  if (obtained.status === 0 && agent.status === 0) return obtained.stdout.trim()
  if (process.env['AVOW_REQUIRE_PEERS'] === '1')
    throw new Error(`no litewitness: ${obtained.stderr}`)
  return undefined
}

/** Starts it for our log in a folder of its own; returns where it answers and its key. */
async function startLitewitness(folder: string): Promise<{ url: string; vkey: string }> {
  const database = join(folder, 'w.db')
  const socket = join(folder, 's')
  const keyFile = join(folder, 'key')
  const witnessctl = join(binaries ?? '', 'witnessctl')
  const quiet = { stdio: 'pipe' as const }
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', keyFile], quiet)
  start('ssh-agent', ['-D', '-a', socket])
  while (!existsSync(socket)) await sleep(20)
  execFileSync('ssh-add', ['-q', keyFile], { ...quiet, env: { SSH_AUTH_SOCK: socket } })
  const listed = execFileSync('ssh-keygen', ['-l', '-f', keyFile], { encoding: 'utf8' })
  const fingerprint = listed.split(' ')[1] ?? ''
  const ctl = (args: readonly string[]) =>
    execFileSync(witnessctl, [...args, '-db', database, '-origin', log.origin], quiet)
  ctl(['add-log'])
  ctl(['add-key', '-key', log.vkey])
  const address = `127.0.0.1:${await freePort()}`
  const child = start(join(binaries ?? '', 'litewitness'), [
    ...['-db', database, '-ssh-agent', socket, '-key', fingerprint],
    ...['-name', 'foreign.example/w', '-listen', address],
  ])
  const printed = await outputUntil(child, /msg=listening/)
  const vkey = /vkey=(\S+)/.exec(printed)?.[1] ?? ''
  return { url: `http://${address}`, vkey }
}

/** litewitness takes no port 0. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  processes.push(child)
  return child
}

function outputUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (wanted.test(output)) resolve(output)
    })
    child.once('exit', () => reject(new Error(`litewitness ended:\n${output}`)))
  })
}

function depsFor(
  witness: { url: string; vkey: string },
  branch: ExampleLog,
  sizes: [number, number],
) {
  const [previousSize, size] = sizes
  return {
    note: branch.note(size),
    previousSize,
    consistencyProof: async (oldSize: number) => branch.proof(oldSize, size),
    witnesses: [witness],
    fetch,
    clock: () => new Date(),
  }
}

test('litewitness cosigns for our client, which verifies it and hears its alarms', {
  skip,
}, async () => {
  const witness = await startLitewitness(mkdtempSync(join(scratch, 'c-')))
  const policy = parsePolicy(
    `log ${log.vkey}\nwitness foreign ${witness.vkey} ${witness.url}\nquorum foreign\n`,
  )
  for (const sizes of [
    [0, 5],
    [5, 5],
    [3, 40],
    [40, 65],
  ] as [number, number][]) {
    const { cosignatures } = await requestCosignatures(policy, depsFor(witness, log, sizes))
    assert.deepEqual(
      cosignatures.map(({ name }) => name),
      ['foreign'],
    )
  }
  const behind = compareWithWitnesses(depsFor(witness, log, [64, 64]))
  await assert.rejects(behind, { code: 'witness_ahead' })
  for (const size of [65, 68]) {
    const forked = compareWithWitnesses(depsFor(witness, log.forkedAt(60), [65, size]))
    await assert.rejects(forked, { code: 'witness_contradicts' })
  }
})

test('our witness answers a whole conversation as litewitness does', { skip }, async () => {
  const foreign = await startLitewitness(mkdtempSync(join(scratch, 'p-')))
  const place = ['--folder', join(scratch, 'own'), '--name', 'own.example/w']
  await using own = await startWitness([...place, '--log', log.vkey])
  const fork = log.forkedAt(8)
  const [first] = log.proof(5, 9)
  assert.ok(first)
  const conversation: readonly [string, Uint8Array][] = [
    ['a proof before anything was cosigned', log.request(5, 9)],
    ['the first tree', log.request(0, 9)],
    ['the same from nothing', log.request(0, 9)],
    ['the same again', log.request(9, 9)],
    ['another root of the same size', fork.request(9, 9)],
    ['growth', log.request(9, 20)],
    ['growth again', log.request(9, 20)],
    ['shrinking', formatAddCheckpoint({ oldSize: 20, proof: [], checkpoint: log.note(9) })],
    ['a fork', fork.request(20, 22)],
    ['no proof', formatAddCheckpoint({ oldSize: 20, proof: [], checkpoint: log.note(22) })],
    ['a proof too long', lengthened(20, 22)],
    ['an older old size', log.request(9, 22)],
    ['a newer old size', log.request(21, 22)],
    ['growth to the end', log.request(20, 70)],
    ['no empty line', Buffer.from('old 70\n')],
    ['an unknown log', exampleLog('log.example/other').request(0, 5)],
  ]
  for (const [what, body] of conversation) {
    const answers = [await ask(own.url, body), await ask(foreign.url, body)]
    assert.deepEqual(answers[0], answers[1], what)
  }
})

function lengthened(oldSize: number, size: number): Uint8Array {
  const proof = log.proof(oldSize, size)
  return formatAddCheckpoint({
    oldSize,
    proof: [...proof, ...proof.slice(0, 1)],
    checkpoint: log.note(size),
  })
}

/** The status, and the body where the specification fixes it. */
async function ask(url: string, body: Uint8Array): Promise<string> {
  const response = await fetch(`${url}/add-checkpoint`, {
    method: 'POST',
    body: Uint8Array.from(body),
  })
  const text = await response.text()
  return response.status === 409
    ? `409 ${response.headers.get('content-type')} ${text}`
    : String(response.status)
}
