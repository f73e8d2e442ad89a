import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, findLie, verifyTiny } from '../../test/support/find-lie.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { fixedBytes, sha256 } from '../../test/support/tiny-log.ts'
import { type TinyRegister, UNCHANGED } from '../../test/support/tiny-register.ts'
import { commit, saltOf } from '../declaration/commitment.ts'
import type { ContentLine } from '../declaration/content.ts'
import { encodeBody, encodeName } from '../declaration/values.ts'
import { utf8 } from '../encoding/bytes.ts'
import { PARTS } from './part-rules.ts'

const CONTENT = 'content/000'

test('a part that no act touched is asked for whatever else happened', async () => {
  const acts = [
    { type: 'confirm', index: 1 },
    { type: 'redact', index: 1, ...UNCHANGED, shown: { name: false, text: true } },
    { type: 'correct', index: 1, ...UNCHANGED, orgs: ['league'], evidence: null },
  ] as const
  for (const act of acts) {
    const register = await standardRegister()
    register.act(act)
    if (act.type === 'redact') register.hide(1, 'name')
    await register.publish('2026-01-04')
    await verifyTiny(register)
    register.hide(1, 'body').writeContent()
    await assertLie(register, 'part_missing', CONTENT, /body of declaration 1/)
  }
})

test('a part that is missing without an event is found, whichever part', async () => {
  for (const part of PARTS) {
    const register = await standardRegister()
    register.hide(1, part).writeContent()
    await assertLie(register, 'part_missing', CONTENT, new RegExp(`${part} of declaration 1`))
  }
})

test('a name that the declarant kept is found when it is shown', async () => {
  const register = await standardRegister()
  const name = { salt: register.salt(4, 'name'), value: 'Person 4' }
  addParts(register, 4, { name })
  await assertLie(register, 'part_not_shown', CONTENT, /name of declaration 4/)
})

test('a part for which the leaf has no commitment is found', async () => {
  const register = await standardRegister()
  await register.declare({}).publish('2026-01-04')
  addParts(register, 9, { name: { salt: saltOf(fixedBytes('salt')), value: 'Nobody' } })
  await assertLie(register, 'part_not_shown', CONTENT)
})

test('what a withdrawal took back is found when it is still shown', async () => {
  for (const part of PARTS) {
    const register = await standardRegister()
    const others = PARTS.filter((other) => other !== part)
    register.act({ type: 'withdraw', index: 0 }).hide(0, ...others)
    await register.publish('2026-01-04')
    await assertLie(register, 'part_not_shown', CONTENT, new RegExp(`${part} of declaration 0`))
  }
})

test('a redacted text is held to its new commitment, and a part taken back is not asked for', async () => {
  const register = await standardRegister()
  const salt = saltOf(fixedBytes('redacted'))
  const body = { kind: 'standard', language: 'en', id: 'plain' } as const
  const commitment = commit('body', salt, encodeBody(body), sha256)
  register.act({ type: 'redact', index: 1, ...UNCHANGED, body: commitment })
  await register.publish('2026-01-04')
  const finding = await findLie(register)
  assert.equal(finding?.code, 'part_mismatch')

  const text = register.content.get(1)?.body
  register.hide(1, 'body')
  addParts(register, 1, { body: { ...body, salt } })
  await verifyTiny(register)
  assert.equal(text?.kind, 'own')
})

test('a name that a correction publishes is held to the new commitment', async () => {
  const register = await standardRegister()
  const salt = saltOf(fixedBytes('new name'))
  const name = commit('name', salt, encodeName('A new name'), sha256)
  const shown = { name: true, text: true }
  const values = { ...UNCHANGED, orgs: null, evidence: null, name, shown }
  register.act({ type: 'correct', index: 4, ...values })
  await register.publish('2026-01-04')
  await verifyTiny(register)
  addParts(register, 4, { name: { salt, value: 'Another name' } })
  await assertLie(register, 'part_mismatch', CONTENT, /name of declaration 4/)
  addParts(register, 4, { name: { salt, value: 'A new name' } })
  await verifyTiny(register)
})

test('what a correction shows for the first time may come later', async () => {
  const register = await standardRegister()
  const [person] = somePersons(1, 2)
  await register.declare({ ...person, hidden: ['text', 'name'] }).publish('2026-01-04')
  const shown = { name: true, text: true }
  register.act({ type: 'correct', index: 9, ...UNCHANGED, shown, orgs: null, evidence: null })
  await register.publish('2026-01-05')
  await verifyTiny(register)
  addParts(register, 9, { name: { salt: register.salt(9, 'name'), value: 'Person 1' } })
  await verifyTiny(register)
})

test('another name, about or text under the same salt is found', async () => {
  const register = await standardRegister()
  const { name, about } = register.content.get(1) ?? {}
  assert.ok(name !== undefined && about !== undefined)
  const changes = [
    { name: { ...name, value: 'Person 2' } },
    { name: { ...name, salt: saltOf(fixedBytes('another salt')) } },
    { about: { ...about, value: { ...about.value, sector: 'teaching' } } },
  ]
  for (const change of changes) {
    const before = register.content.get(1)
    addParts(register, 1, change)
    await assertLie(register, 'part_mismatch', CONTENT, /declaration 1/)
    if (before !== undefined) register.content.set(1, before)
  }
  const text = [...register.files.keys()].find((path) => path.startsWith('content/texts/')) ?? ''
  register.writeContent()
  register.files.set(text, utf8('own en\nI never thought about it.'))
  await assertLie(register, 'part_mismatch', text)
})

test('a text file that is not a text is found', async () => {
  const register = await standardRegister()
  const text = [...register.files.keys()].find((path) => path.startsWith('content/texts/')) ?? ''
  for (const bytes of ['standard en plain\n', 'hello', '', 'own en\n']) {
    register.files.set(text, utf8(bytes))
    await assertLie(register, 'bad_content', text)
  }
})

test('content that is no content, or of declarations that do not exist, is found', async () => {
  const register = await standardRegister()
  const file = register.files.get(CONTENT) ?? new Uint8Array()
  const lines = new TextDecoder().decode(file).split('\n').slice(0, -1)
  const last = lines.at(-1) ?? ''
  const beyond = [...lines, last.replace('"index":8', '"index":9')]
  register.files.set(CONTENT, utf8(beyond.map((line) => `${line}\n`).join('')))
  await assertLie(register, 'part_not_shown', CONTENT, /not in the log/)
  const lies = [
    [...lines, last],
    lines.toReversed(),
    [...lines.slice(0, -1), last.replace('"index"', ' "index"')],
    [...lines.slice(0, -1), `${last} `],
    [...lines, ''],
    [...lines.slice(0, -1), '{}'],
  ]
  for (const lie of lies) {
    register.files.set(CONTENT, utf8(lie.map((line) => `${line}\n`).join('')))
    await assertLie(register, 'bad_content', CONTENT)
  }
  register.files.set(CONTENT, Uint8Array.of(0xff, 0x0a))
  await assertLie(register, 'bad_content', CONTENT)
})

test('an empty content file is as good as none', async () => {
  const register = await standardRegister()
  for (let index = 0; index < 9; index++) {
    register.act({ type: 'withdraw', index }).hide(index, ...PARTS)
  }
  await register.publish('2026-01-04')
  assert.equal(register.files.get(CONTENT)?.length, 0)
  await verifyTiny(register)
  register.files.delete(CONTENT)
  await verifyTiny(register)
})

function addParts(register: TinyRegister, index: number, parts: Omit<ContentLine, 'index'>): void {
  const line = register.content.get(index) ?? { index }
  register.content.set(index, { ...line, ...parts })
  register.writeContent()
}
