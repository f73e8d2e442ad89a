import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { RegisterError } from './error.ts'

/** A bucket of any S3-compatible service. Keys are paths from the site's root. */
export interface ObjectStore {
  /** Writes what never changes. Throws `file_differs` where other bytes are under the key. */
  readonly putOnce: (key: string, bytes: Uint8Array) => Promise<void>
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>
  readonly find: (key: string) => Promise<Uint8Array | undefined>
  /** Removing what is not there is no failure. */
  readonly remove: (key: string) => Promise<void>
}

export type BucketAddress = {
  /** Of the bucket itself, path style or as a host of its own: `https://store.example/register`. */
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export type BucketDeps = {
  readonly fetch: typeof fetch
  readonly retryAfterMs?: number
}

const ATTEMPTS = 5
const RETRY_AFTER_MS = 500
const TIMEOUT_MS = 60_000
/** Too many requests, and everything that is the service's own trouble; 501 is not: it will not do better next time. */
const RETRIED = new Set([408, 425, 429, 500, 502, 503, 504])

export function openBucket(address: BucketAddress, deps: BucketDeps): ObjectStore {
  const { accessKeyId, secretAccessKey, region } = address
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
  const base = address.url.replace(/\/+$/, '')
  let hasConditionalPuts = true

  const send = async (method: string, key: string, init: RequestInit = {}): Promise<Response> => {
    for (let attempt = 1; ; attempt++) {
      const response = await sendOnce(method, key, init).catch((cause: unknown) => {
        if (attempt < ATTEMPTS) return undefined
        throw new RegisterError('bucket_unreachable', `${base} does not answer`, cause)
      })
      if (response !== undefined && (!RETRIED.has(response.status) || attempt === ATTEMPTS)) {
        return response
      }
      await response?.body?.cancel()
      await sleep((deps.retryAfterMs ?? RETRY_AFTER_MS) * 2 ** (attempt - 1))
    }
  }
  const sendOnce = async (method: string, key: string, init: RequestInit): Promise<Response> => {
    const url = `${base}/${key.split('/').map(encodeURIComponent).join('/')}`
    const request = await signer.sign(url, { ...init, method })
    return deps.fetch(request, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  }
  const find = async (key: string): Promise<Uint8Array | undefined> => {
    const response = await send('GET', key)
    if (response.status === 404) {
      await response.body?.cancel()
      return undefined
    }
    if (!response.ok) await requireDone(response, key)
    return new Uint8Array(await response.arrayBuffer())
  }
  const put = async (key: string, bytes: Uint8Array): Promise<void> => {
    await requireDone(
      await send('PUT', key, { body: Uint8Array.from(bytes), headers: headersOf(key) }),
      key,
    )
  }
  return {
    find,
    put,
    async putOnce(key, bytes) {
      if (hasConditionalPuts) {
        const headers = { ...headersOf(key), 'if-none-match': '*' }
        const response = await send('PUT', key, { body: Uint8Array.from(bytes), headers })
        if (response.status !== 412 && response.status !== 501) return requireDone(response, key)
        await response.body?.cancel()
        hasConditionalPuts = response.status === 412
      }
      // There already, perhaps from an attempt whose answer was lost; or a service that cannot put on a condition, where
      // the one writer's lock has to do.
      const known = await find(key)
      if (known === undefined) return put(key, bytes)
      if (Buffer.compare(known, bytes) !== 0) {
        throw new RegisterError('file_differs', `${key} is in the bucket with other bytes`)
      }
    },
    async remove(key) {
      const response = await send('DELETE', key)
      if (response.status === 404) await response.body?.cancel()
      else await requireDone(response, key)
    },
  }
}

async function requireDone(response: Response, key: string): Promise<void> {
  // Read to its end, so that the connection can be used again.
  const answer = (await response.text()).slice(0, 300)
  if (response.ok) return
  const code = response.status >= 500 ? 'bucket_unreachable' : 'bucket_refused'
  throw new RegisterError(code, `${key}: the bucket answers ${response.status} ${answer}`)
}

/** As our own server sends them, so that a reader cannot tell the two apart. */
function headersOf(key: string): Record<string, string> {
  return { 'content-type': contentTypeOf(key), 'cache-control': cacheControlOf(key) }
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)tile\//, 'application/octet-stream'],
  [/\.html$|\/$/, 'text/html; charset=utf-8'],
  [/\.json$/, 'application/json'],
  [/\.js$/, 'text/javascript; charset=utf-8'],
  [/\.css$/, 'text/css; charset=utf-8'],
  [/\.svg$/, 'image/svg+xml'],
  [/\.xml$|\.atom$/, 'application/atom+xml'],
]

function contentTypeOf(key: string): string {
  return TYPES.find(([pattern]) => pattern.test(key))?.[1] ?? 'text/plain; charset=utf-8'
}

/** Tiles, archived notes, forms and scripts are never changed. */
export function isImmutable(key: string): boolean {
  return /^log\/(declarations|events)\/tile\/|^log\/(checkpoints|forms)\/|^assets\//.test(key)
}

function cacheControlOf(key: string): string {
  if (isImmutable(key)) return 'public, max-age=31536000, immutable'
  return key.startsWith('content/') ? 'public, max-age=300' : 'public, max-age=60'
}
