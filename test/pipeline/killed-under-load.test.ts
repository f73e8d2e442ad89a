import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { askReceipt, prepareFiling } from '../support/http-filer.ts'
import { type Product, startProduct } from '../support/product.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { approveAll, becomeVolunteer, proposeAll, unlockAs } from '../support/volunteers.ts'
import { countOf, runAvow, untilCount } from '../support/watch-register.ts'

const ROUNDS = process.env['SLOW'] === '1' ? 50 : 2
const CLIENTS = 3
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31))

test(`killed ${ROUNDS} times under load, nothing acknowledged is lost or doubled (SEED=${SEED})`, async (t) => {
  t.diagnostic(`SEED=${SEED}`)
  const random = seededRandom(SEED)
  await using first = await startProduct()
  const { folder, invitations } = first
  const [firstLink = '', secondLink = ''] = invitations
  const alder = await becomeVolunteer(firstLink, 'alder')
  const birch = await becomeVolunteer(secondLink, 'birch')
  const acknowledged = new Map<string, string>()
  let product: Product = first
  let number = 0
  let checked = 0

  for (let round = 0; round < ROUNDS; round++) {
    const stopping = new AbortController()
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (!stopping.signal.aborted) {
        const text = `Made-up statement ${++number} of round ${round}.`
        await fileOne(product.url, text, acknowledged).catch(() => {})
      }
    })
    await sleep(300 + Math.floor(random() * 1200))
    await product.kill()
    if (random() < 0.5) killDatabase(folder)
    stopping.abort()
    await Promise.all(clients)
    product = await startProduct({ folder })

    for (const [receipt, text] of [...acknowledged].slice(checked)) {
      assert.doesNotMatch(
        await askReceipt(product.url, receipt),
        /nothing under this receipt/i,
        `lost: ${text}`,
      )
    }
    checked = acknowledged.size
    // Opening every case proves that every epoch of every killed process opens.
    const proposer = await unlockAs(product.url, 'alder', alder.passphrase)
    const decider = await unlockAs(product.url, 'birch', birch.passphrase)
    await proposeAll(proposer)
    const before = await countOf(product.url)
    await untilCount(product.url, before + (await approveAll(decider)))
    const verified = await runAvow([
      'verify',
      `${folder}/data/public`,
      '--policy',
      `${folder}/data/public/log/policy`,
    ])
    assert.equal(verified.code, 0, verified.output)
    process.stdout.write(`killed ${round + 1} times, ${acknowledged.size} acknowledged\n`)
  }

  const published = publishedTexts(folder)
  for (const [receipt, text] of acknowledged) {
    assert.doesNotMatch(await askReceipt(product.url, receipt), /nothing under this receipt/i, text)
    assert.equal(published.filter((one) => one === text).length, 1, `once and only once: ${text}`)
  }
  assert.equal(new Set(published).size, published.length, 'nothing is doubled')
  assert.equal(await countOf(product.url), published.length)
  assert.ok(acknowledged.size >= ROUNDS, `${acknowledged.size} acknowledged`)
  t.diagnostic(`${acknowledged.size} acknowledged, ${published.length} published, ${ROUNDS} kills`)
  await product[Symbol.asyncDispose]()
})

/** Every third person double-clicks: the same receipt must come back, and one statement. */
async function fileOne(
  url: string,
  text: string,
  acknowledged: Map<string, string>,
): Promise<void> {
  const filing = await prepareFiling(url, { text, organisation: 'party' })
  const clicks = Array.from({ length: text.length % 3 === 0 ? 2 : 1 }, () => filing.send())
  for (const outcome of await Promise.allSettled(clicks)) {
    if (outcome.status === 'fulfilled') acknowledged.set(outcome.value, text)
  }
}

function killDatabase(folder: string): void {
  const pid = Number(readFileSync(`${folder}/data/postgres/postmaster.pid`, 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
}

function publishedTexts(folder: string): string[] {
  const content = join(folder, 'data/public/content')
  const files = readdirSync(content).filter((name) => /^\d+$/.test(name))
  return files
    .flatMap((name) => readFileSync(join(content, name), 'utf8').split('\n'))
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { body: { text: string } }).body.text)
    .map((id) => readFileSync(join(content, 'texts', id), 'utf8').split('\n')[1] ?? '')
}
