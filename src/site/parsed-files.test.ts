import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromUtf8 } from '../encoding/bytes.ts'
import { ParsedFiles } from './parsed-files.ts'

test('a moving file is parsed once until it changes and the time to look again has come', async () => {
  await using folder = await openFolder()
  await folder.replace('a', 'one')
  assert.equal(await folder.files.read('a'), 'one')
  await folder.replace('a', 'two')
  assert.equal(await folder.files.read('a'), 'one')
  folder.time.nowMs += 1_000
  assert.equal(await folder.files.read('a'), 'two')
  folder.time.nowMs += 1_000
  assert.equal(await folder.files.read('a'), 'two')
  assert.deepEqual(folder.parsed, ['one', 'two'])
})

test('readers that come at once share one look', async () => {
  await using folder = await openFolder()
  await folder.replace('a', 'one')
  const all = await Promise.all(Array.from({ length: 50 }, () => folder.files.read('a')))
  assert.deepEqual(new Set(all), new Set(['one']))
  assert.deepEqual(folder.parsed, ['one'])
})

test('after forget nobody sees what a look from before finds', async () => {
  await using folder = await openFolder()
  await folder.replace('a', 'old')
  const before = folder.files.read('a')
  await folder.replace('a', 'new')
  folder.files.forget()
  assert.equal(await folder.files.read('a'), 'new')
  await before
  assert.equal(await folder.files.read('a'), 'new')
})

test('a look that ends after forget is not kept', async () => {
  await using folder = await openFolder()
  await folder.replace('a', 'old')
  folder.hooks.onParse = () => folder.files.forget()
  await folder.files.read('a')
  folder.hooks.onParse = () => {}
  await folder.replace('a', 'new')
  assert.equal(await folder.files.read('a'), 'new')
})

test('what is kept stays below its bound, and what was dropped is read again', async () => {
  await using folder = await openFolder(3_000)
  for (const name of ['a', 'b', 'c', 'd']) await folder.replace(name, name.repeat(600))
  for (const name of ['a', 'b', 'c', 'd', 'd', 'a']) await folder.files.read(name)
  assert.deepEqual(
    folder.parsed.map((text) => text[0]),
    ['a', 'b', 'c', 'd', 'a'],
  )
})

test('a missing file, a folder and one above the bound are undefined', async () => {
  await using folder = await openFolder()
  await folder.replace('large', 'x'.repeat(2_001))
  for (const path of ['missing', 'missing/below', '.', 'large', 'large/below']) {
    assert.equal(await folder.files.read(path), undefined, path)
  }
})

async function openFolder(maxWeight = 100_000) {
  const path = await mkdtemp(join(tmpdir(), 'avow-parsed-'))
  const parsed: string[] = []
  const time = { nowMs: 0 }
  const hooks = { onParse: () => {} }
  return {
    time,
    hooks,
    parsed,
    files: new ParsedFiles<string>({
      folder: path,
      clock: () => new Date(time.nowMs),
      maxBytes: 2_000,
      maxWeight,
      parse: (bytes) => {
        const text = fromUtf8(bytes)
        parsed.push(text)
        hooks.onParse()
        return text
      },
    }),
    async replace(name: string, text: string): Promise<void> {
      await writeFile(join(path, '.new'), text)
      await rename(join(path, '.new'), join(path, name))
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}
