import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLie, verifyTiny } from '../../test/support/find-lie.ts'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import { createTinyLog, fixedBytes, sha256 } from '../../test/support/tiny-log.ts'
import { TINY_REGISTER, TinyRegister } from '../../test/support/tiny-register.ts'
import { utf8 } from '../encoding/bytes.ts'
import { formatCheckpoint } from '../tlog/checkpoint.ts'
import { treeHash } from '../tlog/hash.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { signNote } from '../tlog/signed-note.ts'
import { VerifyError } from './error.ts'
import { formatLatest } from './latest.ts'
import type { ReadFile } from './read-file.ts'
import { verifyRegister } from './verify-register.ts'

test('a log that signs an absurd size is refused after a few reads', async () => {
  for (const size of [2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const register = await standardRegister()
    const { signer } = createTinyLog('declarations', TINY_REGISTER, [], new Map())
    const root = treeHash(fixedBytes('an invented root'))
    const body = formatCheckpoint({ origin: signer.key.name, size, root })
    const note = signNote(body, [signer])
    const events = await verifyTiny(register)
    register.files.set('log/declarations/checkpoint', note)
    register.files.set(`log/checkpoints/declarations/${size}`, note)
    register.files.set(
      'log/latest',
      formatLatest({ declarations: { size, root }, events: events.pair.events }),
    )
    let reads = 0
    const read: ReadFile = async (path) => {
      reads++
      return register.files.get(path)
    }
    const policy = parsePolicy(register.policyText)
    await assert.rejects(verifyRegister(read, { policy, sha256 }), VerifyError)
    assert.ok(reads < 40, `${reads} reads`)
  }
})

test('no file is asked for beyond its bound, and a larger one is refused by name', async () => {
  const register = await standardRegister({ witnesses: 1 })
  const policy = parsePolicy(register.policyText)
  const bounds = new Map<string, number>()
  const read: ReadFile = async (path, maxBytes) => {
    bounds.set(path, Math.max(maxBytes, bounds.get(path) ?? 0))
    return register.files.get(path)
  }
  await verifyRegister(read, { policy, sha256 })
  assert.equal([...bounds.values()].filter((bound) => bound > 64 * 1024 * 1024).length, 0)
  for (const [path, bound] of bounds) {
    // A bound of megabytes is tested by what a reader says, not by making the bytes.
    if (bound > 2 * 1024 * 1024 || !register.files.has(path)) continue
    const files = new Map(register.files).set(path, new Uint8Array(bound + 1))
    const finding = await findLie({ files, policyText: register.policyText })
    assert.deepEqual([finding?.code, finding?.file], ['file_too_large', path])
  }
})

test('texts, names and notes with control characters never reach a message', async () => {
  const register = await standardRegister()
  const evil = '\u001b[2J\u0007'
  for (const path of ['log/latest', 'log/declarations/checkpoint', 'content/000', 'log/tally']) {
    const files = new Map(register.files).set(path, utf8(evil))
    const finding = await findLie({ files, policyText: register.policyText })
    assert.equal(finding?.file, path)
    assert.doesNotMatch(`${finding?.message}`, /\p{Cc}/u)
  }
})

test('no reading of a file is left unhandled when an earlier one lies', async () => {
  const register = await new TinyRegister({ authors: 'unknown' }).publish('2026-01-01')
  for (let i = 0; i < 256 * 12; i++) register.declare({})
  await register.publish('2026-01-02')
  const policy = parsePolicy(register.policyText)
  const broken = new Set([
    'log/declarations/tile/0/001',
    'log/declarations/tile/0/004',
    'content/006',
  ])
  const read: ReadFile = async (path) => {
    if (broken.has(path)) throw new VerifyError('missing_file', path, 'the disk is broken')
    return register.files.get(path)
  }
  const verifying = verifyRegister(read, { policy, sha256 })
  await assert.rejects(verifying, { file: 'log/declarations/tile/0/001' })
  // An unhandled rejection would end this process after the next turn of its loop.
  await new Promise((resolve) => setImmediate(resolve))
})
