import { toBase64 } from '../encoding/base64.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { formatLines, parseLines } from '../encoding/lines.ts'
import { type TreeHash, treeHashFromBase64 } from '../tlog/hash.ts'
import { parseTreeSize } from '../tlog/tree-size.ts'
import { VerifyError } from './error.ts'

export const LATEST_FILE = 'log/latest'
export const LATEST_MAX_BYTES = 256

export const LOGS = ['declarations', 'events'] as const
export type LogName = (typeof LOGS)[number]
export type TreeHead = { readonly size: number; readonly root: TreeHash }

/** The two checkpoints that belong together. */
export type Pair = Readonly<Record<LogName, TreeHead>>

export function samePair(one: Pair, other: Pair): boolean {
  return LOGS.every(
    (log) => one[log].size === other[log].size && equalBytes(one[log].root, other[log].root),
  )
}

/** `avow/latest/v1`, then a line for each log: its name, size and root. */
export function formatLatest(pair: Pair): Uint8Array {
  return formatLines([
    'avow/latest/v1',
    ...LOGS.map((log) => `${log} ${pair[log].size} ${toBase64(pair[log].root)}`),
  ])
}

/** Throws `bad_latest`. Unsigned: it proves nothing before both checkpoints are verified. */
export function parseLatest(bytes: Uint8Array): Pair {
  try {
    const [header, declarations, events, ...more] = parseLines(bytes, LATEST_MAX_BYTES)
    if (header !== 'avow/latest/v1' || more.length > 0) throw new Error('not three lines')
    return {
      declarations: parseTreeHead('declarations', declarations),
      events: parseTreeHead('events', events),
    }
  } catch (cause) {
    throw new VerifyError('bad_latest', LATEST_FILE, 'the file does not name a pair', { cause })
  }
}

function parseTreeHead(log: LogName, line: string | undefined): TreeHead {
  const [name, size, root, ...more] = (line ?? '').split(' ')
  if (name !== log || size === undefined || root === undefined || more.length > 0) {
    throw new Error(`no line of ${log}`)
  }
  return { size: parseTreeSize(size), root: treeHashFromBase64(root) }
}
