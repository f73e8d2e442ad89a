import type { CpuTime } from './cpu-time.ts'
import type { Load } from './http-load.ts'

export interface Rounds {
  readonly baseline: readonly Load[]
  readonly measured: readonly Load[]
}

/** One of the two servers that are compared. */
export interface Side {
  readonly turn: (round: number) => Promise<Load>
  readonly cpuTime: () => CpuTime
}

/**
 * Baseline and candidate take turns, so that a machine that slows down slows both. The first turn of each warms up and
 * is not counted. The processor time a request takes is reported beside: it says what a busy machine hides.
 */
export async function alternate(
  rounds: number,
  sides: Readonly<Record<keyof Rounds, Side>>,
  report: (line: string) => void,
): Promise<Rounds> {
  const baseline: Load[] = []
  const measured: Load[] = []
  for (let round = 0; round <= rounds; round++) {
    const plain = await takeTurn(sides.baseline, round)
    const ours = await takeTurn(sides.measured, round)
    const name = round === 0 ? 'warm-up' : `round ${round}`
    report(`${name}: baseline ${plain.described}; measured ${ours.described}`)
    if (round === 0) continue
    baseline.push(plain.load)
    measured.push(ours.load)
  }
  return { baseline, measured }
}

async function takeTurn({ turn, cpuTime }: Side, round: number) {
  const before = cpuTime()
  const load = await turn(round)
  const after = cpuTime()
  const each = (ms: number) => `${(ms / load.latenciesMs.length).toFixed(2)} ms`
  const node = each(after.nodeMs - before.nodeMs)
  const database = each(after.databaseMs - before.databaseMs)
  return { load, described: `${describe(load)}, CPU node ${node} PostgreSQL ${database}` }
}

/** The last line of a bench. Throughputs are medians of the rounds, latencies those of all measured requests together. */
export function resultLine(
  { baseline, measured }: Rounds,
  named: { readonly bench: string; readonly unit: string; readonly size: number },
): string {
  const { bench, unit, size } = named
  const value = median(measured.map(({ perSecond }) => perSecond))
  const base = median(baseline.map(({ perSecond }) => perSecond))
  const latenciesMs = measured.flatMap((load) => load.latenciesMs)
  return JSON.stringify({
    bench,
    unit,
    value: Math.round(value),
    baseline: Math.round(base),
    ratio: round(value / base, 3),
    p50Ms: round(quantile(latenciesMs, 0.5), 2),
    p99Ms: round(quantile(latenciesMs, 0.99), 2),
    size,
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

function describe({ perSecond, latenciesMs }: Load): string {
  const [p50, p99] = [quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99)]
  return `${Math.round(perSecond)}/s (p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms)`
}
