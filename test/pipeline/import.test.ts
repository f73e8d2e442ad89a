import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { parseTally } from '../../src/declaration/tally.ts'
import { sampleLine, samplePersons } from '../../src/main/demo/sample-archive.ts'
import { stopEmbedded } from '../../src/postgres/embedded.ts'
import { registerIn, startAvow } from '../support/avow-command.ts'
import { startProduct } from '../support/product.ts'
import { becomeVolunteer } from '../support/volunteers.ts'
import { countOf, untilCount } from '../support/watch-register.ts'

const STATEMENTS = 10_000
const form = parseFormDefinition(
  await readFile(new URL('../../registers/quit-ccp/form.json', import.meta.url), 'utf8'),
)
/** What an archive writes for organisations, and what a leaf has to say for it. */
const PROSE = new Map([
  ['CCP and its affiliated organizations', 'affiliated,party'],
  ['退出党团队', 'league,party,pioneers'],
  ['Youth League and Young Pioneers', 'league,pioneers'],
  ['a made-up club that nobody knows', 'unstated'],
])
const lines = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, i) => `${sampleLine(from + i, { form, prose: [...PROSE.keys()] })}\n`,
  ).join('')

interface SampleRegister extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
  readonly archive: string
  readonly folder: string
  readonly publicFile: (path: string) => string
}

async function openFolder(config: object): Promise<SampleRegister> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-import-'))
  await writeFile(join(folder, 'avow.json'), JSON.stringify(config))
  return {
    folder,
    env: registerIn(folder),
    archive: join(folder, 'archive.jsonl'),
    publicFile: (path) => join(folder, 'data/public', path),
    async [Symbol.asyncDispose]() {
      // A killed import leaves its database running, as a power cut would not.
      await stopEmbedded(join(folder, 'data/postgres'))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

test('ten thousand statements, stopped and killed in the middle', async (t) => {
  await using register = await openFolder({ sample: true })
  const { env, archive, folder, publicFile } = register
  await writeFile(archive, lines(0, STATEMENTS))
  const persons = samplePersons(STATEMENTS)
  const importArchive = () => startAvow(['import', archive, '--unreviewed', '--json'], env)

  await t.test('Ctrl-C finishes the batch in hand and closes the database', async () => {
    const stopped = importArchive()
    await untilPublished(publicFile('log/latest'), 1)
    stopped.send('SIGINT')
    const { code, stderr } = await stopped.ended
    assert.equal(code, 1)
    assert.match(stderr, /run it again to continue/)
    assert.equal(existsSync(join(folder, 'data/postgres/postmaster.pid')), false)
  })

  const stoppedAt = await publishedSize(publicFile('log/latest'))
  const killed = importArchive()
  await untilPublished(publicFile('log/latest'), stoppedAt + 1)
  killed.send('SIGKILL')
  assert.equal((await killed.ended).code, null)
  const before = await publishedSize(publicFile('log/latest'))
  assert.ok(before < persons, 'it was killed in the middle')

  await t.test('another run continues and ends with every person once', async () => {
    const { code, stdout, stderr } = await importArchive().ended
    assert.equal(code, 0, stderr)
    const { declarations, statements } = JSON.parse(stdout)
    assert.equal(statements, STATEMENTS)
    assert.equal(declarations, persons)
  })

  await t.test('the verifier accepts the result', async () => {
    const { code, stdout } = await verify(register)
    assert.equal(code, 0, stdout)
    assert.match(stdout, new RegExp(`${persons.toLocaleString('en')} declarations stand under`))
  })

  await t.test('the organisations counted are those of the archive', async () => {
    assert.deepEqual(await talliedOrganisations(publicFile('log/tally')), expectedOrganisations())
  })
})

test('an archive goes to the publisher of the running service', async (t) => {
  await using register = await openFolder({ sample: true })
  const { archive, env, publicFile } = register
  await using product = await startProduct({ folder: register.folder })
  const runImport = async () => {
    const { code, stdout, stderr } = await startAvow(['import', archive, '--unreviewed'], env).ended
    assert.equal(code, 0, stderr)
    return Number(/which now holds (\d+) declarations/.exec(stdout)?.[1])
  }
  // More than one part, and every part another one once lines stand before them.
  const [few, more] = [600, 610]
  await writeFile(archive, lines(0, few))
  assert.equal(await runImport(), samplePersons(few))
  await untilCount(product.url, samplePersons(few))

  await t.test('the same archive again adds nothing', async () => {
    const tree = await publishedTree(publicFile('log/latest'))
    assert.equal(await runImport(), samplePersons(few))
    assert.equal(await publishedTree(publicFile('log/latest')), tree)
  })

  await t.test('an archive with new lines adds these', async () => {
    await writeFile(archive, lines(few, more) + lines(0, few))
    assert.equal(await runImport(), samplePersons(more))
    await untilCount(product.url, samplePersons(more))
    const { code, stdout } = await verify(register, product.url)
    assert.equal(code, 0, stdout)
  })
})

test('two key holders sign an archive before it enters an ordinary register', async (t) => {
  await using register = await openFolder({})
  const { archive, env } = register
  const manifest = `${archive}.manifest.json`
  await writeFile(archive, lines(0, 10))
  await using product = await startProduct({ folder: register.folder })
  const [firstLink = '', secondLink = ''] = product.invitations
  const runImport = (...more: readonly string[]) =>
    startAvow(['import', archive, '--json', ...more], env).ended
  const sign = (volunteer: string, passphrase: string, ...more: readonly string[]) =>
    startAvow(
      ['import-sign', manifest, '--volunteer', volunteer, '--desk', product.url, ...more],
      {},
      `${passphrase}\n`,
    ).ended
  const importedWith = async () => {
    const { code, stdout, stderr } = await runImport()
    assert.equal(code, 0, stderr)
    const { imported, signatures } = JSON.parse(stdout)
    return imported ? 'imported' : signatures
  }

  await t.test('unreviewed is refused', async () => {
    const { code, stderr } = await runImport('--unreviewed')
    assert.equal(code, 1)
    assert.match(stderr, /sample/)
    assert.equal(existsSync(manifest), false)
  })

  const alder = await becomeVolunteer(firstLink, 'alder')
  const birch = await becomeVolunteer(secondLink, 'birch')
  await t.test('without signatures it only writes what is to be signed', async () => {
    assert.equal(await importedWith(), 0)
    assert.equal(await countOf(product.url), 0)
  })

  await t.test('one person cannot sign for two, nor with a wrong passphrase', async () => {
    const { code, stdout } = await sign('alder', alder.passphrase)
    assert.equal(code, 0)
    assert.match(stdout, /10 statements name 136 persons/)
    assert.equal((await sign('alder', alder.passphrase)).code, 0)
    assert.equal(await importedWith(), 1)
    assert.equal((await sign('birch', alder.passphrase)).code, 1)
    assert.equal(await importedWith(), 1)
  })

  await t.test('a copied signature under another name is refused by the publisher', async () => {
    const signed = JSON.parse(await readFile(manifest, 'utf8'))
    const [{ signature }] = signed.signatures
    const forged = [...signed.signatures, { by: 'birch', signature }]
    await writeFile(manifest, JSON.stringify({ ...signed, signatures: forged }))
    const { code, stderr } = await runImport()
    assert.equal(code, 1)
    assert.match(stderr, /refused a part: bad_import/)
    assert.equal(await countOf(product.url), 0)
    await writeFile(manifest, JSON.stringify(signed))
  })

  await t.test('a signer whose survey was exchanged does not sign', async () => {
    const survey = `${archive}.survey.json`
    const known = await readFile(survey, 'utf8')
    await writeFile(survey, known.replace('"persons":136', '"persons":135'))
    const { code, stderr } = await sign('birch', birch.passphrase)
    assert.equal(code, 1)
    assert.match(stderr, /survey is not the one/)
    await writeFile(survey, known)
  })

  await t.test('a signer reads an own copy of the archive and signs for no other', async () => {
    const own = join(register.folder, 'own.jsonl')
    await writeFile(own, lines(0, 9) + lines(10, 11))
    const { code, stderr } = await sign('birch', birch.passphrase, '--archive', own)
    assert.equal(code, 1)
    assert.match(stderr, /makes another manifest/)
  })

  await t.test('with two signatures it is imported', async () => {
    assert.equal((await sign('birch', birch.passphrase, '--archive', archive)).code, 0)
    assert.equal(await importedWith(), 'imported')
    await untilCount(product.url, 136)
    const { code, stdout } = await verify(register, product.url)
    assert.equal(code, 0, stdout)
  })

  await t.test('another archive under the same name has to be signed anew', async () => {
    await writeFile(archive, lines(0, 11))
    assert.equal(await importedWith(), 0)
  })
})

test('lines that do not read are named, and nothing is imported', async () => {
  await using register = await openFolder({ sample: true })
  const bad = '{"text":"A made-up text.","language":"en","declarants":[{"sector":"navy"}]}\n'
  await writeFile(register.archive, `${lines(0, 3)}${bad}\n${bad}not json\n`)
  const { code, stderr } = await startAvow(
    ['import', register.archive, '--unreviewed'],
    register.env,
  ).ended
  assert.equal(code, 1)
  assert.deepEqual(
    [...stderr.matchAll(/line (\d+): (\S+)/g)].map(([, line, what]) => `${line} ${what}`),
    ['4 $.declarants[0].sector:', '6 $.declarants[0].sector:', '7 not'],
  )
  assert.equal(existsSync(register.publicFile('log/latest')), false)
})

function verify({ env, publicFile }: SampleRegister, site = publicFile('')) {
  return startAvow(['verify', site, '--policy', publicFile('log/policy')], env).ended
}

/** Size and root of the declaration log. */
async function publishedTree(latest: string): Promise<string | undefined> {
  return /^declarations .*$/m.exec(await readFile(latest, 'utf8'))?.[0]
}

async function publishedSize(latest: string): Promise<number> {
  if (!existsSync(latest)) return 0
  return Number(/^declarations (\d+)/m.exec(await readFile(latest, 'utf8'))?.[1] ?? 0)
}

async function untilPublished(latest: string, wanted: number): Promise<void> {
  while ((await publishedSize(latest)) < wanted) await sleep(20)
}

/** Declarations by the organisations they leave, worked out from the archive by the table above. */
function expectedOrganisations(): Map<string, number> {
  const counts = new Map<string, number>()
  const archive = lines(0, STATEMENTS).trimEnd().split('\n')
  for (const { declarants } of archive.map((line) => JSON.parse(line))) {
    for (const { organisations } of declarants) {
      const orgs = PROSE.get(organisations) ?? organisations.join(',')
      counts.set(orgs, (counts.get(orgs) ?? 0) + 1)
    }
  }
  return new Map([...counts].toSorted())
}

async function talliedOrganisations(path: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const part of parseTally(await readFile(path)).parts) {
    assert.equal(part.evidence, 'legacy')
    assert.equal(part.key, '-')
    counts.set(part.orgs, (counts.get(part.orgs) ?? 0) + part.count)
  }
  return new Map([...counts].toSorted())
}
