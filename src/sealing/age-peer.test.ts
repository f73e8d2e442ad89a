import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fromBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { openWith, openWithPassphrase, recipientOf, sealTo, sealWithPassphrase } from './age.ts'
import { writeAgeFile } from './age-writer.ts'
import { pad } from './padding.ts'

// Debian's age knows X25519 and passphrases, not the hybrid form; those two prove the file format.
const content = pad(utf8('合成样本 synthetic sample'))
const random = (length: number) => Uint8Array.from(randomBytes(length))
const folder = mkdtempSync(join(tmpdir(), 'avow-age-peer-'))
after(() => rmSync(folder, { recursive: true }))

test('an age file of ours opens with the age command', missing('age', 'age-keygen'), async () => {
  const identity = keygen()
  const file = write('ours.age', await sealTo([await recipientOf(identity)], content))
  const key = write('key.txt', utf8(`${identity}\n`))
  assert.deepEqual(run('age', ['-d', '-i', key, file]), content)
})

test(
  'what a page seals to an X25519 recipient opens with the age command',
  missing('age', 'age-keygen'),
  async () => {
    const identity = keygen()
    for (const bytes of [content, new Uint8Array(200_000).fill(7)]) {
      const file = write('page.age', writeAgeFile(await recipientOf(identity), bytes, random))
      assert.deepEqual(
        run('age', ['-d', '-i', write('page.txt', utf8(`${identity}\n`)), file]),
        bytes,
      )
    }
  },
)

test('an age file of the age command opens here', missing('age', 'age-keygen'), async () => {
  const identity = keygen()
  const plain = write('plain', content)
  const file = run('age', ['-r', await recipientOf(identity), plain])
  assert.deepEqual(await openWith([identity], file), content)
})

test('a passphrase file of ours opens with the age command', missing('age', 'script'), async () => {
  const file = write('ours-passphrase.age', await sealWithPassphrase('seven words', content, 10))
  const out = join(folder, 'opened')
  await onTerminal(`age -d -o ${out} ${file}`, ['seven words'])
  assert.deepEqual(read(out), content)
})

test('a passphrase file of the age command opens here', missing('age', 'script'), async () => {
  const plain = write('plain-passphrase', content)
  const out = join(folder, 'theirs-passphrase.age')
  await onTerminal(`age -p -o ${out} ${plain}`, ['seven words', 'seven words'])
  assert.deepEqual(await openWithPassphrase('seven words', read(out)), content)
})

test(
  'a keyring opens with the documented lines and the age command',
  missing('age', 'script', 'python3'),
  async () => {
    const vector: Record<'file' | 'passphrase' | 'accountId' | 'keyring', string> = JSON.parse(
      readFileSync(new URL('../../test/vectors/sealing/keyring.json', import.meta.url), 'utf8'),
    )
    const page = readFileSync(new URL('../../docs/formats/keyring.md', import.meta.url), 'utf8')
    const lines = /```python\n(.*?)```/s.exec(page)?.[1] ?? ''
    const typed = utf8(` ${vector.passphrase.toUpperCase()}\n`)
    const filePassphrase = run('python3', ['-c', lines, vector.accountId], typed)
    const file = write('keyring.age', fromBase64(vector.file))
    const out = join(folder, 'keyring.json')
    await onTerminal(`age -d -o ${out} ${file}`, [new TextDecoder().decode(filePassphrase).trim()])
    assert.equal(new TextDecoder().decode(read(out)), vector.keyring)
  },
)

/** Options that skip a test, saying why, where a peer is missing; with AVOW_REQUIRE_PEERS=1 it runs and fails. */
function missing(...commands: readonly string[]): { skip: string | false } {
  const absent = commands.filter((name) => spawnSync('which', [name]).status !== 0)
  const required = process.env['AVOW_REQUIRE_PEERS'] === '1'
  return { skip: absent.length > 0 && !required ? `not installed: ${absent.join(', ')}` : false }
}

function keygen(): string {
  const text = new TextDecoder().decode(run('age-keygen', []))
  return /^AGE-SECRET-KEY-1\S+$/m.exec(text)?.[0] ?? ''
}

function run(command: string, args: readonly string[], input?: Uint8Array): Uint8Array {
  const { status, stdout, stderr, error } = spawnSync(command, args, input ? { input } : {})
  assert.equal(status, 0, `${command}: ${error ?? stderr}`)
  return new Uint8Array(stdout)
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path))
}

/** age reads passphrases from a terminal only: `script` gives it one, and each answer waits for its question. */
async function onTerminal(command: string, answers: readonly string[]): Promise<void> {
  const terminal = spawn('script', ['-qec', command, '/dev/null'])
  const left = [...answers]
  let heard = ''
  terminal.stdout.on('data', (chunk) => {
    heard += chunk
    if (!/passphrase[^\n]*: /.test(heard)) return
    heard = ''
    terminal.stdin.write(`${left.shift() ?? ''}\n`)
  })
  const status = await new Promise((resolve, reject) => {
    terminal.on('error', reject)
    terminal.on('close', resolve)
  })
  assert.equal(status, 0, heard)
  assert.equal(left.length, 0, 'every answer was asked for')
}
