import { VerifyError } from '../../verify/error.ts'
import type { ReadFile } from '../../verify/read-file.ts'

/** Nothing can be said about what cannot be read; that is no finding. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** A site as any visitor reads it: no cookie, no query, and no other place whatever it answers. */
export function siteReader(root: string, signal: AbortSignal): ReadFile {
  return async (path, maxBytes) => {
    signal.throwIfAborted()
    // Visitors ask for the folder: some servers know no other name for its page.
    const url = new URL(path.replace(/(^|\/)index\.html$/, '$1'), root)
    const response = await fetch(url, {
      signal,
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    }).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw new Unreadable(url.href, { cause })
    })
    if (response.status === 404 || response.status === 410) return undefined
    if (!response.ok) throw new Unreadable(`${url.href}: ${response.status}`)
    return readBounded(response, path, maxBytes)
  }
}

/** Files that a person chose; their folder's own name is left out. */
export function folderReader(files: Iterable<File>, signal: AbortSignal): ReadFile {
  const byPath = new Map<string, File>()
  for (const file of files) byPath.set(file.webkitRelativePath.replace(/^[^/]*\//, ''), file)
  return async (path, maxBytes) => {
    signal.throwIfAborted()
    const file = byPath.get(path)
    if (file === undefined) return undefined
    if (file.size > maxBytes) throw tooLarge(path, maxBytes)
    return new Uint8Array(await file.arrayBuffer())
  }
}

/** Counted after decompression, so that a small answer cannot unfold without end. */
async function readBounded(response: Response, path: string, maxBytes: number) {
  const reader = response.body?.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    length += next.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw tooLarge(path, maxBytes)
    }
    pieces.push(next.value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

function tooLarge(path: string, maxBytes: number): VerifyError {
  return new VerifyError('file_too_large', path, `the file is larger than ${maxBytes} bytes`)
}
