import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RUNS } from '../../test/support/declaration-examples.ts'
import { checkLine, checkText, tidyLine, tidyText } from './text.ts'

const typed = fc.string({ unit: 'binary', maxLength: 80 })

test('whatever a person types is tidied into a line and a text that pass, or into nothing', () => {
  fc.assert(
    fc.property(typed, (text) => {
      const asLine = tidyLine(text)
      if (asLine !== '') checkLine(asLine, 1000)
      const asText = tidyText(text)
      if (asText !== '') checkText(asText)
    }),
    { numRuns: 10 * RUNS },
  )
})

test('tidying twice changes nothing more', () => {
  fc.assert(
    fc.property(typed, (text) => {
      assert.equal(tidyLine(tidyLine(text)), tidyLine(text))
      assert.equal(tidyText(tidyText(text)), tidyText(text))
    }),
    { numRuns: RUNS },
  )
})

test('line ends of every kind become LF and a tab becomes a space', () => {
  assert.equal(tidyText(' 甲\r\n乙\r丙\u2028丁\t戊\u0000\n'), '甲\n乙\n丙\n丁 戊')
})

test('a name keeps its joiners and loses what would turn it round', () => {
  assert.equal(tidyLine(' نامه\u200cها\u202e \n x '), 'نامه\u200cها   x')
})
