import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flipBit } from '../../test/support/find-lie.ts'
import { readMap } from '../../test/support/read-map.ts'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import { sha256 } from '../../test/support/tiny-log.ts'
import { type TinyRegister, UNCHANGED } from '../../test/support/tiny-register.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { VerifyError } from './error.ts'
import { verifyDeclaration } from './verify-declaration.ts'

const verify = (register: TinyRegister, index: number) =>
  verifyDeclaration(index, readMap(register.files).read, {
    policy: parsePolicy(register.policyText),
    sha256,
  })
const codeOf = async (register: TinyRegister, index: number) =>
  verify(register, index).then(
    () => undefined,
    (error) => (error instanceof Error && 'code' in error ? error.code : error),
  )

test('one declaration is proven with what it shows', async () => {
  const evidence = await verify(await standardRegister(), 1)
  assert.equal(evidence.name, 'Person 1')
  assert.deepEqual(evidence.text, {
    kind: 'own',
    language: 'en',
    text: 'I have thought about it 0 times.',
  })
  assert.equal(evidence.about?.voice, 'own-words')
  assert.equal(evidence.pair.declarations.size, 9)
  assert.equal((await verify(await standardRegister(), 4)).name, null)
})

test('it is shown as the acts on it left it', async () => {
  const register = await standardRegister()
  register.act({ type: 'redact', index: 1, ...UNCHANGED, shown: { name: false, text: true } })
  register.act({ type: 'withdraw', index: 2 })
  register.hide(1, 'name').hide(2, 'body', 'name', 'about')
  await register.publish('2026-01-04')
  const redacted = await verify(register, 1)
  assert.deepEqual([redacted.name, redacted.text?.kind], [null, 'own'])
  const withdrawn = await verify(register, 2)
  assert.deepEqual([withdrawn.state.withdrawn, withdrawn.text], [true, null])
})

test('what is missing, shown against the log, or not there is found', async () => {
  const missing = await standardRegister()
  missing.hide(1, 'name').writeContent()
  assert.equal(await codeOf(missing, 1), 'part_missing')
  const withdrawn = await standardRegister()
  await withdrawn.act({ type: 'withdraw', index: 1 }).publish('2026-01-04')
  assert.equal(await codeOf(withdrawn, 1), 'part_not_shown')
  await assert.rejects(verify(await standardRegister(), 9), VerifyError)
})

test('a flipped bit in anything it reads is found', async () => {
  const read = new Set<string>()
  const register = await standardRegister()
  const policy = parsePolicy(register.policyText)
  await verifyDeclaration(
    1,
    async (path) => {
      if (register.files.has(path)) read.add(path)
      return register.files.get(path)
    },
    { policy, sha256 },
  )
  assert.ok(read.size >= 8, [...read].join())
  for (const path of read) {
    const bytes = register.files.get(path)
    assert.ok(bytes)
    const changed = new Map(register.files).set(path, flipBit(bytes, ownPlace(path, bytes), 1))
    await assert.rejects(
      verifyDeclaration(1, readMap(changed).read, { policy, sha256 }),
      (error) => error instanceof Error && 'code' in error,
      path,
    )
  }
})

/** What files hold of other declarations is none of this one's business. */
function ownPlace(path: string, bytes: Uint8Array): number {
  const text = Buffer.from(bytes).toString('latin1')
  if (path === 'content/000') return text.indexOf('{"index":1,') + 30
  if (path.startsWith('log/declarations/tile/entries/')) return text.indexOf('day', 300)
  return bytes.length >> 1
}
