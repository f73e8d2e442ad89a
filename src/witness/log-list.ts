import { TlogError } from '../tlog/error.ts'
import { ED25519, hasType, parseVerifierKey, type VerifierKey } from '../tlog/note-key.ts'
import { WitnessError } from './error.ts'

/** A log that is witnessed: whoever holds one of the keys may move it forward. */
export type WatchedLog = {
  readonly origin: string
  readonly keys: readonly VerifierKey<typeof ED25519>[]
}

type ListedKey = { readonly vkey: string; readonly origin: string | null }

const HEADER = 'logs/v0'
const MAX_LIST_CHARACTERS = 4 * 1024 * 1024
const MAX_LOGS = 10_000

/**
 * The log list of the public witness network: after the line `logs/v0`, a log begins at its `vkey` line, and its `origin`
 * is the key's name unless a line says otherwise. Other lines (`qpd`, `contact`, …) are for people.
 * Throws WitnessError `bad_log_list` naming the line.
 */
export function parseLogList(text: string): WatchedLog[] {
  if (text.length > MAX_LIST_CHARACTERS) throw badList('the list is too long')
  const listed: { vkey: string; origin: string | null }[] = []
  let header = false
  for (const [number, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (!header) {
      if (line !== HEADER) throw badList(`line ${number + 1}: the first line is ${HEADER}`)
      header = true
      continue
    }
    const [, keyword, value] = /^(\S+)(?: (.*))?$/.exec(line) ?? []
    const current = listed.at(-1)
    if (keyword === 'vkey') listed.push({ vkey: value ?? '', origin: null })
    else if (current === undefined) throw badList(`line ${number + 1}: a log begins with vkey`)
    else if (keyword === 'origin') current.origin = value === 'none' ? null : (value ?? '')
  }
  if (!header) throw badList(`the first line is ${HEADER}`)
  return watchedLogs(listed)
}

/** Several keys of one origin are alternatives. Throws WitnessError `bad_log_list`. */
export function watchedLogs(listed: readonly ListedKey[]): WatchedLog[] {
  const logs = new Map<string, VerifierKey<typeof ED25519>[]>()
  for (const { vkey, origin } of listed) {
    const key = parseLogKey(vkey)
    const keys = logs.get(origin ?? key.name) ?? []
    if (keys.some(({ id }) => id === key.id)) throw badList(`the key ${vkey} is listed twice`)
    logs.set(origin ?? key.name, [...keys, key])
  }
  if (logs.size > MAX_LOGS) throw badList(`more than ${MAX_LOGS} logs`)
  return [...logs].map(([origin, keys]) => ({ origin, keys }))
}

function parseLogKey(vkey: string): VerifierKey<typeof ED25519> {
  try {
    const key = parseVerifierKey(vkey)
    if (hasType(key, ED25519)) return key
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw badList(`"${vkey}" is not a log's key: ${cause.message}`, cause)
  }
  throw badList(`"${vkey}" is a witness's key, not a log's`)
}

function badList(message: string, cause?: unknown): WitnessError {
  return new WitnessError('bad_log_list', message, { cause })
}
