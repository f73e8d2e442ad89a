import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type StaticFileRules, StaticFiles } from './static-files.ts'

let parent = ''
let folder = ''
let now = new Date('2026-01-01T00:00:00Z')
const rules: StaticFileRules = {
  contentType: () => 'text/plain',
  cacheControl: (path) => (path.startsWith('/tile/') ? 'immutable' : 'max-age=1'),
  isImmutable: (path) => path.startsWith('/tile/'),
}
const open = (maxHotBytes = 1_000_000): StaticFiles =>
  new StaticFiles({ folder, rules, clock: () => now, maxHotBytes })
const get = (files: StaticFiles, path: string, headers: Record<string, string> = {}) =>
  files.respond(new Request('http://x/', { headers }), path)

before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'avow-static-'))
  folder = join(parent, 'public')
  await mkdir(join(folder, 'tile/0'), { recursive: true })
  await mkdir(join(folder, '.hidden'), { recursive: true })
  await writeFile(join(parent, 'secret'), 'secret')
  await writeFile(join(folder, '.hidden/secret'), 'secret')
  await writeFile(join(folder, 'index.html'), 'home')
  await writeFile(join(folder, 'tile/0/000'), 'tile')
  await writeFile(join(folder, 'page'), 'page '.repeat(50))
  await writeFile(join(folder, 'page.gz'), gzipSync('page '.repeat(50)))
})
after(() => rm(parent, { recursive: true }))

test('a path that leaves the folder, hides or is odd names no file', async () => {
  const files = open()
  const paths = [
    '/../secret',
    '/tile/../../secret',
    '/.hidden/secret',
    '//secret',
    '/tile\0',
    '/%2e',
  ]
  for (const path of [...paths, '\\secret', '/tile', `/${'a'.repeat(600)}`, '']) {
    assert.equal(await get(files, path), undefined, path)
  }
})

test('a folder path serves its index page', async () => {
  assert.equal(await (await get(open(), '/'))?.text(), 'home')
})

test('a precompressed neighbour is served to who accepts it, with its own tag', async () => {
  const files = open()
  const plain = await get(files, '/page')
  const zipped = await get(files, '/page', { 'accept-encoding': 'br, gzip' })
  assert.equal(plain?.headers.get('content-encoding'), null)
  assert.equal(zipped?.headers.get('content-encoding'), 'gzip')
  assert.notEqual(plain?.headers.get('etag'), zipped?.headers.get('etag'))
})

test('a neighbour older than its file is left alone', async () => {
  await writeFile(join(folder, 'old'), 'new text')
  await writeFile(join(folder, 'old.gz'), gzipSync('old text'))
  await utimes(join(folder, 'old.gz'), new Date(0), new Date(0))
  const response = await get(open(), '/old', { 'accept-encoding': 'gzip' })
  assert.equal(await response?.text(), 'new text')
})

test('a matching tag is answered without the body', async () => {
  const files = open()
  const tag = (await get(files, '/page'))?.headers.get('etag') ?? ''
  const response = await get(files, '/page', { 'if-none-match': tag })
  assert.equal(response?.status, 304)
  assert.equal(await response?.text(), '')
})

test('a moving file shows its new bytes after the recheck time or after forget', async () => {
  const files = open()
  const read = async () => (await get(files, '/moving'))?.text()
  await writeFile(join(folder, 'moving'), 'one')
  assert.equal(await read(), 'one')
  await writeFile(join(folder, 'moving'), 'two')
  assert.equal(await read(), 'one')
  now = new Date(now.getTime() + 1_000)
  assert.equal(await read(), 'two')
  await rm(join(folder, 'moving'))
  files.forget()
  assert.equal(await read(), undefined)
})

test('memory stays within its bound and a file larger than it is still served', async () => {
  const files = open(10)
  for (let round = 0; round < 3; round++) {
    assert.equal((await (await get(files, '/page'))?.text())?.length, 250)
    assert.equal(await (await get(files, '/tile/0/000'))?.text(), 'tile')
  }
})
