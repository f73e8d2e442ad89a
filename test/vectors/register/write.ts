import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findLie } from '../../support/find-lie.ts'
import { spoil, vectorMutations, vectorRegister } from '../../support/register-vectors.ts'

/**
 * Writes the register, its policy and the table of mutations anew. A format is frozen by these files: run this only with
 * a change of a format that has a version line of its own, and read every line of the difference.
 */
const folder = import.meta.dirname
const register = await vectorRegister()
await rm(join(folder, 'public'), { recursive: true, force: true })
await register.writeTo(join(folder, 'public'))
await writeFile(join(folder, 'policy'), register.policyText)

const invalid = []
for (const mutation of await vectorMutations()) {
  const finding = await findLie(spoil(register, mutation))
  assert.ok(finding !== undefined, `nothing found: ${mutation.name}`)
  invalid.push({ ...mutation, code: finding.code, file: finding.file })
}
const description =
  'Each spoils the register in public/ by writing these files over it (base64) or removing them (null). A verifier with the policy in policy reports the finding in file; code is the name this implementation gives it.'
await writeFile(
  join(folder, 'mutations.json'),
  `${JSON.stringify({ description, invalid }, null, 2)}\n`,
)
