import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type DirectoryChange, formatChange, parseChange } from './directory-change.ts'
import { SealingError } from './error.ts'

/** One link of the directory: six lines of text, and a line for each signature that stands behind them. */
export type DirectoryEntry = { readonly body: string; readonly signatures: string }
export type DirectoryBody = {
  readonly register: string
  readonly seq: number
  readonly previous: string
  readonly day: string
  readonly change: DirectoryChange
}

export const ENTRY_BYTES_MAX = 8 * 1024

const LINES = [
  /^avow\/directory\/v1$/,
  /^register ([\x21-\x2a\x2c-\x7e]{1,200})$/,
  /^seq (0|[1-9]\d{0,5})$/,
  /^previous (-|[0-9a-f]{64})$/,
  /^day (\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$/,
]

export function formatDirectoryBody(body: DirectoryBody): string {
  const text = [
    'avow/directory/v1',
    `register ${body.register}`,
    `seq ${body.seq}`,
    `previous ${body.previous}`,
    `day ${body.day}`,
    formatChange(body.change),
    '',
  ].join('\n')
  parseDirectoryBody(text)
  return text
}

/** `text` is attacker-controlled until its signature is checked. */
export function parseDirectoryBody(text: string): DirectoryBody {
  if (text.length > ENTRY_BYTES_MAX) throw new SealingError('too_large', 'directory entry')
  const lines = text.split('\n')
  if (lines.length !== 7 || lines[6] !== '') throw new SealingError('bad_entry', 'not six lines')
  const [, register = '', seq = '', previous = '', day = ''] = LINES.map((line, i) => {
    const match = line.exec(lines[i] ?? '')
    if (!match) throw new SealingError('bad_entry', `line ${i + 1}`)
    return match[1] ?? ''
  })
  const change = parseChange(lines[5] ?? '')
  return { register, seq: Number(seq), previous, day, change }
}

/** SHA-256 of body and signatures: what the next entry calls `previous`. */
export function entryHash({ body, signatures }: DirectoryEntry): string {
  return toHex(sha256(utf8(body + signatures)))
}
