import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8')
const NOT_BUILT = /^not built/
/** The rows of the design, each once, whatever is added to them. */
const SEIZED = [
  'data disk, powered off',
  'data disk and secrets folder',
  'the running intake',
  'the running desk',
  'the publisher',
  'a volunteer’s laptop, locked',
  'a volunteer, turned',
  'a volunteer, turned, plus a seized disk or backup',
  'two colluding volunteers',
  'a station tablet',
  'a paper box',
  'a mirror',
  'a receipt',
]

const rows = tableRows()

test('every seizure that the design lists has its row, and none stands twice', () => {
  const seized = rows.map(([name = '']) => name)
  assert.equal(new Set(seized).size, seized.length)
  for (const name of SEIZED) assert.ok(seized.includes(name), name)
})

test('every row names tests that exist, by file and by name, or says that the thing is not built', () => {
  for (const [seized = '', , , shown = ''] of rows) {
    if (NOT_BUILT.test(shown)) continue
    const named = [...shown.matchAll(/`([^`]+\.test\.ts)`: \*([^*]+)\*/g)]
    assert.ok(named.length > 0, `${seized}: no test is named`)
    const rest = shown.replaceAll(/`[^`]+\.test\.ts`: \*[^*]+\*/g, '').replaceAll(/[\s,;]/g, '')
    assert.equal(rest, '', `${seized}: something beside tests is named`)
    for (const [, file = '', name = ''] of named) {
      const path = join(ROOT, file)
      assert.ok(existsSync(path), `${seized}: there is no ${file}`)
      assert.ok(testNames(path).includes(name), `${seized}: ${file} has no test “${name}”`)
    }
  }
})

test('what is not built is not there', () => {
  for (const [seized = '', , , shown = ''] of rows) {
    const folder = /^not built: there is no `([^`]+)`$/.exec(shown)?.[1]
    if (!NOT_BUILT.test(shown)) continue
    assert.ok(folder !== undefined, `${seized}: where would it be?`)
    assert.ok(
      !existsSync(join(ROOT, folder)),
      `${seized}: ${folder} is there, and so is a row to fill`,
    )
  }
})

function tableRows(): readonly (readonly string[])[] {
  const start = PAGE.indexOf('| seized |')
  assert.ok(start > 0, 'the table is gone')
  const table = PAGE.slice(start, PAGE.indexOf('\n\n', start))
  return table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** As far as they are written out; a name that is put together at run time cannot be named in a page. */
function testNames(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/\btest\(\s*(['"`])(.*?)\1/g)].map((match) => match[2] ?? '')
}
