import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { lookupHash, parseReceipt, receiptSecrets } from '../src/declaration/receipt.ts'
import { wordlists } from '../src/intake/channels/web/wordlists.ts'
import { startProduct } from '../test/support/product.ts'
import { type BareServer, startBareServer } from './support/bare-server.ts'
import { cpuTimeOfChildren } from './support/cpu-time.ts'
import { prepareFilings, receiptOn } from './support/filings.ts'
import { type Answer, postRequest, sendLoad } from './support/http-load.ts'
import { openProductDatabase } from './support/product-database.ts'
import { alternate, resultLine } from './support/rounds.ts'

export interface IntakeBenchOptions {
  readonly clients?: number
  readonly rounds?: number
  readonly size?: number
  readonly report?: (line: string) => void
}

const UNBOUNDED = { plain: 1_000_000 }
/** How many filings are sent once more at the end, as by people who pressed twice. */
const SENT_AGAIN = 200

/**
 * "Send" on *check your answers* until the receipt page, of the product as `npm start` runs it. Baseline: a bare handler that
 * takes as many bytes as a sealed row has and inserts them. Afterwards every receipt that was shown must be in
 * the database once, and nothing else.
 */
export async function run({
  clients = 64,
  rounds = 5,
  size = 1200,
  report = () => {},
}: IntakeBenchOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-bench-'))
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
  // The budgets would let most of the load wait, which is what they are for.
  await writeFile(join(folder, 'avow.json'), JSON.stringify({ intake: { budgets: UNBOUNDED } }))
  await using product = await startProduct({ folder })
  await using bare = await startBareServer()
  await using database = await openProductDatabase(product)
  const receipts = new Map<Buffer, string>()
  const filings = await prepareFilings(product.url, size * (rounds + 1))
  report(`${filings.length} filings prepared, each of ${filings[0]?.length} bytes`)

  const send = (sent: readonly Buffer[]) =>
    sendLoad(product.url, sent, clients, (answer, index) => {
      const filing = sent[index]
      if (filing !== undefined) keepReceipt(receipts, filing, answer)
    })
  const ofRound = (round: number) => filings.slice(round * size, (round + 1) * size)
  await send(filings.slice(0, 1))
  const { rows } = await sql<{ bytes: number }>`
    SELECT octet_length(sealed) AS bytes FROM avow.envelope`.execute(database)
  const sealedBytes = rows[0]?.bytes ?? 0
  report(`a sealed row has ${sealedBytes} bytes`)

  const measured = await alternate(
    rounds,
    {
      baseline: {
        turn: (round) => insert(bare, ofRound(round), sealedBytes, clients),
        cpuTime: bare.cpuTime,
      },
      measured: {
        turn: (round) => send(ofRound(round)),
        cpuTime: () => cpuTimeOfChildren((pid) => pid !== bare.pid),
      },
    },
    report,
  )
  await send(filings.slice(0, SENT_AGAIN))
  await checkStored([...receipts.values()], filings.length, database)
  report(`${receipts.size} receipts shown, each of them stored once, nothing else stored`)
  return resultLine(measured, { bench: 'intake', unit: 'statements/s', size: size * rounds })
}

/** The same filing shows the same receipt, however often it is sent. */
function keepReceipt(receipts: Map<Buffer, string>, filing: Buffer, { status, body }: Answer) {
  assert.equal(status, 200)
  const receipt = receiptOn(body)
  assert.equal(receipts.get(filing) ?? receipt, receipt, 'another receipt for the same filing')
  receipts.set(filing, receipt)
}

function insert({ url }: BareServer, filings: readonly Buffer[], bytes: number, clients: number) {
  const requests = filings.map((filing) =>
    postRequest('/insert', filing.toString('latin1', filing.length - bytes)),
  )
  return sendLoad(url, requests, clients, ({ body }) => assert.equal(body, 'stored'))
}

async function checkStored(
  receipts: readonly string[],
  filed: number,
  database: Awaited<ReturnType<typeof openProductDatabase>>,
): Promise<void> {
  const { rows } = await sql<{ hash: string }>`
    SELECT encode(r.lookup_hash, 'hex') AS hash
    FROM avow.receipt r JOIN avow.envelope e ON e.id = r.envelope`.execute(database)
  const shown = receipts.map((words) => {
    const { lookupId } = receiptSecrets(parseReceipt(words, wordlists))
    return lookupHash(lookupId, (bytes) => hash('sha256', bytes, 'buffer'))
  })
  assert.equal(shown.length, filed, 'filings without an answer')
  assert.deepEqual(rows.map((row) => row.hash).sort(), shown.sort(), 'lost, or stored twice')
  const stored = await sql<{ count: number }>`
    SELECT count(*) AS count FROM avow.envelope`.execute(database)
  assert.equal(stored.rows[0]?.count, filed, 'envelopes beyond those that were sent')
}
