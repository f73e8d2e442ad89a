/**
 * Starts something and keeps it until Ctrl-C or a polite kill, then closes it and lets the process end by itself.
 * A second signal during the closing changes nothing: what is being written is being finished.
 */
export async function runUntilSignal(
  what: string,
  start: () => Promise<AsyncDisposable>,
): Promise<number> {
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve())
  })
  try {
    await using _running = await start()
    await signalled
    return 0
  } catch (error) {
    process.stderr.write(`${describe(what, error)}\n`)
    return 1
  }
}

function describe(what: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${what} could not start: ${error.message}${code}${cause}`
}
