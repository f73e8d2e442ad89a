import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const LOOK_EVERY_MS = 100

/** Runs a command of ours to its end; its largest resident memory as Linux counts it. Throws unless it exits with 0. */
export async function watchMemory(
  args: readonly string[],
): Promise<{ readonly seconds: number; readonly peakMiB: number }> {
  const start = performance.now()
  const child = spawn(process.execPath, [join(ROOT, 'src/main/cli.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let peakKiB = 0
  const looking = setInterval(() => {
    peakKiB = Math.max(peakKiB, highWaterKiB(child.pid))
  }, LOOK_EVERY_MS)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  clearInterval(looking)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
  return { seconds: (performance.now() - start) / 1000, peakMiB: Math.round(peakKiB / 1024) }
}

function highWaterKiB(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // It ended between two looks.
    return 0
  }
}
