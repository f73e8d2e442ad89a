import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { lookupHash, receiptSecrets, receiptToWords } from '../src/declaration/receipt.ts'
import { wordlistOf } from '../src/intake/channels/web/wordlists.ts'
import { startProduct } from '../test/support/product.ts'
import { openBareDatabase, startBareServer } from './support/bare-server.ts'
import { cpuTimeOfChildren } from './support/cpu-time.ts'
import { postRequest, sendLoad } from './support/http-load.ts'
import { openProductDatabase } from './support/product-database.ts'
import { alternate, resultLine } from './support/rounds.ts'

export interface ReceiptBenchOptions {
  readonly clients?: number
  readonly rounds?: number
  readonly requests?: number
  readonly size?: number
  readonly report?: (line: string) => void
}

const ASKED = 2000

/**
 * The words of a receipt until the page that says how its declaration stands, with `size` receipts waiting. Baseline: a
 * bare handler that selects by the key it is given from a table of as many rows.
 */
export async function run({
  clients = 64,
  rounds = 5,
  requests = 3000,
  size = 100_000,
  report = () => {},
}: ReceiptBenchOptions = {}): Promise<string> {
  await using product = await startProduct()
  await using bare = await startBareServer()
  const receipts = Array.from({ length: ASKED }, () => randomBytes(16))
  const keys = receipts.map((receipt) =>
    lookupHash(receiptSecrets(receipt).lookupId, (bytes) => hash('sha256', bytes, 'buffer')),
  )
  {
    await using ours = await openProductDatabase(product)
    await using plain = await openBareDatabase(bare)
    await fillReceipts(ours, keys, size)
    await fillKnown(plain, keys, size)
  }
  report(`${size} receipts waiting, ${ASKED} of them asked for`)
  const asked = keys.map((key) => postRequest('/select', key))
  const typed = receipts.map((receipt) => {
    const words = receiptToWords(receipt, wordlistOf('zh-hans')).join(' ')
    return postRequest('/zh-hans/receipt/', new URLSearchParams({ receipt: words }).toString())
  })
  const waiting = withoutState(await answerOf(product.url, typed[0]))
  const unknown = withoutState(await answerOf(product.url, unknownReceipt()))
  assert.notEqual(waiting, unknown)

  const measured = await alternate(
    rounds,
    {
      baseline: {
        turn: () =>
          sendLoad(bare.url, repeat(asked, requests), clients, ({ body }) =>
            assert.equal(body, 'waiting'),
          ),
        cpuTime: bare.cpuTime,
      },
      measured: {
        turn: () =>
          sendLoad(product.url, repeat(typed, requests), clients, ({ status, body }) => {
            assert.equal(status, 200)
            assert.equal(withoutState(body), waiting)
          }),
        cpuTime: () => cpuTimeOfChildren((pid) => pid !== bare.pid),
      },
    },
    report,
  )
  return resultLine(measured, { bench: 'receipt', unit: 'answers/s', size })
}

function repeat(requests: readonly Buffer[], count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, i) => requests[i % requests.length] ?? Buffer.alloc(0))
}

/** Every answer carries its receipt, sealed each time anew. */
function withoutState(body: string): string {
  const start = body.indexOf('name="state" value="')
  return body.slice(0, start) + body.slice(body.indexOf('">', start))
}

function unknownReceipt(): Buffer {
  const words = receiptToWords(randomBytes(16), wordlistOf('zh-hans')).join(' ')
  return postRequest('/zh-hans/receipt/', new URLSearchParams({ receipt: words }).toString())
}

async function answerOf(url: string, request: Buffer = Buffer.alloc(0)): Promise<string> {
  let page = ''
  await sendLoad(url, [request], 1, ({ body }) => {
    page = body
  })
  return page
}

/** One declaration a receipt, none opened yet. What is sealed stays empty: no answer reads it. */
async function fillReceipts(db: Kysely<unknown>, keys: readonly string[], size: number) {
  await sql`
    WITH epoch AS (
      INSERT INTO avow.epoch (id, centre, sealed_start, day)
      VALUES (${randomBytes(16)}, 'global', '', '2026-01-01') RETURNING id),
    filed AS (
      SELECT i, sha256(int4send(i)) AS envelope,
        coalesce(decode((${[...keys]}::text[])[i], 'hex'), sha256(int8send(i))) AS hash
      FROM generate_series(1, ${size}::integer) i),
    envelopes AS (
      INSERT INTO avow.envelope
        (id, centre, line, channel, language, day, size_class, epoch, row_index, sealed)
      SELECT envelope, 'global', 'web', 'web', 'zh-hans', '2026-01-01', 4096, epoch.id, i, ''
      FROM filed, epoch)
    INSERT INTO avow.receipt (lookup_hash, envelope, person)
    SELECT hash, envelope, 0 FROM filed`.execute(db)
  await sql`VACUUM ANALYZE avow.receipt, avow.envelope`.execute(db)
}

async function fillKnown(db: Kysely<unknown>, keys: readonly string[], size: number) {
  await sql`
    INSERT INTO known (key, state)
    SELECT coalesce(decode((${[...keys]}::text[])[i], 'hex'), sha256(int8send(i))), 'waiting'
    FROM generate_series(1, ${size}::integer) i`.execute(db)
  await sql`VACUUM ANALYZE known`.execute(db)
}
