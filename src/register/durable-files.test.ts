import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { eachAtOnce, writeDurably, writeSoon } from './durable-files.ts'
import { RegisterError } from './error.ts'
import { serveStaged, stageFiles } from './tile-store.ts'

async function scratchFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'avow-files-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const differs = (error: unknown) => error instanceof RegisterError && error.code === 'file_differs'

test('files are put in place whole, in folders made for them, and leave no temporary names', async () => {
  await using scratch = await scratchFolder()
  const path = (name: string) => join(scratch.folder, 'a/b', name)
  const temporary = join(scratch.folder, 'new')
  await Promise.all([
    writeDurably([{ path: path('one'), bytes: bytes('1') }], temporary),
    writeDurably([{ path: path('two'), bytes: bytes('2') }], temporary),
  ])
  await writeSoon([{ path: path('one'), bytes: bytes('one') }], temporary)
  assert.equal(await readFile(path('one'), 'utf8'), 'one')
  assert.equal(await readFile(path('two'), 'utf8'), '2')
  assert.deepEqual(await readdir(temporary), [])
})

test('secrets are written for their owner alone', async () => {
  await using scratch = await scratchFolder()
  const path = join(scratch.folder, 'key')
  await writeDurably([{ path, bytes: bytes('secret') }], scratch.folder, 0o600)
  const { mode } = await stat(path)
  assert.equal(mode & 0o777, 0o600)
})

test('staging the same again changes nothing, other bytes halt', async () => {
  await using scratch = await scratchFolder()
  const [staging, served, temporary] = ['staging', 'served', 'new'].map((name) =>
    join(scratch.folder, name),
  )
  assert.ok(staging !== undefined && served !== undefined && temporary !== undefined)
  const files = [{ path: 'tile/0/000', bytes: bytes('tile') }]
  await stageFiles(files, staging, temporary)
  await stageFiles(files, staging, temporary)
  const other = [{ path: 'tile/0/000', bytes: bytes('other') }]
  await assert.rejects(stageFiles(other, staging, temporary), differs)

  await serveStaged(files, staging, served)
  // After a crash in the middle it is staged and served again.
  await stageFiles(files, staging, temporary)
  await serveStaged(files, staging, served)
  assert.equal(await readFile(join(served, 'tile/0/000'), 'utf8'), 'tile')
  assert.deepEqual(await readdir(join(staging, 'tile/0')), [])
  await stageFiles(other, staging, temporary)
  await assert.rejects(serveStaged(other, staging, served), differs)
})

test('after a failure nothing new starts and nothing is left running', async () => {
  let running = 0
  let started = 0
  const items = Array.from({ length: 100 }, (_, i) => i)
  const work = eachAtOnce(items, async (item) => {
    started++
    running++
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    if (item === 5) throw new Error('disk full')
  })
  await assert.rejects(work, /disk full/)
  assert.equal(running, 0)
  assert.ok(started < 30)
})

test('a folder where a file should be is an error, not a lost write', async () => {
  await using scratch = await scratchFolder()
  const path = join(scratch.folder, 'taken')
  await mkdir(path)
  await writeFile(join(path, 'child'), '')
  await assert.rejects(writeDurably([{ path, bytes: bytes('x') }], join(scratch.folder, 'new')))
})
