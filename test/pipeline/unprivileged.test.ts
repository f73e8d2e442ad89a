import assert from 'node:assert/strict'
import { chownSync, existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'
import { countOf } from '../support/watch-register.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0

test('the product runs as an unprivileged person', {
  skip: !isRoot && 'every other test runs unprivileged here',
}, async () => {
  const folder = await ownFolder()
  try {
    await using product = await startProduct({ folder, uid: NOBODY, env: { HOME: folder } })
    assert.match(product.output(), /direct/)
    assert.equal(await countOf(product.url), 0)
    assert.equal(statSync(join(folder, 'data/postgres')).uid, NOBODY)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('root without user namespaces runs the database as nobody', {
  skip: !isRoot && 'needs root',
}, async () => {
  const folder = await ownFolder()
  try {
    const path = await pathWithout('unshare', folder)
    await using product = await startProduct({ folder, env: { PATH: path } })
    assert.match(product.output(), /setpriv/)
    assert.equal(await countOf(product.url), 0)
    assert.equal(statSync(join(folder, 'data/postgres')).uid, NOBODY)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-person-'))
  chownSync(folder, NOBODY, NOBODY)
  return folder
}

/** A PATH that finds everything the start needs but one program. */
async function pathWithout(missing: string, folder: string): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  for (const program of ['node', 'npm', 'sh', 'setpriv', 'cat', 'env']) {
    const found = (process.env['PATH'] ?? '')
      .split(':')
      .map((part) => join(part, program))
      .find(existsSync)
    assert.ok(found !== undefined && program !== missing, program)
    await symlink(found, join(bin, program))
  }
  return bin
}
