import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEXT_MAX_CHARS } from '../../declaration/text.ts'
import { generateIdentity, openWith, recipientOf } from '../../sealing/age.ts'
import { unpad } from '../../sealing/padding.ts'
import { keptBytesMax, sealKeptOpenings } from './kept-openings.ts'

const salt = new Uint8Array(32).fill(7) as never
const opening = (text: string) => ({ salt, value: new TextEncoder().encode(text) })

test('the longest text of one person that is not shown stays with its value', async () => {
  const identity = await generateIdentity()
  const text = '字'.repeat(TEXT_MAX_CHARS)
  const kept = { author: opening('a'), body: opening(text), name: null }
  const sealed = await sealKeptOpenings(kept, await recipientOf(identity), 1)
  const opened = JSON.parse(new TextDecoder().decode(unpad(await openWith([identity], sealed))))
  assert.equal(Buffer.from(opened.body.value, 'base64').toString(), text)
  assert.ok(Math.ceil(sealed.length / 3) * 4 <= 512 * 1024, 'it has its place in a proposal')
})

test('the parts of one proposal stay below 8 MiB for any number of persons', () => {
  for (const persons of [1, 2, 12, 13, 48, 49, 192, 193, 500]) {
    const padded = keptBytesMax(persons) + 4
    const file = padded + 2500
    assert.ok(persons * Math.ceil(file / 3) * 4 < 7 * 1024 * 1024, `${persons} persons`)
  }
})
