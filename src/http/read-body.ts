import { fromUtf8 } from '../encoding/bytes.ts'
import { HttpError } from './error-response.ts'

/**
 * The body of a request, at most `maxBytes`. Throws HttpError `too_large` without reading the rest.
 * A declared length is trusted only as a bound: the server reads no more than it announces.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared === null) return readChunks(request, maxBytes)
  if (!/^\d{1,15}$/.test(declared)) throw new HttpError('bad_request', 'odd content length')
  if (Number(declared) > maxBytes) throw tooLarge(maxBytes)
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

// More fields than any of our forms has; each costs memory before a form can judge it.
const MAX_FIELDS = 2_000

/** A form as browsers send it without scripts. Throws HttpError `unsupported_type`, `bad_form` or `too_large`. */
export async function readForm(request: Request, maxBytes: number): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new HttpError('unsupported_type', 'not a urlencoded form')
  }
  const bytes = await readBody(request, maxBytes)
  const form = new URLSearchParams(decode(bytes))
  if (form.size > MAX_FIELDS) throw new HttpError('bad_form', `more than ${MAX_FIELDS} fields`)
  return form
}

async function readChunks(request: Request, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new HttpError('bad_form', 'not UTF-8', { cause })
  }
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError('too_large', `more than ${maxBytes} bytes`)
}
