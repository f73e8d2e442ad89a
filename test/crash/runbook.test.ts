import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateIdentity, recipientOf } from '../../src/sealing/age.ts'
import { registerIn } from '../support/avow-command.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { type Product, startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll, unlockAs } from '../support/volunteers.ts'
import { runAvow, untilCount } from '../support/watch-register.ts'

const ROOT = join(import.meta.dirname, '../..')
const PUBLISHED = 2
const RUNBOOK = join(ROOT, 'docs/operations/runbook-register.md')

test('the runbook is followed to the letter, disaster after disaster', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-runbook-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const copy = join(folder, 'copy')
  const identity = await generateIdentity()
  await writeFile(join(folder, 'identity'), `${identity}\n`)
  const env = {
    ...registerIn(folder),
    COPY: copy,
    BACKUP: join(folder, 'backup'),
    IDENTITY: join(folder, 'identity'),
    POLICY: join(folder, 'policy'),
  }
  const old = join(folder, 'old')
  const keys = { alder: '', birch: '' }
  {
    await using product = await startProduct({ folder })
    const [firstLink = '', secondLink = ''] = product.invitations
    keys.alder = (await becomeVolunteer(firstLink, 'alder')).passphrase
    keys.birch = (await becomeVolunteer(secondLink, 'birch')).passphrase
    await publishOne(product, keys)
    await untilCount(product.url, 1)
  }
  copyWithOwners(data, old)
  {
    await using product = await startProduct({ folder })
    await publishOne(product, keys)
    await untilCount(product.url, PUBLISHED)
    const to = await recipientOf(identity)
    const saved = await runAvow(['backup', '--out', env.BACKUP, '--to', to], env)
    assert.equal(saved.code, 0, saved.output)
  }
  await cp(join(data, 'public'), copy, { recursive: true })
  await cp(join(copy, 'log/policy'), env.POLICY)

  await t.test('the public folder is lost', async () => {
    await rm(join(data, 'public'), { recursive: true })
    await follow('The public folder is lost', env)
    await requireRepaired(folder, env)
  })
  await t.test('the database is older than the files', async () => {
    await rm(join(data, 'postgres'), { recursive: true })
    copyWithOwners(join(old, 'postgres'), join(data, 'postgres'))
    await requireRefused(folder, 'witness_ahead')
    await follow('The database is older than the files', env)
    await requireRepaired(folder, env)
  })
  await t.test('the witnesses are ahead', async () => {
    await rm(data, { recursive: true })
    copyWithOwners(old, data)
    await requireRefused(folder, 'witness_ahead')
    await follow('The witnesses are ahead', env)
    await requireRepaired(folder, env)
  })
  await t.test('the database is lost', async () => {
    await rename(data, join(folder, 'old-data'))
    await follow('The database is lost', env)
    await requireRepaired(folder, env)
  })
  await t.test('the database is lost and there is no backup', async () => {
    await rm(data, { recursive: true })
    await follow('The database is lost and there is no backup', env)
    await requireRepaired(folder, env)
  })
})

test('every code that stops a publisher stands in the runbook', async () => {
  const runbook = await readFile(RUNBOOK, 'utf8')
  const publisher = await readFile(join(ROOT, 'src/register/publisher.ts'), 'utf8')
  const machine = await readFile(join(ROOT, 'src/register/system-failure.ts'), 'utf8')
  const refusals = /REFUSALS = new Set<string>\(\[(.*?)\]\)/s.exec(publisher)?.[1] ?? ''
  const failures = /SystemFailureCode =(.*?)\n\n/s.exec(machine)?.[1] ?? ''
  const codes = [...`${refusals}${failures}`.matchAll(/'([a-z_]+)'/g)].map(([, code]) => code)
  assert.ok(codes.length >= 17, `${codes.length} codes`)
  for (const code of codes) assert.ok(runbook.includes(`\`${code}\``), code)
})

/** Runs the commands under a heading, as they stand there. */
async function follow(heading: string, env: Readonly<Record<string, string>>): Promise<void> {
  const runbook = await readFile(RUNBOOK, 'utf8')
  const section = runbook.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const commands = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines]) => lines ?? '')
  assert.ok(commands.length > 0, `no commands under "${heading}"`)
  const child = spawn('sh', ['-eu', '-c', commands.join('\n')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const code = await new Promise((resolve) => child.once('close', resolve))
  assert.equal(code, 0, `${heading}:\n${output}`)
}

/** The service starts, shows what it showed before, and the runbook's own checks find nothing. */
async function requireRepaired(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  {
    await using product = await startProduct({ folder })
    await untilCount(product.url, PUBLISHED)
  }
  await follow('After every repair', env)
}

/** The terminal names the code by which the runbook is opened. */
async function requireRefused(folder: string, code: string): Promise<void> {
  await assert.rejects(
    startProduct({ folder }),
    new RegExp(`Avow could not start: .* \\(${code}\\)`),
  )
}

async function publishOne(
  { url }: Product,
  keys: { readonly alder: string; readonly birch: string },
): Promise<void> {
  const filing = await prepareFiling(url, { text: 'Made up.', organisation: 'party' })
  await filing.send()
  await proposeAll(await unlockAs(url, 'alder', keys.alder))
  await approveAll(await unlockAs(url, 'birch', keys.birch))
}

/** The database's files belong to the user it runs as. */
function copyWithOwners(from: string, to: string): void {
  execFileSync('cp', ['--archive', from, to])
}
