import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, findLie, flipBit, verifyTiny } from '../../test/support/find-lie.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { createTinyLog, fixedBytes } from '../../test/support/tiny-log.ts'
import { TINY_REGISTER, TinyRegister } from '../../test/support/tiny-register.ts'
import { formatCheckpoint } from '../tlog/checkpoint.ts'
import { treeHash } from '../tlog/hash.ts'
import { signNote } from '../tlog/signed-note.ts'
import { formatLatest } from './latest.ts'

const SLOW = process.env['SLOW'] === '1'
const LOGGED = /^(log|content)\//

/** 600 declarations with full, partial and outdated partial tiles, and acts. */
async function largeRegister(): Promise<TinyRegister> {
  const register = await new TinyRegister({ witnesses: 1, authors: 'unknown' }).publish(
    '2026-01-01',
  )
  await register.declare(...somePersons(0, 530)).publish('2026-01-02')
  await register.declare(...somePersons(530, 600)).publish('2026-01-03')
  register.act({ type: 'withdraw', index: 7 }, { kind: 'author-by-desk' })
  register.hide(7, 'body', 'name', 'about')
  return register.publish('2026-01-04')
}

test('one changed bit in any file of the logs or the content is found, and in that file', async () => {
  const register = await largeRegister()
  assert.equal(await findLie(register), undefined)
  const files = [...register.files].filter(([path]) => LOGGED.test(path))
  assert.ok(files.length > 150, `${files.length} files`)
  for (const [path, bytes] of files) {
    const [bit = 0, ...chosen] = fixedBytes(path)
    const somewhere = chosen.slice(0, 3).reduce((at, byte) => at * 256 + byte) % bytes.length
    // Every file once at least; with SLOW=1 also its first and last byte.
    const places = SLOW ? [0, somewhere, bytes.length - 1] : [somewhere]
    for (const at of places) {
      register.files.set(path, flipBit(bytes, at, bit % 8))
      assert.equal((await findLie(register))?.file, path, `byte ${at} of ${path}`)
    }
    register.files.set(path, bytes)
  }
})

test('every file of a small register is needed, and is missed by its name', async () => {
  const register = await standardRegister({ witnesses: 1 })
  const files = [...register.files].filter(([path]) => LOGGED.test(path))
  for (const [path, bytes] of files) {
    register.files.delete(path)
    const finding = await findLie(register)
    // Without its file a content bundle shows nothing, so a part is what is missed.
    const code = path === 'content/000' ? 'part_missing' : 'missing_file'
    assert.deepEqual({ code: finding?.code, file: finding?.file }, { code, file: path })
    register.files.set(path, bytes)
  }
})

test('every byte cut off the end of a file is found in that file', async () => {
  const register = await standardRegister()
  const files = [...register.files].filter(([path]) => LOGGED.test(path))
  for (const [path, bytes] of files) {
    register.files.set(path, bytes.subarray(0, -1))
    assert.equal((await findLie(register))?.file, path)
    register.files.set(path, bytes)
  }
})

test('two files that stand in each other’s place are found', async () => {
  const register = await largeRegister()
  const pairs = [
    ['log/declarations/tile/0/000', 'log/declarations/tile/0/001'],
    ['log/declarations/tile/entries/000', 'log/declarations/tile/entries/001'],
    ['log/checkpoints/declarations/530', 'log/checkpoints/declarations/600'],
    ['log/declarations/checkpoint', 'log/events/checkpoint'],
    ['content/000', 'content/001'],
  ] as const
  for (const [one, other] of pairs) {
    const files = new Map(register.files)
    files.set(one, register.files.get(other) ?? new Uint8Array())
    files.set(other, register.files.get(one) ?? new Uint8Array())
    const finding = await findLie({ files, policyText: register.policyText })
    assert.ok(
      [one, other].some((path) => path === finding?.file),
      finding?.file,
    )
  }
})

test('a file that the register does not have is found where files can be listed', async () => {
  const register = await largeRegister()
  const unexpected = [
    'log/declarations/tile/0/003',
    'log/declarations/tile/0/002.p/89',
    'log/declarations/tile/1/000.p/1',
    'log/declarations/tile/2/000.p/1',
    'log/declarations/tile/entries/002.p/100',
    'log/events/tile/entries/000',
    'log/checkpoints/declarations/601',
    `log/forms/${'0'.repeat(64)}.json`,
    'content/003',
    'content/000.p/1',
    `content/texts/${'0'.repeat(32)}`,
    'content/notes.txt',
    'log/private',
  ]
  for (const path of unexpected) {
    const files = new Map(register.files).set(path, new Uint8Array(32))
    const finding = await findLie({ files, policyText: register.policyText })
    assert.equal(finding?.file, path)
  }
})

test('entries beyond the published size are found on a site too', async () => {
  const register = await largeRegister()
  for (const path of ['entries/002.p/89', 'entries/002', 'entries/003']) {
    const file = `log/declarations/tile/${path}`
    const files = new Map(register.files).set(file, new Uint8Array(32))
    const finding = await findLie({ files, policyText: register.policyText }, 'as a site')
    assert.deepEqual([finding?.code, finding?.file], ['unexpected_file', file])
  }
})

test('an older checkpoint behind the newest pair is found', async () => {
  const register = await standardRegister()
  for (const log of ['declarations', 'events'] as const) {
    const older = register.files.get(`log/checkpoints/${log}/${log === 'events' ? 6 : 5}`)
    const files = new Map(register.files)
    files.set(`log/${log}/checkpoint`, older ?? new Uint8Array())
    const changed = { files, policyText: register.policyText }
    await assertLie(changed, 'checkpoint_mismatch', `log/${log}/checkpoint`, /older/)
  }
})

test('an archived checkpoint of another history is found', async () => {
  const register = await standardRegister()
  const other = await new TinyRegister().publish('2026-01-01')
  await other.declare(...somePersons(1, 6)).publish('2026-01-02')
  const file = 'log/checkpoints/declarations/5'
  register.files.set(file, other.files.get(file) ?? new Uint8Array())
  await assertLie(register, 'checkpoint_mismatch', file)
})

test('a checkpoint that forks from the pair is found', async () => {
  const register = await standardRegister()
  const other = await new TinyRegister().publish('2026-01-01')
  await other.declare(...somePersons(1, 11)).publish('2026-01-02')
  const fork = other.files.get('log/declarations/checkpoint')
  register.files.set('log/declarations/checkpoint', fork ?? new Uint8Array())
  await assertLie(register, 'checkpoint_mismatch', 'log/declarations/checkpoint', /continue/)
})

test('a signed root that no tiles make is blamed on the note that signs it', async () => {
  const register = await standardRegister()
  const { signer } = createTinyLog('declarations', TINY_REGISTER, [], new Map())
  const { pair } = await verifyTiny(register)
  const declarations = { size: 9, root: treeHash(fixedBytes('an invented root')) }
  const body = formatCheckpoint({ origin: signer.key.name, ...declarations })
  const file = 'log/checkpoints/declarations/9'
  register.files.set(file, signNote(body, [signer]))
  register.files.set('log/declarations/checkpoint', signNote(body, [signer]))
  register.files.set('log/latest', formatLatest({ declarations, events: pair.events }))
  await assertLie(register, 'root_mismatch', file)
})

test('what the event log signs does not speak for the declarations', async () => {
  const register = await standardRegister()
  const { pair } = await verifyTiny(register)
  const { signer } = createTinyLog('events', TINY_REGISTER, [], new Map())
  const body = formatCheckpoint({ ...pair.declarations, origin: signer.key.name })
  for (const file of ['log/declarations/checkpoint', 'log/checkpoints/declarations/9']) {
    const files = new Map(register.files).set(file, signNote(body, [signer]))
    const changed = { files, policyText: register.policyText }
    await assertLie(changed, 'bad_checkpoint', file, /another log/)
  }
})

test('a pair of another register is refused by the policy', async () => {
  const register = await standardRegister()
  const { policyText } = new TinyRegister({ name: 'register.example/other' })
  const finding = await findLie({ files: register.files, policyText })
  assert.equal(finding?.code, 'bad_checkpoint')
})

test('a policy without exactly the two logs of one register is refused', async () => {
  const { files, policyText } = await standardRegister()
  const [first = '', second = ''] = policyText.split('\n')
  const other = new TinyRegister({ name: 'register.example/other' }).policyText.split('\n')[1]
  const lists = [[first], [second], [], [first, other]]
  for (const lines of lists) {
    const text = [...lines, 'quorum none', ''].join('\n')
    const finding = await findLie({ files, policyText: text })
    assert.equal(finding?.code, 'bad_policy')
  }
})

test('too few cosignatures are found', async () => {
  const { files } = await standardRegister()
  const { policyText } = await standardRegister({ witnesses: 1 })
  await assertLie({ files, policyText }, 'bad_checkpoint', 'log/checkpoints/declarations/9')
})
