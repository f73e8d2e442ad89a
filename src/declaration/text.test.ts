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

test('a letter keeps thirty marks, whatever normalizing makes of them', () => {
  // U+0344 is one mark that becomes two; the half-width sign becomes one when widths are folded.
  for (const mark of ['\u0301', '\u0344', '\u0301\u0323', '\uff9e', '\uff9e\u0301']) {
    const tidied = tidyLine(`a${mark.repeat(40)}b`)
    assert.match(tidied, /^\p{L}[\p{M}\uff9e]{29,30}b$/u, mark)
    checkLine(tidied, 100)
    assert.equal(tidyText(`a${mark.repeat(40)}b`), tidied)
    assert.equal(tidyText(tidied), tidied)
  }
})

test('a name or a text with more than thirty marks on one letter is refused', () => {
  for (const check of [(text: string) => checkLine(text, 1000), checkText]) {
    check(`q${'\u0323'.repeat(30)}`)
    assert.throws(() => check(`q${'\u0323'.repeat(31)}`), /too many marks/)
  }
})

test('what no feed can hold is left out where it is typed and refused where it is sent', () => {
  assert.equal(tidyText('a\ufffeb\uffff'), 'ab')
  assert.equal(tidyLine('a\ufffeb\uffff'), 'ab')
  for (const character of ['\ufffe', '\uffff']) {
    assert.throws(() => checkText(`a${character}`), /control or direction/)
    assert.throws(() => checkLine(`a${character}`, 10), /control or direction/)
  }
})
