/** Says why a command refused, with the code that the runbook knows; nothing was changed where nothing else is said. */
export function reportProblem(
  command: string,
  error: unknown,
  stderr: { readonly write: (text: string) => unknown },
): number {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error ? ` (${String(error.code)})` : ''
  const file = 'file' in error ? `${String(error.file)}: ` : ''
  stderr.write(`${command}: ${file}${error.message}${code}\n`)
  return 1
}
