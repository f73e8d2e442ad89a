import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

export interface StaticFileRules {
  contentType(path: string): string
  cacheControl(path: string): string
  /** Immutable files are read once and never looked at again. */
  isImmutable(path: string): boolean
  readonly extraHeaders?: (path: string) => Readonly<Record<string, string>>
}

export interface StaticFilesOptions {
  readonly folder: string
  readonly rules: StaticFileRules
  readonly clock: () => Date
  /** How long a moving file may be served without another look at the disk. */
  readonly recheckMs?: number
  readonly maxHotBytes?: number
}

interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly etag: string
  readonly coding: 'br' | 'gzip' | undefined
}

interface HotFile {
  readonly bodies: readonly Body[]
  readonly weight: number
  checkedAtMs: number
}

// Bundles and pages are far below this; a larger file (a dump) belongs to a server made for it.
const MAX_FILE_BYTES = 64 * 1024 * 1024
const MAX_PATH_LENGTH = 512
// No dot at the start of an element: neither `..` nor hidden files nor half-written ones have a name here.
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/

/**
 * Serves a folder from memory. Reading the disk at each request was 10 to 20 times slower, so moving files
 * are looked at again at most every `recheckMs`, or at once after `forget`. `.br` and `.gz` neighbours are
 * used when they are not older than their file: write them after it.
 */
export class StaticFiles {
  readonly #options: StaticFilesOptions
  readonly #hot = new Map<string, HotFile>()
  readonly #loading = new Map<string, Promise<HotFile | undefined>>()
  #weight = 0

  constructor(options: StaticFilesOptions) {
    this.#options = options
  }

  /** Undefined when the folder has no such file; the caller owns the page that says so. */
  async respond(request: Request, path: string): Promise<Response | undefined> {
    const name = fileName(path)
    if (name === undefined) return undefined
    const file = await this.#find(name)
    return file && respondWith(request, name, file, this.#options.rules)
  }

  /** Drops what may have moved; called after a publication so that a new checkpoint shows at once. */
  forget(): void {
    for (const [name, file] of this.#hot) {
      if (!this.#options.rules.isImmutable(name)) this.#drop(name, file)
    }
  }

  async #find(name: string): Promise<HotFile | undefined> {
    const now = this.#options.clock().getTime()
    const hot = this.#hot.get(name)
    if (hot !== undefined && this.#isFresh(name, hot, now)) return hot
    // One read for a crowd: a popular page that just expired costs one look, not one a visitor.
    const running = this.#loading.get(name)
    if (running !== undefined) return running
    const loading = this.#load(name, now).finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }

  #isFresh(name: string, file: HotFile, nowMs: number): boolean {
    const age = nowMs - file.checkedAtMs
    if (this.#options.rules.isImmutable(name)) return true
    return age >= 0 && age < (this.#options.recheckMs ?? 1_000)
  }

  async #load(name: string, nowMs: number): Promise<HotFile | undefined> {
    const bodies = await readBodies(join(this.#options.folder, name))
    const before = this.#hot.get(name)
    if (before !== undefined) this.#drop(name, before)
    if (bodies === undefined) return undefined
    const weight = bodies.reduce((sum, body) => sum + body.bytes.length, 0)
    const file: HotFile = { bodies, weight, checkedAtMs: nowMs }
    this.#keep(name, file)
    return file
  }

  // A Map keeps insertion order, so its first entries are those loaded longest ago.
  #keep(name: string, file: HotFile): void {
    const limit = this.#options.maxHotBytes ?? 256 * 1024 * 1024
    this.#hot.set(name, file)
    this.#weight += file.weight
    for (const [oldName, oldFile] of this.#hot) {
      if (this.#weight <= limit) return
      this.#drop(oldName, oldFile)
    }
  }

  #drop(name: string, file: HotFile): void {
    if (this.#hot.delete(name)) this.#weight -= file.weight
  }
}

/** The file a URL path names, or undefined for a path that cannot name one. */
function fileName(path: string): string | undefined {
  if (path.length > MAX_PATH_LENGTH || !PATH.test(path)) return undefined
  return path.endsWith('/') ? `${path}index.html` : path
}

function respondWith(
  request: Request,
  name: string,
  file: HotFile,
  rules: StaticFileRules,
): Response | undefined {
  const accepted = request.headers.get('accept-encoding') ?? ''
  const body = file.bodies.find(
    ({ coding }) => coding === undefined || new RegExp(`\\b${coding}\\b`).test(accepted),
  )
  if (body === undefined) return undefined
  const headers: Record<string, string> = {
    etag: body.etag,
    vary: 'accept-encoding',
    'cache-control': rules.cacheControl(name),
    'content-type': rules.contentType(name),
    ...rules.extraHeaders?.(name),
  }
  if (request.headers.get('if-none-match')?.includes(body.etag)) {
    return new Response(null, { status: 304, headers })
  }
  if (body.coding !== undefined) headers['content-encoding'] = body.coding
  headers['content-length'] = String(body.bytes.length)
  return new Response(request.method === 'HEAD' ? null : body.bytes, { headers })
}

// Preferred codings first, the plain file last.
async function readBodies(file: string): Promise<Body[] | undefined> {
  const plain = await readWhole(file)
  if (plain === undefined) return undefined
  const [brotli, gzip] = await Promise.all([readWhole(`${file}.br`), readWhole(`${file}.gz`)])
  const bodies: Body[] = []
  if (brotli && brotli.modifiedMs >= plain.modifiedMs) bodies.push(toBody(brotli.bytes, 'br'))
  if (gzip && gzip.modifiedMs >= plain.modifiedMs) bodies.push(toBody(gzip.bytes, 'gzip'))
  return [...bodies, toBody(plain.bytes, undefined)]
}

function toBody(bytes: Uint8Array<ArrayBuffer>, coding: Body['coding']): Body {
  const hash = createHash('sha256').update(bytes).digest('base64url')
  return { bytes, coding, etag: `"${hash}"` }
}

async function readWhole(
  file: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; modifiedMs: number } | undefined> {
  try {
    await using handle = await open(file, 'r')
    const stat = await handle.stat()
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) return undefined
    return { bytes: Uint8Array.from(await handle.readFile()), modifiedMs: stat.mtimeMs }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}
