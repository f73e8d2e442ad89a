import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build, transform } from 'esbuild'
import { Hono } from 'hono'

/** A file whose name is the hash of its bytes: it never changes, so every cache may keep it. */
export interface Asset {
  /** From the root: `/assets/<sha256>.css`. */
  readonly path: string
  readonly sha256: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
}

interface ServedAsset extends Asset {
  readonly brotli: Uint8Array<ArrayBuffer>
  readonly gzip: Uint8Array<ArrayBuffer>
}

export interface Assets {
  readonly cssPath: string
  readonly iconPath: string
  /** Serves every asset made so far under `/assets/`. */
  readonly routes: Hono
  /** What a copy of the public pages must carry beside them. */
  readonly pageAssets: readonly Asset[]
  /** Bundles one browser entry point (a file URL). The same sources give the same bytes. */
  bundle(entry: URL): Promise<Asset>
  /** Serves a script that was made elsewhere, as data in a module. */
  keepScript(text: string): Promise<Asset>
}

const contentTypes = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const

export async function createAssets(): Promise<Assets> {
  const served = new Map<string, ServedAsset>()
  const add = async (bytes: Uint8Array, extension: keyof typeof contentTypes): Promise<Asset> => {
    const asset = await prepare(Uint8Array.from(bytes), extension)
    served.set(asset.path, asset)
    return asset
  }
  const css = await add(await readStyle(), 'css')
  const icon = await add(await readFile(new URL('icon.svg', import.meta.url)), 'svg')
  return {
    cssPath: css.path,
    iconPath: icon.path,
    pageAssets: [css, icon],
    routes: assetRoutes(served),
    bundle: async (entry) => add(await bundleModule(fileURLToPath(entry)), 'js'),
    keepScript: (text) => add(Buffer.from(text), 'js'),
  }
}

function assetRoutes(served: ReadonlyMap<string, ServedAsset>): Hono {
  const routes = new Hono()
  routes.get('/assets/:name', (c, next) => {
    const asset = served.get(`/assets/${c.req.param('name')}`)
    // A page cached before an upgrade still asks for the older file, which lies in the public folder.
    if (asset === undefined) return next()
    const accepted = c.req.header('accept-encoding') ?? ''
    const coding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
    c.header('content-type', asset.contentType)
    c.header('cache-control', 'public, max-age=31536000, immutable')
    c.header('vary', 'accept-encoding')
    if (coding !== undefined) c.header('content-encoding', coding)
    return c.body(coding === 'br' ? asset.brotli : coding === 'gzip' ? asset.gzip : asset.bytes)
  })
  return routes
}

async function prepare(
  bytes: Uint8Array<ArrayBuffer>,
  extension: keyof typeof contentTypes,
): Promise<ServedAsset> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(bytes),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  return {
    path: `/assets/${sha256}.${extension}`,
    sha256,
    bytes,
    contentType: contentTypes[extension],
    brotli: Uint8Array.from(brotli),
    gzip: Uint8Array.from(zipped),
  }
}

async function readStyle(): Promise<Uint8Array> {
  const source = await readFile(new URL('style.css', import.meta.url), 'utf8')
  const { code } = await transform(source, { loader: 'css', minify: true, charset: 'utf8' })
  return Buffer.from(code)
}

// Paths do not enter the bundle: the working directory is the package's own, and no source map is made.
async function bundleModule(entryPoint: string): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [entryPoint],
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  const [output] = result.outputFiles
  if (output === undefined) throw new TypeError('the bundler returned nothing')
  return output.contents
}
