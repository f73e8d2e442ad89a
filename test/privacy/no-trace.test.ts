import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, watch } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { plantedWord } from '../../src/main/drill/canary.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { freePort } from '../support/free-port.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { sendRaw } from '../support/raw-request.ts'

const ADDRESS = `127.${randomInt(10, 250)}.${randomInt(100, 250)}.${randomInt(100, 250)}`
const CARRIED = [
  'host',
  'x-forwarded-for',
  'x-real-ip',
  'forwarded',
  'via',
  'user-agent',
  'referer',
  'cookie',
  'accept-language',
  'authorization',
  'if-none-match',
  'x-request-id',
  'odd name',
  'query',
  'path',
  'body',
  'method',
].map(plantedWord)
const text = (name: string) => CARRIED.find((one) => one.name === name)?.text ?? assert.fail(name)

/** Everything a request can carry, whatever else it asks for. */
const HEADERS = [
  `Host: ${text('host')}.example`,
  `X-Forwarded-For: ${text('x-forwarded-for')}`,
  `X-Real-IP: ${text('x-real-ip')}`,
  `Forwarded: for=${text('forwarded')};by=${ADDRESS}`,
  `Via: 1.1 ${text('via')}`,
  `User-Agent: ${text('user-agent')}`,
  `Referer: http://${text('referer')}.example/`,
  `Cookie: avow-desk=${text('cookie')}; __Host-avow-desk=${text('cookie')}`,
  `Accept-Language: ${text('accept-language')}, zz;q=0.1`,
  `Authorization: Bearer ${text('authorization')}`,
  `If-None-Match: "${text('if-none-match')}"`,
  `X-Request-Id: ${text('x-request-id')}`,
  `X-${text('odd name')}: 1`,
]
const PATHS = [
  '/',
  '/en/',
  '/zh-hans/declare/',
  '/en/declare/leave',
  '/en/receipt/',
  '/en/receipt/message',
  '/declare/sealed',
  '/en/declare/sealed',
  '/en/count/',
  '/en/declarations/',
  '/en/declaration/0/',
  '/count.json',
  '/log/latest',
  '/log/policy',
  '/assets/0.css',
  '/desk',
  '/desk/api/register',
  '/desk/api/queue',
  '/desk/api/login',
  `/${text('path')}`,
]
const BODIES = [
  ['application/x-www-form-urlencoded', `state=x&text=${text('body')}`],
  ['application/x-www-form-urlencoded', `receipt=${text('body')}`],
  ['application/x-www-form-urlencoded', `text=${text('body').repeat(40_000)}`],
  ['application/json', `{"volunteer":"${text('body')}"}`],
  ['application/json', `{"volunteer":${text('body')}`],
  ['text/plain', text('body')],
  ['multipart/form-data; boundary=x', `--x\r\n\r\n${text('body')}\r\n--x--`],
]

function request(method: string, path: string, headers: readonly string[], body = ''): string {
  const head = [`${method} ${path}?q=${text('query')} HTTP/1.1`, ...HEADERS, ...headers]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

function* awkwardRequests(): Generator<{ bytes: string; abort?: boolean }> {
  for (const path of PATHS) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']) {
      yield { bytes: request(method, path, []) }
    }
    for (const [type = '', body = ''] of BODIES) {
      const headers = [`Content-Type: ${type}`, `Content-Length: ${body.length}`]
      yield { bytes: request('POST', path, headers, body) }
    }
  }
  const form = 'Content-Type: application/x-www-form-urlencoded'
  for (const path of ['/en/declare/', '/en/receipt/', '/desk/api/login']) {
    const cut = request('POST', path, [form, 'Content-Length: 90000'], `text=${text('body')}`)
    yield { bytes: cut, abort: true }
    const chunked = [form, 'Transfer-Encoding: chunked']
    yield { bytes: request('POST', path, chunked, `zz\r\n${text('body')}\r\n`) }
    yield { bytes: request('POST', path, chunked, `5\r\n${text('body')}`), abort: true }
    yield { bytes: request('POST', path, [form, 'Content-Length: -1'], text('body')) }
    yield { bytes: request('POST', path, [form, 'Content-Length: 4', 'Content-Length: 5'], 'text') }
    yield { bytes: request('POST', path, [`X-Large: ${text('odd name').repeat(2000)}`]) }
    yield { bytes: request('GET', path, ['Connection: Upgrade', 'Upgrade: websocket']) }
    yield {
      bytes: request('POST', path, [form, 'Expect: 100-continue', 'Content-Length: 3'], 'a=b'),
    }
  }
  yield { bytes: request(text('method').toUpperCase(), '/', []) }
  yield { bytes: `CONNECT ${text('path')}:443 HTTP/1.1\r\n${HEADERS.join('\r\n')}\r\n\r\n` }
  yield { bytes: `GET http://${text('path')}/ HTTP/1.0\r\n${HEADERS.join('\r\n')}\r\n\r\n` }
  yield { bytes: `\x16\x03\x01\x02\x00${text('host')}.example` }
  yield { bytes: `${text('path')}\r\n\r\n` }
}

test('nothing that a request carries is on the disk or in the output, whatever page or error it ends in', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-trace-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const temporary = join(folder, 'tmp')
  await mkdir(temporary)
  const made: string[] = []
  const watching = watch(temporary, { recursive: true }, (_, name) => made.push(String(name)))
  const workingFolder = () => readdirSync(join(import.meta.dirname, '../..')).sort()
  const before = workingFolder()
  // npm keeps compiled code of its own there.
  const env = { TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' }
  const onion = await freePort()
  const listeners = [{ host: '127.0.0.1', port: onion, path: 'onion' }]
  await writeFile(join(folder, 'avow.json'), JSON.stringify({ intake: { listeners } }))
  await using product = await startProduct({ folder, env })
  const ports = [Number(new URL(product.url).port), onion]

  const statuses = new Set<string>()
  const ask = async () => {
    for (const port of ports) {
      for (const awkward of awkwardRequests()) {
        const answer = await sendRaw(port, { ...awkward, from: ADDRESS })
        statuses.add(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none')
      }
    }
  }
  const filing = await prepareFiling(product.url, { text: 'made up', organisation: 'party' })
  await filing.send()
  await ask()
  // Without its database every page that needs one fails in its own way.
  killDatabase(folder)
  await ask()
  const failed = await filing.press({ go: 'send', receipt: 'yes' })
  await product.stop()
  watching.close()
  const found = await searchFolders([folder], [...CARRIED, { name: 'address', text: ADDRESS }])

  await t.test('the requests did end in every kind of answer', () => {
    const expected = ['200', '400', '404', '413', '422', '431', '500', '503', 'none']
    assert.equal(failed.status, 503)
    statuses.add('503')
    const missing = expected.filter((status) => !statuses.has(status))
    assert.deepEqual(missing, [], `seen: ${[...statuses].sort().join(' ')}`)
  })
  await t.test('no byte of it is in any file', () => {
    assert.ok(found.files > 100 && found.bytes > 10_000_000)
    assert.deepEqual(found.sightings, [])
  })
  await t.test('the output is counts by the hour, and names nobody', () => {
    const output = product.output()
    for (const { text } of CARRIED) assert.ok(!output.includes(text))
    assert.ok(!output.includes(ADDRESS))
    const lines = output.slice(output.indexOf('Avow is ready')).trim().split('\n').slice(1)
    assert.ok(lines.length > 0, 'the aborted requests are counted')
    for (const line of lines) {
      assert.match(line, /^(\d{4}-\d\d-\d\dT\d\dh )?[a-z]+: \w+( ×\d+(, [a-z]+: \w+ ×\d+)*)?$/)
    }
    assert.match(output, /http: aborted ×\d+/)
  })
  await t.test('no temporary file was made, not even for a moment', () => {
    assert.deepEqual(made, [])
    assert.deepEqual(workingFolder(), before)
  })
})

function killDatabase(folder: string): void {
  const pid = Number(readFileSync(`${folder}/data/postgres/postmaster.pid`, 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
}
