import { BODY_MAX_BYTES, parseBody } from '../declaration/values.ts'
import { VerifyError } from './error.ts'
import type { ReadFile } from './read-file.ts'

/** Persons of one statement share its text, shuffled over a batch: 256 texts of 80 kB at most are kept. */
const MAX_KEPT_TEXTS = 256
/** Ids of texts seen, to find files that no declaration shows; 100 MB, and above it that is not looked for. */
const MAX_KNOWN_TEXTS = 1_000_000

export type TextReader = {
  /** Gives the bytes of a shared text that `namedIn` names; the same text is asked for once a person. */
  readonly readText: (textId: string, namedIn: string) => Promise<Uint8Array>
  /** False for a text that was certainly never asked for. */
  readonly wasAskedFor: (textId: string) => boolean
}

export function textFile(textId: string): string {
  return `content/texts/${textId}`
}

export function createTextReader(read: ReadFile): TextReader {
  const kept = new Map<string, Promise<Uint8Array>>()
  const asked = new Set<string>()
  const readText = (textId: string, namedIn: string) => {
    if (asked.size < MAX_KNOWN_TEXTS) asked.add(textId)
    const known = kept.get(textId)
    if (known !== undefined) return known
    const [oldest] = kept.keys()
    if (oldest !== undefined && kept.size >= MAX_KEPT_TEXTS) kept.delete(oldest)
    const text = readTextFile(textFile(textId), namedIn, read)
    kept.set(textId, text)
    return text
  }
  const wasAskedFor = (textId: string) => asked.size === MAX_KNOWN_TEXTS || asked.has(textId)
  return { readText, wasAskedFor }
}

async function readTextFile(file: string, namedIn: string, read: ReadFile): Promise<Uint8Array> {
  const bytes = await read(file, BODY_MAX_BYTES)
  if (bytes === undefined) {
    throw new VerifyError('missing_file', file, `the text is missing, and ${namedIn} names it`)
  }
  try {
    if (parseBody(bytes).kind === 'own') return bytes
  } catch (cause) {
    throw new VerifyError('bad_content', file, 'the file is not a text', { cause })
  }
  throw new VerifyError('bad_content', file, 'the file is not a text of its own')
}
