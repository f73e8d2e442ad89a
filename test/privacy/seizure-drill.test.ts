import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { plantedText } from '../../src/main/drill/canary.ts'
import { COVERED_CHANNELS, findUncovered } from '../../src/main/drill/covered.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { runAvow } from '../support/watch-register.ts'

test('a seized register gives what it published and nothing else', async () => {
  const { code, output } = await runAvow(['drill', 'seizure', '--json'])
  assert.equal(code, 0, output)
  const last = output.split('\n').findLast((line) => line.startsWith('{')) ?? assert.fail(output)
  const { canaries, ...found } = JSON.parse(last)
  assert.ok(canaries > 100, `${canaries} canaries`)
  assert.ok(found.publishedFound >= 5, output)
  assert.deepEqual({ ...found, publishedFound: 0 }, { publishedFound: 0, leaked: 0, opened: 0 })
})

test('the drill walks every channel that exists', () => {
  const channels = readdirSync(join(import.meta.dirname, '../../src/intake/channels'))
  assert.deepEqual(channels.toSorted(), [...COVERED_CHANNELS].toSorted())
})

test('what a configuration starts and the drill does not look at is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-covered-'))
  try {
    const file = join(folder, 'avow.json')
    const listeners = [{ host: '127.0.0.1', port: 1, path: 'onion' }]
    const bucket = { url: 'http://store.example/register' }
    writeFileSync(file, JSON.stringify({ bucket, intake: { listeners } }))
    assert.deepEqual(await findUncovered({ AVOW_CONFIG: file }), [])
    assert.deepEqual(
      await findUncovered({ AVOW_CONFIG: file, DATABASE_URL: 'postgres://elsewhere/' }),
      ['database elsewhere'],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a planted word is found in every encoding that a disk may hold', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'avow-search-'))
  try {
    const { text } = plantedText('text')
    const bytes = Buffer.from(text)
    const receipt = Buffer.from('0123456789abcdef')
    const forms: Readonly<Record<string, Buffer | string>> = {
      plain: `before ${text} after`,
      utf16: Buffer.from(text, 'utf16le'),
      hex: bytes.toString('hex'),
      base64: Buffer.from(`x${text}y`).toString('base64'),
      url: encodeURIComponent(text),
      json: JSON.stringify(text).replace(
        /[^ -~]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16)}`,
      ),
      raw: Buffer.concat([Buffer.from([0, 255]), receipt, Buffer.from([7])]),
    }
    for (const [name, form] of Object.entries(forms)) writeFileSync(join(folder, name), form)
    const { sightings } = await searchFolders(
      [folder],
      [
        { name: 'text', text },
        { name: 'receipt', bytes: receipt },
      ],
    )
    const files = new Set(sightings.map(({ file }) => file.slice(folder.length + 1)))
    assert.deepEqual([...files].toSorted(), Object.keys(forms).toSorted())
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the drill says what it is when asked, and refuses what it does not know', async () => {
  assert.equal((await runAvow(['drill', '--help'])).code, 0)
  assert.equal((await runAvow(['drill', 'fire'])).code, 2)
})
