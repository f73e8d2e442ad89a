import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')
const PATIENCE_MS = 60_000

/** The public count as the site publishes it. */
export async function countOf(baseUrl: string): Promise<number> {
  const response = await fetch(`${baseUrl}count.json`)
  const count = (await response.json()) as { declarations: number }
  return count.declarations
}

/** Waits until the count has reached `wanted`. */
export async function untilCount(baseUrl: string, wanted: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const count = await countOf(baseUrl)
    if (count >= wanted) return
    if (performance.now() > deadline) throw new Error(`the count stands at ${count}, not ${wanted}`)
    await sleep(100)
  }
}

/** Runs the command line as a person would. */
export async function runAvow(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(join(ROOT, 'avow'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}
