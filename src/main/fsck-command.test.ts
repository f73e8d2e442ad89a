import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { registerIn, startAvow } from '../../test/support/avow-command.ts'
import { startProduct } from '../../test/support/product.ts'
import { loadConfig } from '../config/config.ts'
import { openSecrets } from '../config/secrets.ts'
import { openDatabase } from '../postgres/database.ts'
import { openDatabases } from './open-databases.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avow-fsck-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('a real register: running and whole, running and damaged, stopped and damaged', async () => {
  const served = (path: string) => join(folder, 'data/public', path)
  {
    await using _running = await startProduct({ folder })
    const whole = await fsck()
    assert.deepEqual([whole.code, whole.said.result, whole.said.found], [0, 'equal', 0])
    assert.match((await startAvow(['fsck'], registerIn(folder)).ended).stdout, /^No difference: 0/)

    const tally = await readFile(served('log/tally'))
    await writeFile(served('log/tally'), 'another\n')
    const damaged = await fsck()
    assert.equal(damaged.code, 1)
    assert.deepEqual(
      damaged.said.differences.map(({ code, where }) => [code, where]),
      [
        ['tally_mismatch', 'log/tally'],
        ['file_differs', 'log/tally'],
      ],
    )
    await writeFile(served('log/tally'), tally)
  }
  await inDatabase('UPDATE avow.log_state SET root = sha256(root)')
  await mkdir(served('content'), { recursive: true })
  await writeFile(served('content/000'), '')
  const { code, said } = await fsck()
  assert.equal(code, 1)
  const places = said.differences.map(({ where }) => where)
  for (const where of ['log_state declarations', 'log_state events', 'content/000']) {
    assert.ok(places.includes(where), `${where} in ${places}`)
  }
})

test('a folder without a register, and a mistake in the command line: nothing was compared', async () => {
  const empty = join(folder, 'nothing')
  const { code, stderr } = await startAvow(['fsck'], registerIn(empty)).ended
  assert.equal(code, 2)
  assert.match(stderr, /Nothing was compared/)
  await assert.rejects(readFile(join(empty, 'secrets/log-events.key')), { code: 'ENOENT' })
  assert.equal((await startAvow(['fsck', '--jsn'], registerIn(folder)).ended).code, 2)
  assert.equal((await startAvow(['fsck', '--help'], registerIn(folder)).ended).code, 0)
})

type Said = {
  readonly result: string
  readonly found: number
  readonly differences: readonly { readonly code: string; readonly where: string }[]
}

async function fsck(): Promise<{ readonly code: number | null; readonly said: Said }> {
  const { code, stdout, stderr } = await startAvow(['fsck', '--json'], registerIn(folder)).ended
  assert.equal(stderr, '')
  return { code, said: JSON.parse(stdout) }
}

async function inDatabase(statement: string): Promise<void> {
  const config = await loadConfig(registerIn(folder))
  await using databases = await openDatabases(config, await openSecrets(config.secretsFolder))
  await using owner = openDatabase<unknown>(databases.ownerUrl, { max: 1 })
  await sql.raw(statement).execute(owner)
}
