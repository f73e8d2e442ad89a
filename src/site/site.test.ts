import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { getRequestListener } from '@hono/node-server'
import { openSiteHouse, variedRegister } from '../../test/support/site-house.ts'
import { TinyRegister, UNCHANGED } from '../../test/support/tiny-register.ts'
import { languages } from '../i18n/languages.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { verifyRegister } from '../verify/verify-register.ts'

test('every link of every page leads somewhere, is relative and carries no query', async () => {
  await using house = await openSiteHouse()
  await house.publish(await variedRegister(120))
  const seen = new Set<string>()
  const waiting = ['/']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const response = await house.get(path)
    assert.equal(response.status, 200, path)
    if (!response.headers.get('content-type')?.startsWith('text/html')) continue
    const text = await response.text()
    assert.ok(!/<script(?! type="module" src=")|<style|style="|onclick/.test(text), path)
    assert.equal(text.includes('<script'), /\/verify\/(?:index\.html)?$/.test(path), path)
    for (const [, link = ''] of text.matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      if (link.startsWith('#')) continue
      assert.match(link, /^\.\.?\//, `${path}: ${link}`)
      assert.ok(!link.includes('?'), `${path}: ${link}`)
      const target = new URL(link, `http://x${path}`).pathname
      if (!/^\/[a-z-]+\/(declare|receipt)$/.test(target)) waiting.push(target)
    }
  }
  // Three languages of: 6 pages, 120 declarations, 1 older list; the choice, the files of the register.
  assert.ok(seen.size > 3 * (6 + 120 + 1), `${seen.size} pages`)
})

test('what was erased is on no page, in no list, feed or compressed copy', async () => {
  await using house = await openSiteHouse()
  const register = new TinyRegister()
  const text = { kind: 'own', language: 'en', text: 'canary-text' } as const
  register.declare({ text, name: 'canary-name', about: { position: 'canary-position' } })
  register.declare({ name: 'Stays' })
  await house.publish(await register.publish('2026-11-20'))
  assert.ok((await filesWith(house.publicFolder, 'canary-text')).length > 0)
  assert.ok((await filesWith(house.publicFolder, 'canary-name')).length > 0)
  assert.match(await (await house.get('/en/declaration/0/')).text(), /canary-text/)

  register.act({ type: 'withdraw', index: 0 }).hide(0, 'body', 'name', 'about')
  await rm(join(house.publicFolder, 'content'), { recursive: true })
  await house.publish(await register.publish('2026-11-21'))
  assert.deepEqual(await filesWith(house.publicFolder, 'canary'), [])
  for (const path of ['/en/declaration/0/', '/en/declarations/', '/en/feed.xml', '/en/']) {
    assert.ok(!(await (await house.get(path)).text()).includes('canary'), path)
  }
  assert.match(await (await house.get('/en/declaration/0/')).text(), /Taken back by the person/)
})

test('an erasure shows within a second without being told, before its event', async () => {
  await using house = await openSiteHouse()
  const register = new TinyRegister()
  register.declare({ text: { kind: 'own', language: 'en', text: 'canary-text' }, name: 'A' })
  await house.publish(await register.publish('2026-11-20'))
  assert.match(await (await house.get('/en/declaration/0/')).text(), /canary-text/)
  register.hide(0, 'body')
  register.writeContent()
  await register.writeTo(house.publicFolder)
  house.clockAt = new Date(house.clockAt.getTime() + 1_000)
  const page = await (await house.get('/en/declaration/0/')).text()
  assert.ok(!page.includes('canary-text'))
  assert.match(page, /The text is no longer published/)
})

test('a copy that still holds what was withdrawn does not show it', async () => {
  await using house = await openSiteHouse()
  const register = new TinyRegister()
  register.declare({ text: { kind: 'own', language: 'en', text: 'canary-text' }, name: 'canary' })
  await register.publish('2026-11-20')
  register.act({ type: 'withdraw', index: 0 })
  await house.publish(await register.publish('2026-11-21'))
  assert.ok(!(await (await house.get('/en/declaration/0/')).text()).includes('canary'))
})

test('what people wrote is shown as text, never as markup', async () => {
  await using house = await openSiteHouse()
  const register = new TinyRegister()
  const hostile = `</div><script>alert(1)</script>"'&<img src=x onerror=alert(1)>`
  register.declare({
    text: { kind: 'own', language: 'ar', text: hostile },
    name: hostile,
    about: { position: '<b onclick="x">' },
  })
  await house.publish(await register.publish('2026-11-20'))
  for (const path of ['/en/declaration/0/', '/en/declarations/', '/en/', '/en/feed.xml']) {
    const page = await (await house.get(path)).text()
    assert.ok(!/<script|<img|<b /.test(page), path)
  }
  const page = await (await house.get('/en/declaration/0/')).text()
  assert.match(page, /dir="auto" lang="ar">&lt;\/div&gt;&lt;script&gt;/)
  assert.match(page, /<bdi>&lt;\/div&gt;/)
})

test('corrections, restored and confirmed declarations say so, with the newest organisations', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(6)
  register.act({ ...UNCHANGED, type: 'correct', index: 0, orgs: ['league'], evidence: 'relayed' })
  register.act({ type: 'withdraw', index: 3 })
  register.act({ type: 'confirm', index: 4 })
  await register.publish('2026-11-21')
  register.act({ type: 'restore', index: 3 })
  register.log({ type: 'flag', ranges: [{ first: 1, end: 3 }], reason: 'clerical' })
  await register.publish('2026-11-22')
  register.log({ type: 'unflag', ranges: [{ first: 2, end: 3 }], reason: 'clerical' })
  await house.publish(await register.publish('2026-11-22'))
  const page = async (index: number) => (await house.get(`/en/declaration/${index}/`)).text()
  const corrected = await page(0)
  assert.match(corrected, /<strong>Corrected<\/strong>/)
  assert.match(corrected, /<dd><div>league<\/div><\/dd>/)
  assert.match(corrected, /Passed on by someone else/)
  assert.match(await page(1), /<strong>Flagged<\/strong>/)
  const lifted = await page(2)
  assert.ok(!lifted.includes('<strong>Flagged'))
  assert.match(lifted, /The flag was lifted on 22 November 2026. Reason: clerical/)
  const restored = await page(3)
  assert.ok(!restored.includes('<strong>Withdrawn'))
  assert.match(
    restored,
    /Taken back by the person on 21 November.*\n?.*Restored by the person on 22/,
  )
  assert.match(await page(4), /<strong>Confirmed with the receipt<\/strong>/)
})

test('the folder with its pages verifies, and the numbers on them are compared', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(300)
  await house.publish(register)
  const evidence = await verifyRegister(
    (path) => readFile(join(house.publicFolder, path)).catch(() => undefined),
    { policy: parsePolicy(register.policyText), sha256 },
  )
  assert.ok(evidence.numbers.includes('count.json'))
  assert.ok(evidence.numbers.includes('en/index.html'))
})

test('any copy of the folder renders the same bytes', async () => {
  await using house = await openSiteHouse()
  await using other = await openSiteHouse()
  await house.publish(await variedRegister(60))
  await cp(house.publicFolder, other.publicFolder, { recursive: true })
  other.clockAt = new Date('2026-11-23T05:00:00Z')
  await other.site.render()
  for (const path of await filesOf(house.publicFolder)) {
    const [first, second] = await Promise.all(
      [house, other].map(({ publicFolder }) => readFile(join(publicFolder, path))),
    )
    assert.deepEqual(second, first, path)
  }
})

test('the count keeps the time at which its pair was first seen, and says when it has stood still', async () => {
  await using house = await openSiteHouse()
  const register = await variedRegister(5)
  await house.publish(register)
  house.clockAt = new Date('2026-11-30T10:20:00Z')
  await house.site.render()
  const eighth = await (await house.get('/en/')).text()
  assert.match(eighth, /Counted on 22 November 2026 at 10:20 UTC/)
  assert.ok(!eighth.includes('has not moved'))
  house.clockAt = new Date('2026-11-30T10:20:01Z')
  await house.site.render()
  assert.match(await (await house.get('/en/')).text(), /has not moved since 22 November 2026/)
  register.declare({})
  await house.publish(await register.publish('2026-11-30'))
  const moved = await (await house.get('/en/')).text()
  assert.match(moved, /Counted on 30 November 2026 at 10:20 UTC/)
  assert.ok(!moved.includes('has not moved'))
})

test('with witnesses the count has the time of their cosignatures and their names', async () => {
  await using house = await openSiteHouse()
  const register = new TinyRegister({ witnesses: 2 }).declare({})
  await house.publish(await register.publish('2026-11-20'))
  const page = await (await house.get('/en/')).text()
  assert.match(page, /Counted on 20 November 2026 at 12:00 UTC/)
  assert.match(page, /Cosigned by 2 independent witnesses: w0, w1\./)
  assert.ok(!page.includes('Not yet witnessed'))
})

test('a register without declarations has every page', async () => {
  await using house = await openSiteHouse({ sample: false })
  await house.publish(await new TinyRegister().publish('2026-11-20'))
  for (const language of languages) {
    for (const path of ['', 'declarations/', 'count/', 'number/', 'kept/', 'verify/', 'feed.xml']) {
      assert.equal((await house.get(`/${language}/${path}`)).status, 200, path)
    }
  }
  const home = await (await house.get('/en/')).text()
  assert.match(home, /<data id="count" value="0">/)
  assert.match(home, /Nothing has been published yet/)
  assert.ok(!home.includes('Sample register'))
})

test('before the first publication there is nothing to see and nothing breaks', async () => {
  await using house = await openSiteHouse()
  await house.site.render()
  for (const path of ['/', '/en/', '/en/declaration/0/', '/count.json']) {
    assert.equal((await house.get(path)).status, 404, path)
  }
})

test('raw paths that climb out of the folder are answered 404', async () => {
  await using house = await openSiteHouse()
  await house.publish(await variedRegister(3))
  const server = createServer(getRequestListener(house.app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    for (const path of [
      '/../../../../etc/passwd',
      '/log/../../../etc/passwd',
      '/en/declaration/0/../../../../../etc/passwd',
      '/log/..\\..\\etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      `/${'a/'.repeat(2_000)}`,
      '/en/declaration/%2e%2e%2f/',
      '/log/declarations/tile/0/x001/../000',
    ]) {
      const answer = await rawGet(port, path)
      assert.match(answer, /^HTTP\/1\.1 (404|400) /, path)
      assert.ok(!answer.includes('root:x'), path)
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a page’s address without its last slash leads to it', async () => {
  await using house = await openSiteHouse()
  await house.publish(await variedRegister(3))
  for (const [path, location] of [
    ['/en', 'en/'],
    ['/en/count', 'count/'],
    ['/en/declaration/2', '2/'],
  ]) {
    const response = await house.get(path ?? '')
    assert.equal(response.status, 301, path)
    assert.equal(response.headers.get('location'), location)
  }
})

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

function rawGet(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    })
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

/** Files of the folder that hold the text, compressed ones opened. */
async function filesWith(folder: string, wanted: string): Promise<string[]> {
  const holding = await Promise.all(
    (await filesOf(folder)).map(async (path) => {
      const bytes = await readFile(join(folder, path))
      return opened(path, bytes).includes(wanted) ? [path] : []
    }),
  )
  return holding.flat()
}

function opened(path: string, bytes: Buffer): Buffer {
  if (path.endsWith('.br')) return brotliDecompressSync(bytes)
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}
