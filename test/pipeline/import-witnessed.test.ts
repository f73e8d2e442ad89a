import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { registerIn, startAvow } from '../support/avow-command.ts'
import { startProduct } from '../support/product.ts'

const LINE = {
  text: 'A made-up text.',
  language: 'en',
  declarants: [{ name: 'Example', organisations: ['party'] }],
}

test('an import without a running service asks the witnesses of the service', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-import-'))
  try {
    await writeFile(join(folder, 'avow.json'), JSON.stringify({ sample: true }))
    const read = (path: string) => readFile(join(folder, 'data/public/log', path), 'utf8')
    const product = await startProduct({ folder })
    await product.stop()
    const policy = await read('policy')
    assert.match(policy, /^quorum local$/m)
    const archive = join(folder, 'archive.jsonl')
    await writeFile(archive, `${JSON.stringify(LINE)}\n`)
    const run = await startAvow(['import', archive, '--unreviewed'], registerIn(folder)).ended
    assert.equal(run.code, 0, run.stderr)
    assert.equal(await read('policy'), policy)
    const lines = (await read('declarations/checkpoint')).split('\n')
    assert.equal(lines[1], '1')
    assert.equal(lines.filter((line) => line.startsWith('— ')).length, 2)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
