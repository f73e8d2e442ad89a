import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { random } from '../../test/support/register-house.ts'
import { parseVerifierKey } from '../tlog/note-key.ts'
import { RegisterError } from './error.ts'
import { loadLogKeys, loadStagingKey } from './log-keys.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-keys-'))
after(() => rm(scratch, { recursive: true, force: true }))
const newFolder = () => mkdtemp(join(scratch, 'secrets-'))
const damaged = (error: unknown) => error instanceof RegisterError && error.code === 'bad_key_file'

test('keys are made once, each log its own, readable by their owner only', async () => {
  const folder = await newFolder()
  const keys = await loadLogKeys(folder, 'localhost/a', random)
  const again = await loadLogKeys(folder, 'localhost/a', random)
  assert.equal(again.declarations.verifierKey, keys.declarations.verifierKey)
  assert.notEqual(keys.declarations.verifierKey, keys.events.verifierKey)
  assert.equal(parseVerifierKey(keys.events.verifierKey).name, 'localhost/a/log/events')
  assert.deepEqual(await loadStagingKey(folder, random), await loadStagingKey(folder, random))
  for (const name of ['log-declarations.key', 'log-events.key', 'staging.key']) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)
  }
})

test('keys of another register are refused', async () => {
  const folder = await newFolder()
  await loadLogKeys(folder, 'localhost/a', random)
  await assert.rejects(loadLogKeys(folder, 'localhost/b', random), damaged)
})

test('a damaged key file is refused, and its error does not quote it', async () => {
  const folder = await newFolder()
  await loadLogKeys(folder, 'localhost/a', random)
  await loadStagingKey(folder, random)
  for (const name of ['log-events.key', 'staging.key']) {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    await chmod(path, 0o600)
    for (const broken of [
      text.slice(0, -12),
      `${text.slice(0, -9)}!!!!!!!\n`,
      '',
      'neither-key-nor-seed',
    ]) {
      await writeFile(path, broken)
      const load =
        name === 'staging.key'
          ? loadStagingKey(folder, random)
          : loadLogKeys(folder, 'localhost/a', random)
      await assert.rejects(
        load,
        (error) =>
          damaged(error) && !(broken !== '' && String(error).includes(broken.trim().slice(-20))),
      )
    }
    await writeFile(path, text)
  }
})
