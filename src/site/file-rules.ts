import { securityHeaderValues } from '../http/headers.ts'
import type { StaticFileRules } from '../http/static-files.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'
const MOVING = 'public, max-age=60, stale-while-revalidate=120'
/** An erasure reaches every cache that obeys within five minutes. */
export const ERASABLE = 'public, max-age=300, stale-if-error=3600'

const IMMUTABLE_PATH =
  /^\/(?:assets\/|log\/forms\/|log\/checkpoints\/|log\/(?:declarations|events)\/tile\/)/

// Data that anyone's page may read and check.
const openHeaders = { ...securityHeaderValues, 'access-control-allow-origin': '*' }

/** The public folder's files by path: what they are and how long who may keep them. */
export const fileRules: StaticFileRules = {
  isImmutable: (path) => IMMUTABLE_PATH.test(path),
  cacheControl: (path) => {
    if (IMMUTABLE_PATH.test(path)) return IMMUTABLE
    return path.startsWith('/content/') ? ERASABLE : MOVING
  },
  contentType,
  extraHeaders: (path) =>
    /^\/(?:log|content)\/|\/count\.(?:json|svg)$/.test(path) ? openHeaders : securityHeaderValues,
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
  xml: 'application/atom+xml',
  txt: 'text/plain; charset=utf-8',
}

function contentType(path: string): string {
  if (path.includes('/tile/')) return 'application/octet-stream'
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? 'txt'
  // Notes, policy, tally and content: text by people we do not know, never to be run as a page.
  return BY_EXTENSION[extension] ?? 'text/plain; charset=utf-8'
}
