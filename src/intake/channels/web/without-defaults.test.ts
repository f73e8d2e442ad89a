import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withDefaults, withoutDefaults } from './without-defaults.ts'

const usual = { a: '', b: { c: [], d: null, e: { f: false } }, g: 0, h: [{ i: '' }, { i: '' }] }
const changed = fc.record({
  a: fc.string(),
  b: fc.record({
    c: fc.array(fc.string()),
    d: fc.option(fc.record({ x: fc.string(), y: fc.array(fc.integer()) })),
    e: fc.record({ f: fc.boolean() }),
  }),
  g: fc.integer(),
  h: fc.array(fc.record({ i: fc.string() })),
})

test('what is left out comes back as it was', () => {
  fc.assert(
    fc.property(changed, (made) => {
      const value = JSON.parse(JSON.stringify(made))
      const packed = withoutDefaults(value, usual)
      const written = packed === undefined ? undefined : JSON.parse(JSON.stringify(packed))
      assert.deepEqual(withDefaults(written, usual), value)
    }),
  )
})

test('what is usual takes no room, a list that differs in one place is kept whole', () => {
  assert.equal(withoutDefaults(structuredClone(usual), usual), undefined)
  assert.deepEqual(withoutDefaults({ ...usual, h: [{ i: '' }, { i: 'x' }] }, usual), {
    h: [{ i: '' }, { i: 'x' }],
  })
})
