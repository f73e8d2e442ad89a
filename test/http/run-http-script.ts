import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

// Golden scripts read like a contract. An exchange starts with a request line; the lines under it
// prepare the request (`send`, `form`) and then check or keep parts of the answer:
//
//   GET /en/                         method and path; also HEAD and POST
//   send if-none-match: {etag}       request header
//   form language=en&who=self        body of a POST, as a browser sends it
//   code == 200
//   header cache-control == no-store
//   header etag ~ ^"                 `~` matches a regular expression, `!~` must not match
//   header set-cookie absent
//   body ~ <h1>
//   body empty
//   body !~ <script
//   keep etag header etag            a header's value for later lines, written {etag}
//
// Empty lines and lines that start with # are for the reader.

type Send = (request: Request) => Response | Promise<Response>
type Line = { readonly number: number; readonly text: string }
type Exchange = { readonly start: Line; readonly prepare: Line[]; readonly check: Line[] }
type Answer = { readonly response: Response; readonly body: string }

/** Runs the exchanges in order, one subtest each. `values` are names that the script writes in braces. */
export async function runHttpScript(
  t: TestContext,
  script: string,
  send: Send,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  const kept = new Map(Object.entries(values))
  const exchanges = parseHttpScript(script)
  assert.ok(exchanges.length > 0, 'the script holds no request')
  for (const exchange of exchanges) {
    await t.test(`line ${exchange.start.number}: ${exchange.start.text}`, async () => {
      const response = await send(toRequest(exchange, kept))
      const answer = { response, body: await response.text() }
      for (const line of exchange.check) checkLine(line, answer, kept)
    })
  }
}

function parseHttpScript(script: string): Exchange[] {
  const exchanges: Exchange[] = []
  for (const [i, raw] of script.split('\n').entries()) {
    const line = { number: i + 1, text: raw.trim() }
    if (line.text === '' || line.text.startsWith('#')) continue
    if (/^(GET|HEAD|POST) \//.test(line.text)) {
      exchanges.push({ start: line, prepare: [], check: [] })
      continue
    }
    const exchange = exchanges.at(-1)
    assert.ok(exchange !== undefined, `line ${line.number}: no request yet`)
    const part = /^(send|form) /.test(line.text) ? exchange.prepare : exchange.check
    part.push(line)
  }
  return exchanges
}

function toRequest(exchange: Exchange, kept: ReadonlyMap<string, string>): Request {
  const [method = '', path = ''] = fill(exchange.start, kept).split(' ')
  const headers = new Headers()
  let body: string | null = null
  for (const line of exchange.prepare) {
    const text = fill(line, kept)
    const header = /^send ([\w-]+): (.*)$/.exec(text)
    if (header !== null) headers.set(header[1] ?? '', header[2] ?? '')
    else body = text.slice('form '.length)
  }
  if (body !== null) headers.set('content-type', 'application/x-www-form-urlencoded')
  return new Request(`http://localhost${path}`, { method, headers, body })
}

function checkLine(line: Line, { response, body }: Answer, kept: Map<string, string>): void {
  const text = fill(line, kept)
  const at = `line ${line.number}: ${line.text}`
  const keep = /^keep (\w+) header ([\w-]+)$/.exec(text)
  if (keep !== null) {
    const value = response.headers.get(keep[2] ?? '')
    assert.ok(value !== null, at)
    kept.set(keep[1] ?? '', value)
    return
  }
  if (text === 'body empty') {
    assert.equal(body, '', at)
    return
  }
  const absent = /^header ([\w-]+) absent$/.exec(text)
  if (absent !== null) {
    assert.equal(response.headers.get(absent[1] ?? ''), null, at)
    return
  }
  const check = /^(code|body|header [\w-]+) (==|~|!~) (.*)$/.exec(text)
  assert.ok(check !== null, `${at}: not a line of this format`)
  const [, subject = '', operator = '', expected = ''] = check
  compare(read(subject, response, body), operator, expected, at)
}

function read(subject: string, response: Response, body: string): string {
  if (subject === 'code') return String(response.status)
  if (subject === 'body') return body
  return response.headers.get(subject.slice('header '.length)) ?? ''
}

function compare(actual: string, operator: string, expected: string, at: string): void {
  if (operator === '==') assert.equal(actual, expected, at)
  else if (operator === '~') assert.match(actual, new RegExp(expected, 'u'), at)
  else assert.doesNotMatch(actual, new RegExp(expected, 'u'), at)
}

function fill(line: Line, kept: ReadonlyMap<string, string>): string {
  return line.text.replace(/\{(\w+)\}/g, (whole, name: string) => kept.get(name) ?? whole)
}
