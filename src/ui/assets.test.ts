import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createAssets } from './assets.ts'

test('an asset is served under the hash of its bytes and may be kept for ever', async () => {
  const assets = await createAssets()
  const response = await assets.routes.request(assets.cssPath)
  const bytes = Buffer.from(await response.arrayBuffer())
  assert.equal(response.status, 200)
  assert.equal(assets.cssPath, `/assets/${createHash('sha256').update(bytes).digest('hex')}.css`)
  assert.match(response.headers.get('cache-control') ?? '', /immutable/)
  assert.equal((await assets.routes.request('/assets/other.css')).status, 404)
})

test('a bundle of the same source has the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-assets-'))
  try {
    const entry = join(folder, 'entry.ts')
    await writeFile(entry, 'export const answer: number = 6 * 7\nconsole.log(answer)\n')
    const [first, second] = await Promise.all([createAssets(), createAssets()])
    const one = await first.bundle(pathToFileURL(entry))
    const two = await second.bundle(pathToFileURL(entry))
    assert.equal(one.sha256, two.sha256)
    assert.equal((await first.routes.request(one.path)).status, 200)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the page assets stay within the weight of a first page', async () => {
  const assets = await createAssets()
  const weight = assets.pageAssets.reduce((sum, asset) => sum + asset.bytes.length, 0)
  assert.ok(weight < 12_000, `${weight} bytes`)
})
