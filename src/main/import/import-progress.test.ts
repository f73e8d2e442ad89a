import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importProgress, progressText } from './import-progress.ts'

const TOTALS = { statements: 1000, persons: 13_600 }

test('progress says persons, statements, rate and what is left', () => {
  assert.equal(
    progressText(0.25, 0.005, TOTALS),
    '3400 of 13600 persons · 250 of 1000 statements · 68 persons/s, 3 min left',
  )
})

test('before anything moved it promises no time', () => {
  assert.doesNotMatch(progressText(0, 0, TOTALS), /left/)
})

test('an archive of no statements is shown as done and divides by nothing', () => {
  assert.match(progressText(1, 0, { statements: 0, persons: 0 }), /^0 of 0 persons/)
})

test('nothing is written where nobody sits at a terminal', () => {
  const written: string[] = []
  const progress = importProgress({ write: (text) => written.push(text) }, TOTALS)
  progress.show({ published: 1, parts: 2 })
  progress.clear()
  assert.deepEqual(written, [])
})
