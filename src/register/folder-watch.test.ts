import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { FolderWatch } from './folder-watch.ts'

/** As far from the times of the files as no look is unsure. */
const LATER = () => new Date(Date.now() + 3_600_000)

test('a folder in which nothing came or went is not read again', async () => {
  await using place = await openPlace({ 'a/b/one': '1', 'a/two': '2', three: '3' })
  const watch = new FolderWatch(place.root, LATER)
  const first = await watch.look()
  assert.deepEqual(names(first.listed), ['a/b/one', 'a/two', 'three'])
  assert.deepEqual([...first.folders].toSorted(), ['', 'a', 'a/b'])
  first.settle()
  const second = await watch.look()
  assert.deepEqual([...second.listed.keys()], [])
  assert.deepEqual([...second.folders].toSorted(), ['', 'a', 'a/b'])
})

test('what was put in place, came, went or moved is found, however deep', async () => {
  await using place = await openPlace({ 'a/b/c/old': '1', 'a/x/keep': '2', 'gone/file': '3' })
  const watch = new FolderWatch(place.root, LATER)
  ;(await watch.look()).settle()
  await place.put('a/b/c/old', 'other')
  await place.put('a/b/new/deep/file', '4')
  await rm(join(place.root, 'gone'), { recursive: true })
  const { folders, listed, settle } = await watch.look()
  assert.deepEqual(names(listed), ['a/b/c/old', 'a/b/new/deep/file'])
  assert.equal(listed.get('a/b/c')?.get('a/b/c/old')?.size, 5)
  assert.equal(folders.has('gone'), false)
  assert.equal(listed.has('a/x'), false)
  settle()
  await rm(join(place.root, 'a/x/keep'))
  const last = await watch.look()
  assert.deepEqual([...last.listed.keys()], ['a/x'])
  assert.deepEqual(names(last.listed), [])
})

test('what was not dealt with, or may still change within the same moment, is listed again', async () => {
  await using place = await openPlace({ 'a/one': '1' })
  const watch = new FolderWatch(place.root, LATER)
  await watch.look()
  assert.deepEqual(names((await watch.look()).listed), ['a/one'])

  const soon = new FolderWatch(place.root, () => new Date())
  await utimes(join(place.root, 'a'), new Date(), new Date())
  ;(await soon.look()).settle()
  assert.deepEqual(names((await soon.look()).listed), ['a/one'])
})

async function openPlace(files: Readonly<Record<string, string>>) {
  const scratch = await mkdtemp(join(tmpdir(), 'avow-watch-'))
  const root = join(scratch, 'root')
  const put = async (name: string, text: string) => {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(scratch, 'new'), text)
    await rename(join(scratch, 'new'), join(root, name))
  }
  for (const [name, text] of Object.entries(files)) await put(name, text)
  return {
    root,
    put,
    [Symbol.asyncDispose]: () => rm(scratch, { recursive: true, force: true }),
  }
}

function names(listed: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string[] {
  return [...listed.values()].flatMap((files) => [...files.keys()]).toSorted()
}
