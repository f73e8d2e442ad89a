import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { growTree } from '../../test/support/memory-tiles.ts'
import { sha256 } from '../../test/support/naive-tree.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { proveGrowth } from './prove-growth.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-prove-growth-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const served = join(scratch, 'served')
const staging = join(scratch, 'staging')

function write(folder: string, files: Iterable<[string, Uint8Array]>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

test('growth is proved from served and staged tiles together', async () => {
  const old = growTree([200, 100])
  const grown = growTree([200, 100, 400])
  write(served, old.store.files)
  write(
    staging,
    [...grown.store.files].filter(([path]) => !old.store.files.has(path)),
  )
  const prove = proveGrowth({ served, staging }, 700, sha256)
  for (const oldSize of [0, 1, 200, 256, 299, 300, 700]) {
    const proof = await prove(oldSize)
    const oldRoot = growTree([oldSize]).root
    verifyConsistency({ oldSize, oldRoot, newSize: 700, newRoot: grown.root, proof }, sha256)
  }
  rmSync(join(staging, 'tile/0/002.p'), { recursive: true })
  await assert.rejects(prove(300), { code: 'missing_file' })
})
