import { openBenchRegister } from './support/bench-register.ts'

export type SequenceBenchOptions = {
  readonly batches?: number
  readonly batchSize?: number
  readonly report?: (line: string) => void
}

/** Reviewed declarations become leaves, tiles, content and a signed pair, all durable; in turns with their baseline. */
export async function run({
  batches = 20,
  batchSize = 5000,
  report = () => {},
}: SequenceBenchOptions = {}): Promise<string> {
  await using register = await openBenchRegister()
  // The first finds nothing compiled and no folder made.
  await register.publish(batchSize)
  const times: number[] = []
  const baselines: number[] = []
  const cpu: number[] = []
  for (let batch = 0; batch < batches; batch++) {
    const { ms, baseMs, cpuMs } = await register.publish(batchSize)
    times.push(ms)
    baselines.push(baseMs)
    cpu.push(cpuMs)
    report(`batch ${batch}: ${ms.toFixed(0)} ms, baseline ${baseMs.toFixed(0)} ms`)
  }
  report(`processor time: ${((1000 * at(cpu, 0.5)) / batchSize).toFixed(1)} µs a leaf`)
  const p50Ms = at(times, 0.5)
  const base = at(baselines, 0.5)
  return JSON.stringify({
    bench: 'sequence',
    unit: 'leaves/s',
    value: Math.round((1000 * batchSize) / p50Ms),
    baseline: Math.round((1000 * batchSize) / base),
    ratio: Number((base / p50Ms).toFixed(3)),
    p50Ms: Math.round(p50Ms),
    p99Ms: Math.round(at(times, 0.99)),
    size: batches * batchSize,
  })
}

function at(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0
}
