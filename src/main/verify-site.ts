import { setTimeout as wait } from 'node:timers/promises'
import { VerifyError } from '../verify/error.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'

const ATTEMPTS = 3
const RETRY_AFTER_MS = 500
const TIMEOUT_MS = 60_000

/** Reads a site as any visitor does: GET, no cookie, no query, and no other host whatever it answers. */
export function openSite(address: string): VerifySource {
  if (!URL.canParse(address)) throw new SourceUnreachable(`${address} is not an address`)
  const base = new URL(address.endsWith('/') ? address : `${address}/`)
  return {
    name: base.href,
    read: async (path, maxBytes) => {
      // Visitors ask for the folder: some servers know no other name for its page.
      const url = new URL(path.replace(/(^|\/)index\.html$/, '$1'), base)
      for (let attempt = 1; ; attempt++) {
        try {
          return await get(url, path, maxBytes)
        } catch (error) {
          if (error instanceof VerifyError || attempt === ATTEMPTS) throw error
          await wait(RETRY_AFTER_MS * attempt)
        }
      }
    },
  }
}

async function get(url: URL, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { redirect: 'manual', signal }).catch((cause: unknown) => {
    throw new SourceUnreachable(`${url.href} cannot be reached: ${reasonOf(cause)}`, { cause })
  })
  if (response.status === 404 || response.status === 410) {
    await response.body?.cancel()
    return undefined
  }
  if (response.status !== 200) {
    await response.body?.cancel()
    const to = response.headers.get('location')
    const answer = to === null ? `${response.status}` : `${response.status}, "look at ${to}"`
    throw new SourceUnreachable(`${url.href} answers ${answer}`)
  }
  return readBody(response, path, maxBytes)
}

/** Counted after decompression, so a small answer cannot unfold without end. */
async function readBody(response: Response, path: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > maxBytes) {
        throw new VerifyError('file_too_large', path, `the file is larger than ${maxBytes} bytes`)
      }
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause
    throw new SourceUnreachable(`${response.url} broke off: ${reasonOf(cause)}`, { cause })
  }
  return Buffer.concat(chunks)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
