import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeEd25519Verify } from '../src/main/native-ed25519.ts'
import { openFolder } from '../src/main/verify-folder.ts'
import type { VerifySource } from '../src/main/verify-source.ts'
import { sha256 } from '../src/main/world.ts'
import type { Sha256 } from '../src/tlog/hash.ts'
import { type Policy, parsePolicy } from '../src/tlog/policy.ts'
import { verifyRegister } from '../src/verify/verify-register.ts'
import { TinyRegister } from '../test/support/tiny-register.ts'

export type VerifyBenchOptions = {
  readonly size?: number
  readonly rounds?: number
  readonly report?: (line: string) => void
}

/** The register it replaces has 13.6 persons in a statement. */
const PERSONS_IN_STATEMENT = 13.6
const PUBLICATION = 5_000

/**
 * Full replay of a folder: both logs, every text, name and description, the tally. Baseline, in turns with it: the same
 * files read by the same reader, and the same SHA-256 calls over inputs of the same lengths.
 */
export async function run({
  size = 100_000,
  rounds = 5,
  report = () => {},
}: VerifyBenchOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'))
  try {
    const policy = await writeRegister(folder, size)
    const source = await openFolder(folder)
    const work = await recordWork(source, policy)
    const times: number[] = []
    const baselines: number[] = []
    let peak = 0
    for (let round = 0; round < rounds; round++) {
      baselines.push(await timed(() => repeatWork(source, work)))
      times.push(
        await timed(() =>
          verify(source, policy, sha256, () => {
            peak = Math.max(peak, process.memoryUsage().heapUsed)
          }),
        ),
      )
      report(
        `round ${round}: ${times.at(-1)?.toFixed(0)} ms, baseline ${baselines.at(-1)?.toFixed(0)} ms`,
      )
    }
    report(
      `${work.lengths.length} hashes, ${work.files.length} files, peak heap ${Math.round(peak / 2 ** 20)} MiB`,
    )
    const median = middle(times)
    const baseline = middle(baselines)
    return JSON.stringify({
      bench: 'verify',
      unit: 'declarations/s',
      value: Math.round((1000 * size) / median),
      baseline: Math.round((1000 * size) / baseline),
      ratio: Number((baseline / median).toFixed(3)),
      p50Ms: Math.round(median),
      p99Ms: Math.round(Math.max(...times)),
      size,
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeRegister(folder: string, size: number): Promise<Policy> {
  const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
  for (let i = 0; i < size; i++) {
    const statement = Math.floor(i / PERSONS_IN_STATEMENT)
    register.declare({
      orgs: i % 3 === 0 ? ['club'] : ['club', 'league'],
      evidence: i % 4 === 0 ? 'relayed' : 'self',
      name: `Person ${i}`,
      text:
        statement % 3 === 0
          ? { kind: 'standard', language: 'en', id: 'plain' }
          : {
              kind: 'own',
              language: 'en',
              text: `${statement} ${'I have thought about it. '.repeat(16)}.`,
            },
      about: { sector: i % 2 === 0 ? 'teaching' : 'others' },
      ...(i % 3 === 0 ? { hidden: ['name'] } : {}),
    })
    if ((i + 1) % PUBLICATION === 0) await register.publish('2026-01-02')
  }
  await register.publish('2026-01-03')
  await register.writeTo(folder)
  return parsePolicy(register.policyText)
}

type Work = {
  readonly lengths: readonly number[]
  readonly files: readonly { readonly path: string; readonly maxBytes: number }[]
}

async function recordWork(source: VerifySource, policy: Policy): Promise<Work> {
  const lengths: number[] = []
  const files: { path: string; maxBytes: number }[] = []
  const recording: VerifySource = {
    ...source,
    read: (path, maxBytes) => {
      files.push({ path, maxBytes })
      return source.read(path, maxBytes)
    },
  }
  const counting: Sha256 = (bytes) => {
    lengths.push(bytes.length)
    return sha256(bytes)
  }
  await verify(recording, policy, counting, () => undefined)
  return { lengths, files }
}

async function repeatWork(source: VerifySource, { lengths, files }: Work): Promise<void> {
  const input = new Uint8Array(Math.max(...new Set(lengths)))
  for (let at = 0; at < files.length; at += 8) {
    await Promise.all(
      files.slice(at, at + 8).map(({ path, maxBytes }) => source.read(path, maxBytes)),
    )
  }
  for (const length of lengths) sha256(input.subarray(0, length))
}

function verify(source: VerifySource, policy: Policy, hashed: Sha256, onProgress: () => void) {
  return verifyRegister(source.read, {
    policy,
    sha256: hashed,
    ed25519Verify: nativeEd25519Verify,
    onProgress,
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
