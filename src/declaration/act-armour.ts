import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { SIGNED_ACT_MAX_BYTES } from './signed-act.ts'

const BEGIN = '-----BEGIN AVOW ACT-----'
const END = '-----END AVOW ACT-----'
const COLUMNS = 64
/** A group of persons may act in one letter. */
const ACTS_MAX = 32
/** One act in base64 with its line ends, and as many quote marks before each line. */
const BLOCK_MAX_CHARS = 2 * SIGNED_ACT_MAX_BYTES
export const ARMOURED_TEXT_MAX_CHARS = 4 * BLOCK_MAX_CHARS

/** A signed act as text that survives mail programs, paper and copying. */
export function armourSignedAct(bytes: Uint8Array): string {
  const written = toBase64(bytes)
  const lines = [BEGIN]
  for (let at = 0; at < written.length; at += COLUMNS) lines.push(written.slice(at, at + COLUMNS))
  return [...lines, END, ''].join('\n')
}

/**
 * The acts in a letter or in what somebody pasted, each unread. The text is attacker-controlled and bounded by
 * `ARMOURED_TEXT_MAX_CHARS`, beyond which nothing is looked at. A block that does not decode is passed over: whoever
 * quotes half of one has not sent it.
 */
export function findSignedActs(text: string): Uint8Array[] {
  const acts: Uint8Array[] = []
  if (text.length > ARMOURED_TEXT_MAX_CHARS) return acts
  let end = text.indexOf(END)
  for (let at = text.indexOf(BEGIN); at !== -1 && acts.length < ACTS_MAX; ) {
    const start = at + BEGIN.length
    // Looked for again only when it lies behind: a text of beginnings would else be read once for each.
    if (end !== -1 && end < start) end = text.indexOf(END, start)
    if (end === -1) break
    at = text.indexOf(BEGIN, start)
    // A second beginning before the end: the first block was cut off.
    if (at !== -1 && at < end) continue
    const act = decodeBlock(text.slice(start, end))
    if (act !== undefined) acts.push(act)
  }
  return acts
}

/** White space and the quote marks of replies are no part of the block. */
function decodeBlock(block: string): Uint8Array | undefined {
  if (block.length > BLOCK_MAX_CHARS) return undefined
  try {
    const bytes = fromBase64(block.replace(/[\s>\u200b\ufeff]/g, ''))
    return bytes.length > SIGNED_ACT_MAX_BYTES ? undefined : bytes
  } catch {
    return undefined
  }
}
