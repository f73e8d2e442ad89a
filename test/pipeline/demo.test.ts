import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { registerIn, startAvow } from '../support/avow-command.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll, unlockAs } from '../support/volunteers.ts'
import { countOf, untilCount } from '../support/watch-register.ts'

const READY = /Avow is ready at (http:\/\/\S+\/)/
const SIGN_IN = /^ {2}(\S+) {2}\((\S+)\) {2}(.+)$/gm
const LANGUAGES = ['en', 'zh-hans', 'zh-hant']

test('npm run demo shows a sample register at work', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-demo-'))
  const demo = await startDemo(folder)
  try {
    const count = await countOf(demo.url)

    await t.test('two thousand made-up declarations are public and verify', async () => {
      assert.ok(count >= 2000, `${count} declarations`)
      const policy = join(folder, 'data/public/log/policy')
      const { code, stdout } = await startAvow(['verify', demo.url, '--policy', policy], {}).ended
      assert.equal(code, 0, stdout)
    })

    await t.test('every page says that it is a sample, in its language', async () => {
      const sentences = await Promise.all(
        LANGUAGES.flatMap((language) =>
          ['', 'count/', 'declarations/', 'number/', 'verify/', 'declare/', 'receipt/'].map(
            async (path) => {
              const page = await (await fetch(`${demo.url}${language}/${path}`)).text()
              const [, sentence = ''] = /class="sample[^"]*"[^>]*>(.*?)<\//s.exec(page) ?? []
              assert.notEqual(sentence.trim(), '', `${language}/${path}`)
              return `${language} ${sentence}`
            },
          ),
        ),
      )
      assert.equal(new Set(sentences).size, LANGUAGES.length)
    })

    await t.test('texts are synthetic in three languages', async () => {
      const contents = await readFile(join(folder, 'data/public/content/000'), 'utf8')
      for (const name of ['Sample Person', '示例人物', '範例人物']) {
        assert.ok(contents.includes(name), name)
      }
    })

    await t.test('four volunteers of two centres can sign in and find work', async () => {
      assert.deepEqual(
        demo.signIns.map(({ centre }) => centre),
        ['global', 'global', 'europe', 'europe'],
      )
      for (const { volunteer, passphrase, centre } of demo.signIns) {
        const desk = await unlockAs(demo.url, volunteer, passphrase)
        assert.equal(desk.state.volunteer.centre, centre)
        const { counts } = await desk.readQueue()
        assert.ok((counts['waiting'] ?? 0) > 0, `nothing waits for ${volunteer}`)
        await desk.logout()
      }
    })

    await t.test('a second run continues with the same volunteers and adds nothing', async () => {
      await demo.stop()
      const again = await startDemo(folder)
      try {
        assert.deepEqual(again.signIns, demo.signIns)
        assert.equal(await countOf(again.url), count)
      } finally {
        await again.stop()
      }
    })
  } finally {
    await demo.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('another register runs the same way under its own form', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-other-'))
  await writeFile(join(folder, 'avow.json'), '{}')
  const env = { AVOW_REGISTER: 'leave-sports-association' }
  await using product = await startProduct({ folder, env })
  try {
    const [firstLink = '', secondLink = ''] = product.invitations
    const proposer = await becomeVolunteer(firstLink, 'alder')
    const decider = await becomeVolunteer(secondLink, 'birch')
    const filing = await prepareFiling(product.url, {
      text: 'This text is made up for a test.',
      organisation: 'youth-section',
    })
    await filing.send()
    assert.equal(await proposeAll(proposer.desk), 1)
    assert.equal(await approveAll(decider.desk), 1)
    await untilCount(product.url, 1)

    await t.test('its count page names its own organisations', async () => {
      const page = await (await fetch(`${product.url}en/count/`)).text()
      assert.match(page, /youth section/)
      assert.doesNotMatch(page, /Communist|Pioneers/)
    })

    await t.test('its archive is read with its own words', async () => {
      const archive = join(folder, 'archive.jsonl')
      const declarant = { organisations: 'the sports association and its youth section' }
      const line = { text: 'A made-up text.', language: 'en', declarants: [declarant] }
      await writeFile(archive, JSON.stringify(line))
      const run = await startAvow(['import', archive], { ...registerIn(folder), ...env }).ended
      assert.equal(run.code, 0, run.stderr)
      assert.match(run.stdout, /1 {2}association,youth-section/)
    })

    await t.test('the verifier accepts it', async () => {
      const policy = join(folder, 'data/public/log/policy')
      const run = await startAvow(['verify', product.url, '--policy', policy], {}).ended
      assert.equal(run.code, 0, run.stdout)
    })
  } finally {
    await product.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

interface Demo {
  readonly url: string
  readonly signIns: readonly {
    readonly volunteer: string
    readonly centre: string
    readonly passphrase: string
  }[]
  readonly stop: () => Promise<void>
}

async function startDemo(folder: string): Promise<Demo> {
  const child = spawn('npm', ['run', '--silent', 'demo'], {
    cwd: join(import.meta.dirname, '../..'),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...registerIn(folder) },
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = READY.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output}`)))
  })
  const signIns = [...output.matchAll(SIGN_IN)].map(
    ([, volunteer = '', centre = '', passphrase = '']) => ({ volunteer, centre, passphrase }),
  )
  return { url, signIns, stop: () => stopGroup(child, closed) }
}

async function stopGroup(child: ChildProcess, closed: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    process.kill(-child.pid, 'SIGINT')
  }
  await closed
}
