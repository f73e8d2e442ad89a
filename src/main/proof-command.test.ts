import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { fixedBytes, sha256 } from '../../test/support/tiny-log.ts'
import { TinyRegister } from '../../test/support/tiny-register.ts'
import { encodeKeptOpenings } from '../declaration/kept-openings.ts'
import { receiptSecrets, receiptToDigits } from '../declaration/receipt.ts'
import { utf8 } from '../encoding/bytes.ts'
import { sealToSeed } from '../sealing/seed-file.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { verifyProof } from '../verify/verify-proof.ts'
import { proofCommand } from './proof-command.ts'
import { verifyCommand } from './verify-command.ts'

const BY_DESK = { kind: 'author-by-desk' } as const

test('a proof to an anchor holds by the anchors, and by no others', async () => {
  const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
  for (let i = 0; i < 65_536 + 10; i++) register.declare({})
  await register.publish('2026-01-02')
  await using holder = await openHolder(register)
  const [anchors, proof] = ['anchors', 'p.anchor-proof'].map((name) => join(holder.folder, name))
  assert.equal((await holder.prove('--anchors', '--out', anchors ?? '')).code, 0)
  assert.equal((await holder.prove('--index', '40000', '--anchor', '--out', proof ?? '')).code, 0)
  const verify = async () => {
    let out = ''
    const stdout = { write: (text: string) => (out += text) }
    const args = [proof ?? '', '--anchors', anchors ?? '']
    return [await verifyCommand(args, { stdout, stderr: stdout }), out] as const
  }
  const [code, out] = await verify()
  assert.equal(code, 0, out)
  assert.match(out, /declaration 40000 of register.example\/tiny\/log\/declarations/)
  // The newest declarations are under no anchor yet.
  assert.equal((await holder.prove('--index', '65540', '--anchor')).code, 1)
  const text = await readFile(anchors ?? '', 'utf8')
  await writeFile(anchors ?? '', text.replace(/\n.{43}=\n$/, `\n${'A'.repeat(43)}=\n`))
  const [refused, said] = await verify()
  assert.deepEqual([refused, /code: bad_proof/.test(said)], [1, true])
})

async function openHolder(register: TinyRegister, receipt = '') {
  const folder = await mkdtemp(join(tmpdir(), 'avow-proof-'))
  await register.writeTo(join(folder, 'public'))
  const file = join(folder, 'mine.tlog-proof')
  return {
    folder,
    async prove(...args: readonly string[]) {
      let err = ''
      const code = await proofCommand([join(folder, 'public'), '--out', file, ...args], {
        stdout: { write: () => undefined },
        stderr: { write: (text) => (err += text) },
        readReceipt: async () => receipt,
      })
      return { code, err }
    },
    read: async () =>
      verifyProof(await readFile(file), {
        policy: parsePolicy(register.policyText),
        sha256,
        file,
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

test('the proof is under the earliest checkpoint that covers the declaration, and opens what is shown', async () => {
  const register = await standardRegister({ witnesses: 2 })
  for (let day = 4; day < 9; day++) {
    await register.declare(...somePersons(0, 120)).publish(`2026-01-0${day}`)
  }
  await using holder = await openHolder(register)
  for (const [index, size, day] of [
    [0, 5, '2026-01-02'],
    [4, 5, '2026-01-02'],
    [5, 9, '2026-01-03'],
    [9, 129, '2026-01-04'],
    [400, 489, '2026-01-07'],
    [608, 609, '2026-01-08'],
  ] as const) {
    const { code, err } = await holder.prove('--index', String(index))
    assert.equal(code, 0, err)
    const proven = await holder.read()
    assert.deepEqual([proven.index, proven.size], [index, size])
    assert.deepEqual(
      proven.independent.map((seen) => seen.day),
      [day, day],
    )
    assert.ok(proven.text !== null && proven.about !== null && proven.author === null)
  }
})

test('a holder discloses less than is shown', async () => {
  await using holder = await openHolder(await standardRegister())
  assert.equal((await holder.prove('--index', '3', '--open', 'name')).code, 0)
  const { name, text, about } = await holder.read()
  assert.deepEqual([name, text, about], ['Person 3', null, null])
  const { code, err } = await holder.prove('--index', '3', '--open', 'none')
  assert.deepEqual([code, /discloses nothing else/.test(err)], [0, true])
  assert.equal((await holder.read()).name, null)
})

test('with the receipt, a holder discloses more than is shown, and the declaration is found by itself', async () => {
  const register = await standardRegister()
  const receipt = fixedBytes('a receipt').slice(0, 16)
  const words = receiptToDigits(receipt).join(' ')
  await using holder = await openHolder(register, words)
  const kept = join(holder.folder, 'kept.age')
  const openings = encodeKeptOpenings({
    author: {
      salt: register.salt(4, 'author'),
      value: nobleEd25519.publicKey(fixedBytes('author 4')),
    },
    body: null,
    name: { salt: register.salt(4, 'name'), value: utf8('Person 4') },
  })
  await writeFile(kept, await sealToSeed(receiptSecrets(receipt).ageSeed, openings))
  // Declaration 4 keeps its name. Nothing that was not asked for is disclosed.
  assert.equal((await holder.prove('--kept', kept, '--open', 'text')).code, 0)
  assert.deepEqual([(await holder.read()).index, (await holder.read()).name], [4, null])
  assert.equal((await holder.prove('--kept', kept, '--open', 'name,author')).code, 0)
  const { name, author } = await holder.read()
  assert.equal(name, 'Person 4')
  assert.equal(author?.length, 32)
})

test('what a correction put in place of a text does not open the leaf, and is left out', async () => {
  const register = await standardRegister()
  register.act({ type: 'withdraw', index: 1 }, BY_DESK).hide(1, 'body', 'name', 'about')
  await register.publish('2026-01-04')
  await using holder = await openHolder(register)
  const { code, err } = await holder.prove('--index', '1')
  assert.deepEqual([code, /discloses nothing else/.test(err)], [0, true])
})

test('a declaration that is not there, a changed site and a mistake in the command line', async () => {
  const register = await standardRegister()
  await using holder = await openHolder(register)
  assert.equal((await holder.prove('--index', '9')).code, 1)
  assert.equal((await holder.prove('--index', 'x')).code, 2)
  assert.equal((await holder.prove()).code, 2)
  assert.equal((await holder.prove('--index', '1', '--open', 'texts')).code, 2)
  assert.equal((await holder.prove('--help')).code, 0)
  assert.equal((await holder.prove('--index', '1', '--policy', '/nowhere')).code, 2)
  const tile = 'log/declarations/tile/0/000.p/9'
  const bytes = register.files.get(tile) ?? new Uint8Array()
  await writeFile(join(holder.folder, 'public', tile), bytes.with(40, 255))
  const { code, err } = await holder.prove('--index', '8')
  assert.deepEqual([code, /No proof was written/.test(err)], [1, true])
})
