import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { fromBase64 } from '../../../src/encoding/base64.ts'
import { findLie, verifyTiny } from '../../support/find-lie.ts'
import {
  type Mutation,
  spoil,
  vectorMutations,
  vectorRegister,
} from '../../support/register-vectors.ts'

type Refused = Mutation & { readonly code: string; readonly file: string }

const folder = import.meta.dirname
const policyText = readFileSync(join(folder, 'policy'), 'utf8')
const files = readFiles(join(folder, 'public'))
const { invalid }: { readonly invalid: readonly Refused[] } = JSON.parse(
  readFileSync(join(folder, 'mutations.json'), 'utf8'),
)

function readFiles(root: string): Map<string, Uint8Array> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return new Map(paths.map((path) => [relative(root, path), Uint8Array.from(readFileSync(path))]))
}

test('the register of the vectors verifies, as a folder and as a site', async () => {
  for (const how of ['as a folder', 'as a site'] as const) {
    const { pair, opened, tally, numbers } = await verifyTiny({ files, policyText }, how)
    assert.deepEqual([pair.declarations.size, pair.events.size], [7, 17])
    assert.deepEqual(opened, { body: 4, name: 3, about: 6 })
    assert.equal(tally.parts.length, 7)
    assert.deepEqual(numbers, ['count.json', 'en/index.html'])
  }
})

test('every mutation of the vectors is found in the file that the table names', async () => {
  assert.ok(invalid.length > 60, `${invalid.length} mutations`)
  for (const mutation of invalid) {
    const finding = await findLie(spoil({ files, policyText }, mutation))
    const { name, code, file } = mutation
    assert.deepEqual({ code: finding?.code, file: finding?.file }, { code, file }, name)
  }
})

test('a changed or removed file is blamed itself', () => {
  for (const { name, file, files: changed } of invalid) {
    if (/^(changed|removed): /.test(name)) assert.deepEqual(Object.keys(changed), [file], name)
  }
})

test('the formats still write the bytes of the vectors', async () => {
  const register = await vectorRegister()
  assert.equal(register.policyText, policyText)
  assert.deepEqual([...register.files.keys()].toSorted(), [...files.keys()].toSorted())
  for (const [path, bytes] of register.files) {
    assert.ok(Buffer.compare(bytes, files.get(path) ?? Buffer.alloc(0)) === 0, path)
  }
  const mutations = await vectorMutations()
  assert.deepEqual(
    mutations,
    invalid.map(({ name, files: changed }) => ({ name, files: changed })),
  )
  for (const { files: changed } of mutations) {
    for (const text of Object.values(changed)) if (text !== null) fromBase64(text)
  }
})
