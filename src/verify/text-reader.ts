import { contentTextPath } from '../declaration/content.ts'
import { BODY_MAX_BYTES, parseBody } from '../declaration/values.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { VerifyError } from './error.ts'
import type { ReadFile } from './read-file.ts'

/** Persons of one statement share its text, shuffled over a batch of thousands: most are asked for again soon. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024
/** What holding a text costs beside its bytes. */
const KEPT_OVERHEAD = 512
/** Ids of texts seen, to find files that no declaration shows; 100 MB, and above it that is not looked for. */
const MAX_KNOWN_TEXTS = 1_000_000

export type TextReader = {
  readonly readText: (textId: string, namedIn: string) => Promise<Uint8Array>
  /** The same without waiting, for a text that was read lately. */
  readonly findKept: (textId: string) => Uint8Array | undefined
  /** False for a text that was certainly never read. */
  readonly wasRead: (textId: string) => boolean
}

export function createTextReader(read: ReadFile): TextReader {
  const kept = new Map<string, Uint8Array>()
  const known = new Set<string>()
  let keptBytes = 0
  return {
    readText: async (namedId, namedIn) => {
      const text = await readTextFile(contentTextPath(namedId), namedIn, read)
      // A copy: as a piece of its content file the id would keep the whole file in memory.
      const textId = fromUtf8(utf8(namedId))
      const room = MAX_KEPT_BYTES - KEPT_OVERHEAD - text.length
      if (known.size < MAX_KNOWN_TEXTS) known.add(textId)
      for (const [oldest, bytes] of kept) {
        if (keptBytes <= room) break
        kept.delete(oldest)
        keptBytes -= KEPT_OVERHEAD + bytes.length
      }
      kept.set(textId, text)
      keptBytes += KEPT_OVERHEAD + text.length
      return text
    },
    findKept: (textId) => kept.get(textId),
    wasRead: (textId) => known.size === MAX_KNOWN_TEXTS || known.has(textId),
  }
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
