import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openProductDatabase } from '../../bench/support/product-database.ts'
import { lookupHash, parseReceipt, receiptSecrets } from '../../src/declaration/receipt.ts'
import { solvePuzzle } from '../../src/intake/abuse/puzzle.ts'
import { wordlists } from '../../src/intake/channels/web/wordlists.ts'
import { freePort } from '../support/free-port.ts'
import { type FormPage, prepareFiling, receiptOn } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'

const SLOW = process.env['SLOW'] === '1'
const BUDGET = 30
const FLOOD_TIMES = 50
const FLOOD_SECONDS = SLOW ? 120 : 8
const HONEST_EVERY_MS = SLOW ? 4000 : 1000
const MAY_WAIT_MS = 200_000
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer')

test(`one path at ${FLOOD_TIMES} times its budget for ${FLOOD_SECONDS} seconds`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-flood-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [onion, station] = [await freePort(), await freePort()]
  const listeners = [
    { host: '127.0.0.1', port: onion, path: 'onion' },
    { host: '127.0.0.1', port: station, path: 'station' },
  ]
  const budgets = { plain: BUDGET, onion: BUDGET, station: BUDGET, work: BUDGET }
  await writeFile(join(folder, 'avow.json'), JSON.stringify({ intake: { budgets, listeners } }))
  await using product = await startProduct({ folder })
  const acknowledged: string[] = []
  const keep = (receipt: string) => acknowledged.push(receipt)

  const flood = startFlood(product.url, keep)
  const ends = performance.now() + FLOOD_SECONDS * 1000
  const others = [onion, station].map(async (port) => {
    let accepted = 0
    while (performance.now() < ends) {
      const filing = await prepareFiling(`http://127.0.0.1:${port}/`, answers)
      keep(await filing.send())
      accepted += 1
      await sleep(HONEST_EVERY_MS)
    }
    return accepted
  })
  await flood.untilRefusing
  const waiting = await prepareFiling(product.url, answers)
  const told = await waiting.press({ go: 'send', receipt: 'yes' })
  const working = await prepareFiling(product.url, answers)
  const puzzled = await working.press({ go: 'send', receipt: 'yes' })

  await t.test('the flooded path is told to wait, and keeps what was written', () => {
    assert.equal(told.status, 503)
    assert.ok(told.state.length > 1000)
  })
  await t.test('a page with a script does its work and is taken meanwhile', async () => {
    keep(received(await working.press({ go: 'send', receipt: 'yes', work: solve(puzzled) })))
  })
  await t.test('every submission on the other paths is taken', async () => {
    for (const accepted of await Promise.all(others)) assert.ok(accepted > 2, `${accepted}`)
  })
  await t.test('whoever waited is taken while the flood goes on', { skip: !SLOW }, async () => {
    const deadline = performance.now() + MAY_WAIT_MS
    let page = told
    while (page.status === 503) {
      assert.ok(performance.now() < deadline, 'waits for ever')
      await sleep(Number(page.headers.get('retry-after')) * 1000)
      page = await waiting.press({ go: 'send', receipt: 'yes' })
    }
    keep(received(page))
  })
  const flooded = await flood.stop()

  await t.test('the flood was one, and took no more than the path’s budget', () => {
    t.diagnostic(`${flooded.sent} sent in ${Math.round(flooded.seconds)} s, ${flooded.taken} taken`)
    assert.ok(flooded.sent > 3 * flooded.taken, 'the machine was too slow for a flood')
    assert.ok(flooded.taken <= BUDGET + (BUDGET * flooded.seconds) / 60, `${flooded.taken}`)
  })
  await t.test(
    'what was acknowledged is stored, once, nothing else is, and nothing expires',
    async () => {
      await using database = await openProductDatabase(product)
      const { rows } = await sql<{ hash: string; bytes: number }>`
      SELECT encode(r.lookup_hash, 'hex') AS hash, octet_length(e.sealed) AS bytes
      FROM avow.envelope e LEFT JOIN avow.receipt r ON r.envelope = e.id`.execute(database)
      assert.deepEqual(rows.map((row) => row.hash).sort(), acknowledged.map(hashOf).sort())
      assert.ok(rows.every(({ bytes }) => bytes > 2048))
    },
  )
})

const answers = { text: 'Made up for a test.', organisation: 'party' }

/** As many submissions a second as FLOOD_TIMES the budget allow, each one new, none of which ever waits. */
function startFlood(baseUrl: string, keep: (receipt: string) => void) {
  const stopping = new AbortController()
  const refused = Promise.withResolvers<void>()
  const startedAt = performance.now()
  let sent = 0
  let taken = 0
  const client = async () => {
    while (!stopping.signal.aborted) {
      const due = startedAt + (sent * 60_000) / (BUDGET * FLOOD_TIMES)
      if (due > performance.now()) await sleep(due - performance.now())
      sent += 1
      const filing = await prepareFiling(baseUrl, answers)
      const receipt = receiptOn(await filing.press({ go: 'send', receipt: 'yes' }))
      if (receipt === undefined) refused.resolve()
      else {
        keep(receipt)
        taken += 1
      }
    }
  }
  const clients = Array.from({ length: 6 }, client)
  return {
    untilRefusing: refused.promise,
    async stop() {
      stopping.abort()
      await Promise.all(clients)
      return { sent, taken, seconds: (performance.now() - startedAt) / 1000 }
    },
  }
}

function received(page: FormPage): string {
  return receiptOn(page) ?? assert.fail(`no receipt, status ${page.status}`)
}

function solve({ body, state }: FormPage): string {
  const slices = solvePuzzle(state, Number(/data-bits="(\d+)"/.exec(body)?.[1]), sha256)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
  }
}

function hashOf(receipt: string): string {
  return lookupHash(receiptSecrets(parseReceipt(receipt, wordlists)).lookupId, sha256)
}
