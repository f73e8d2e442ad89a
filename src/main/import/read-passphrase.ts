import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Asks on a terminal without showing what is typed; from a pipe it takes the first line. Never an argument or a variable. */
export async function readPassphrase(prompt: string): Promise<string> {
  const isTerminal = process.stdin.isTTY
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal })
  try {
    if (isTerminal) process.stderr.write(prompt)
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
