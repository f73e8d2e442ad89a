import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const SOURCE = join(import.meta.dirname, '../src')
const MECHANICS = ['postgres', 'jobs', 'http', 'ui', 'i18n']
const OUTWARD = ['register', 'centres', 'verify', 'declaration', 'tlog', ...MECHANICS]

/** What a room may import besides itself and encoding. main may import everything. */
const ALLOWED: Record<string, readonly string[]> = {
  encoding: [],
  tlog: [],
  sealing: [],
  declaration: ['tlog'],
  verify: ['declaration', 'tlog'],
  witness: ['tlog', 'http'],
  postgres: [],
  i18n: [],
  ui: ['i18n'],
  http: ['ui'],
  jobs: ['postgres'],
  config: ['declaration'],
  importing: ['declaration', 'register'],
  register: ['declaration', 'sealing', 'tlog', 'verify', 'postgres', 'jobs', 'http'],
  centres: ['declaration', 'sealing', 'postgres', 'http', 'ui', 'i18n'],
  intake: ['centres', 'declaration', 'sealing', ...MECHANICS],
  'offline-form': ['intake', 'declaration', 'sealing', 'tlog', ...MECHANICS],
  desk: ['intake', 'centres', 'register', 'declaration', 'sealing', 'verify', 'tlog', ...MECHANICS],
  site: OUTWARD,
  bulletin: OUTWARD,
  certificate: OUTWARD,
  mirror: OUTWARD,
  materials: OUTWARD,
}
const PURE = ['encoding', 'tlog', 'declaration', 'sealing', 'verify']
const PURE_PACKAGES = /^(@noble\/|@scure\/|age-encryption$)/

interface Import {
  readonly file: string
  readonly room: string
  readonly target: string
}

const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name),
  )
  .map((entry) => join(entry.parentPath, entry.name))

const imports: Import[] = files.flatMap((file) => {
  const room = relative(SOURCE, file).split('/')[0] ?? ''
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from\s+|import\s*\(?\s*)'([^'\n]+)'/g)].map((match) => ({
    file: relative(SOURCE, file),
    room,
    target: match[1] ?? '',
  }))
})

test('there are source files and imports to check', () => {
  assert.ok(files.length > 40, `${files.length} files`)
  assert.ok(imports.length > 100, `${imports.length} imports`)
})

test('imports between rooms run one way', () => {
  const wrong = imports.flatMap(({ file, room, target }) => {
    if (room === 'main' || !target.startsWith('.')) return []
    const to = relative(SOURCE, join(SOURCE, dirname(file), target)).split('/')[0] ?? ''
    if (to === room || (to === 'encoding' && room in ALLOWED)) return []
    return ALLOWED[room]?.includes(to) ? [] : [`${file}: ${room} may not import from ${to}/`]
  })
  assert.deepEqual(wrong, [])
})

test('pure rooms import no package but noble, scure and age', () => {
  const wrong = imports
    .filter(({ room, target }) => PURE.includes(room) && !target.startsWith('.'))
    .filter(({ target }) => !PURE_PACKAGES.test(target))
    .map(({ file, target }) => `${file} imports ${target}`)
  assert.deepEqual(wrong, [])
})

test('pure rooms read no clock and no randomness', () => {
  const banned =
    /Date\.now|new Date\(\)|Math\.random|getRandomValues|randomUUID|process\.|globalThis/
  const wrong = files
    .filter((file) => PURE.includes(relative(SOURCE, file).split('/')[0] ?? ''))
    .flatMap((file) => {
      const lines = readFileSync(file, 'utf8').split('\n')
      return lines
        .filter((line) => banned.test(line))
        .map((line) => `${relative(SOURCE, file)}: ${line.trim()}`)
    })
  assert.deepEqual(wrong, [])
})

test('the public side has no path to the intake', () => {
  const wrong = imports
    .filter(({ room }) =>
      ['site', 'bulletin', 'certificate', 'mirror', 'materials', 'register', 'verify'].includes(
        room,
      ),
    )
    .filter(({ target }) => /\/(intake|desk)\//.test(target))
    .map(({ file, target }) => `${file} imports ${target}`)
  assert.deepEqual(wrong, [])
})
