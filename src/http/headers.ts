import type { MiddlewareHandler } from 'hono'

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** What every answer carries. A hot path puts them in at once: changing an answer afterwards costs it half its speed. */
export const securityHeaderValues: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
}

/** Sets them on every answer. A handler that set its own value (a page that may be framed) keeps it. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(securityHeaderValues)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
}

/** For every answer that shows or could show what one person typed. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next()
  c.res.headers.set('cache-control', 'no-store')
}
