import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startProduct } from '../../test/support/product.ts'
import { runAvow } from '../../test/support/watch-register.ts'
import { checkDisk, checkNginx, checkSecrets } from './doctor/check-folders.ts'
import { checkMachine } from './doctor/check-machine.ts'
import type { Finding } from './doctor/finding.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avow-doctor-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** A machine as its /proc describes it. */
async function machine(core: string, pattern: string, swaps: string): Promise<Finding[]> {
  const root = await mkdtemp(join(folder, 'root-'))
  await mkdir(join(root, 'proc/self'), { recursive: true })
  await mkdir(join(root, 'proc/sys/kernel'), { recursive: true })
  await writeFile(join(root, 'proc/self/limits'), `Max core file size        ${core}   unlimited\n`)
  await writeFile(join(root, 'proc/sys/kernel/core_pattern'), `${pattern}\n`)
  await writeFile(join(root, 'proc/swaps'), `Filename Type Size Used Priority\n${swaps}`)
  return [...(await checkMachine(root, new Date('2026-03-01T10:00:00Z')))]
}
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state)

test('memory that could reach a disk is found, by a dump or by swap', async () => {
  assert.deepEqual(states(await machine('0', 'core', '')), ['fine', 'fine', 'unknown'])
  assert.deepEqual(states(await machine('unlimited', '', '')), ['fine', 'fine', 'unknown'])
  assert.equal(states(await machine('unlimited', 'core', ''))[0], 'wrong')
  assert.equal(states(await machine('0', '|/usr/lib/dumper %p', ''))[0], 'wrong')
  assert.equal(states(await machine('0', '', '/dev/sda2 partition 9 0 -2\n'))[1], 'wrong')
  assert.equal(states(await machine('0', '', '/dev/zram0 partition 9 0 -2\n'))[1], 'fine')
})

test('secrets that others may open, or beside the data, are found', async () => {
  const secrets = join(folder, 'secrets')
  await mkdir(secrets, { mode: 0o700 })
  await writeFile(join(secrets, 'key'), 'x', { mode: 0o600 })
  assert.equal((await checkSecrets(secrets, join(folder, 'data'))).state, 'fine')
  assert.equal((await checkSecrets(secrets, folder)).state, 'wrong')
  await chmod(join(secrets, 'key'), 0o640)
  const { state, says } = await checkSecrets(secrets, join(folder, 'data'))
  assert.equal(state, 'wrong')
  assert.match(says, /chmod go= .*\/key$/)
})

test('a disk below its reserve is found', async () => {
  assert.equal((await checkDisk(folder, { percent: 100, bytes: 2 ** 50 })).state, 'wrong')
  assert.equal((await checkDisk(folder, { percent: 0, bytes: 0 })).state, 'fine')
})

test('a server in front that writes down who came is found; the sample does not', async () => {
  const sample = new URL('../../scripts/nginx.conf', import.meta.url).pathname
  assert.deepEqual((await checkNginx(sample)).state, 'fine')
  for (const text of [
    'http { }',
    'error_log /dev/null emerg; access_log /var/log/a;',
    'error_log /var/log/e; access_log off;',
    'error_log /dev/null emerg; access_log off; proxy_set_header X-Real-IP $remote_addr;',
  ]) {
    const file = join(folder, 'nginx.conf')
    await writeFile(file, text)
    assert.equal((await checkNginx(file)).state, 'wrong', text)
  }
})

test('beside a running register the doctor says what it sees, and exits by it', async () => {
  await using product = await startProduct()
  const env = {
    AVOW_DATA: `${product.folder}/data`,
    AVOW_SECRETS: `${product.folder}/secrets`,
    AVOW_CONFIG: `${product.folder}/avow.json`,
  }
  const { code, output } = await runAvow(['doctor', '--json'], env)
  const { findings } = JSON.parse(output) as { findings: Finding[] }
  assert.equal(code, findings.some(({ state }) => state === 'wrong') ? 1 : 0)
  const stateOf = (name: string) => findings.find(({ check }) => check === name)?.state
  assert.equal(stateOf('secrets'), 'fine')
  assert.equal(stateOf('database settings'), 'fine')
  await chmod(`${product.folder}/secrets/database-owner`, 0o644)
  const again = await runAvow(['doctor'], env)
  assert.equal(again.code, 1)
  assert.match(again.output, /^WRONG {4}secrets: others may open/m)
  assert.equal((await runAvow(['doctor', '--nonsense'], env)).code, 2)
})
