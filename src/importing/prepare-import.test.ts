import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseFormDefinition } from '../declaration/form-definition.ts'
import { type ImportedStatement, parseImportPart } from '../register/import-part.ts'
import { archiveReader } from './archive-statement.ts'
import { ImportError } from './error.ts'
import { organisationFinder, parseOrganisationProse } from './organisation-prose.ts'
import { prepareImport, readManifestParts, surveyHash } from './prepare-import.ts'
import type { ArchiveForm } from './read-archive.ts'

const folder = new URL('../../registers/quit-ccp/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const definition = parseFormDefinition(read('form.json'))
const form: ArchiveForm = {
  read: archiveReader(definition),
  findOrganisations: organisationFinder(
    parseOrganisationProse(read('organisation-prose.json'), definition),
  ),
}
const FOR = { register: 'localhost/test', formHash: 'ab'.repeat(32) }

type Line = { readonly text: string } & Readonly<Record<string, unknown>>

const line = (text: string, more: Readonly<Record<string, unknown>> = {}): Line => ({
  text,
  language: 'en',
  declarants: [{ name: `by ${text}`, organisations: ['party'] }],
  ...more,
})

async function* archiveOf(lines: readonly Line[]): AsyncGenerator<Uint8Array> {
  for (const one of lines) yield Buffer.from(`${JSON.stringify(one)}\n`)
}

const prepare = (lines: readonly Line[]) => prepareImport(archiveOf(lines), form, FOR)

async function partsOf(lines: readonly Line[]): Promise<ImportedStatement[][]> {
  const { manifest } = await prepare(lines)
  const parts: ImportedStatement[][] = []
  await readManifestParts(archiveOf(lines), form, manifest, async (part) => {
    parts.push([...parseImportPart(part).statements])
  })
  return parts
}

test('the manifest counts what is in the archive and names file and survey by their hashes', async () => {
  const lines = [
    line('one', { persons: 12 }),
    line('two', { declarants: [{ organisations: 'CCP' }, { organisations: 'a club' }] }),
    line('three', { language: 'zh-hans', declarants: [], persons: 4 }),
  ]
  const { manifest, survey } = await prepare(lines)
  const { parts, ...facts } = manifest
  const bytes = lines.map((one) => `${JSON.stringify(one)}\n`).join('')
  assert.deepEqual(facts, {
    format: 'avow/import-manifest/v1',
    register: FOR.register,
    form: FOR.formHash,
    file: hash('sha256', bytes),
    survey: surveyHash(survey),
    statements: 3,
    persons: 3,
    claimed: 15,
    mismatches: 2,
  })
  assert.equal(parts.length, 1)
  assert.deepEqual(survey.languages, { en: 2, 'zh-hans': 1 })
  assert.deepEqual(survey.organisations, { party: 2, unstated: 1 })
  assert.equal(survey.unknown, 1)
  assert.deepEqual(survey.unknownProse, [{ written: 'a club', declarations: 1 }])
  assert.deepEqual(
    survey.samples.map((sample) => [sample.line, sample.text, sample.listed, sample.claimed]),
    [
      [1, 'one', 1, 11],
      [2, 'two', 2, 0],
      [3, 'three', 0, 4],
    ],
  )
})

test('parts hold every statement once, in order, within their bounds', async () => {
  const many = Array.from({ length: 1201 }, (_, i) => line(`statement ${i}`))
  const large = line('large', { declarants: Array.from({ length: 2000 }, () => ({})) })
  const lines = [...many, large, large, large]
  const parts = await partsOf(lines)
  assert.deepEqual(
    parts.map((part) => [part.length, part.flatMap(({ declarations }) => declarations).length]),
    [
      [500, 500],
      [500, 500],
      [203, 4201],
      [1, 2000],
    ],
  )
  assert.deepEqual(
    parts.flat().map(({ text }) => text),
    lines.map(({ text }) => text),
  )
})

test('long texts make short parts', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => ({
    ...line('long'),
    text: `${i} ${'x'.repeat(19_990)}`,
  }))
  const sizes = (await partsOf(lines)).map((part) => part.length)
  assert.deepEqual(sizes, [104, 104, 92])
})

test('equal statements are told apart by how often they came before', async () => {
  const parts = await partsOf([
    line('a'),
    line('b'),
    line('a'),
    line('a', { persons: 2 }),
    line('a'),
  ])
  assert.deepEqual(
    parts.flat().map(({ text, repeat }) => `${text} ${repeat}`),
    ['a 0', 'b 0', 'a 1', 'a 0', 'a 2'],
  )
  assert.equal((await prepare([line('a'), line('a')])).survey.repeats, 1)
})

test('spaces and the order of members make another file and the same parts', async () => {
  const swapped = `{ "declarants": [{"organisations":["party"], "name":" by one "}],  "language":"en", "text":"one\\n" }`
  async function* written() {
    yield Buffer.from(swapped)
  }
  const plain = await prepare([line('one')])
  const other = await prepareImport(written(), form, FOR)
  assert.notEqual(other.manifest.file, plain.manifest.file)
  assert.deepEqual(other.manifest.parts, plain.manifest.parts)
})

test('an archive that changed after its manifest was made is not handed over as the signed one', async () => {
  const lines = [line('one'), line('two')]
  const { manifest } = await prepare(lines)
  for (const changed of [[line('one'), line('2')], [line('one')], [], [...lines, line('three')]]) {
    const handed: number[] = []
    await assert.rejects(
      readManifestParts(archiveOf(changed), form, manifest, async (_, index) => {
        handed.push(index)
      }),
      (error) => error instanceof ImportError && error.code === 'file_changed',
    )
    assert.deepEqual(handed, [])
  }
})

test('lines that do not read are told together', async () => {
  const lines = [line('one'), line(''), line('two'), line('three', { language: 'ENGLISH' })]
  await assert.rejects(
    prepare(lines),
    (error) =>
      error instanceof ImportError &&
      error.code === 'bad_lines' &&
      error.line === 2 &&
      /^line 2: .*\nline 4: .*$/.test(error.message),
  )
})

test('a file of nothing but bad lines stops being read after twenty', async () => {
  let given = 0
  async function* endless() {
    for (;;) {
      given++
      yield Buffer.from('x\n')
    }
  }
  await assert.rejects(prepareImport(endless(), form, FOR), { code: 'bad_lines' })
  assert.equal(given, 20)
})

test('samples are drawn by the statements themselves, wherever they stand', async () => {
  const lines = Array.from({ length: 100 }, (_, i) => line(`statement ${i}`))
  const texts = async (given: readonly Line[]) =>
    (await prepare(given)).survey.samples.map(({ text }) => text).toSorted()
  const forward = await texts(lines)
  assert.equal(forward.length, 10)
  assert.deepEqual(await texts(lines.toReversed()), forward)
})
