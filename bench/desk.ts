import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { CaseContents } from '../src/desk/case-contents.ts'
import { connect, keepCookies, type Transport } from '../src/desk/client/connection.ts'
import { createDeskClient } from '../src/desk/client/desk-client.ts'
import { startProduct } from '../test/support/product.ts'
import { cpuTimeOfChildren } from './support/cpu-time.ts'
import type { Load } from './support/http-load.ts'
import { openProductDatabase } from './support/product-database.ts'
import { alternate, resultLine } from './support/rounds.ts'

export interface DeskBenchOptions {
  readonly size?: number
  readonly rounds?: number
  /** Cases that each of the two volunteers brings to a decision in a round. */
  readonly cases?: number
  readonly report?: (line: string) => void
}

/** As much as an ordinary proposal and its approved item weigh once they are sealed. */
const SEALED = randomBytes(6000)
const NO_HASH = randomBytes(32)
const LISTS = ['waiting', 'proposed', 'returned', 'taken'] as const

/**
 * Two volunteers at a desk of `size` cases: queue, claim, propose, open the other's proposal, approve; every request
 * counted. Baseline: the same statements, bare, on a connection of their own. What a browser does is left out.
 */
export async function run({
  size = 1_000_000,
  rounds = 3,
  cases = 100,
  report = () => {},
}: DeskBenchOptions = {}): Promise<string> {
  await using product = await startProduct()
  const baseUrl = product.url.replace(/\/$/, '')
  // One after the other: each acceptance extends the directory.
  const transports = [
    await signIn(baseUrl, product.invitations[0], 'bench-one'),
    await signIn(baseUrl, product.invitations[1], 'bench-two'),
  ]
  await using owner = await openProductDatabase(product)
  await fill(owner, size)
  report(`${size} cases, ${LISTS.length} kinds of them open`)
  const recipient = await currentRecipient(owner)
  const desks = transports.map(connectTimed)
  const measured = await alternate(
    rounds,
    {
      baseline: { turn: () => bareTurn(owner, 2 * cases, recipient), cpuTime: databaseOnly },
      measured: {
        turn: async () => {
          for (const desk of desks) desk.latenciesMs.length = 0
          const start = performance.now()
          const [one, two] = desks
          assert.ok(one && two)
          await Promise.all([work(one, two, cases, recipient), work(two, one, cases, recipient)])
          const latenciesMs = desks.flatMap((desk) => desk.latenciesMs)
          return loadOf(latenciesMs, start)
        },
        cpuTime: () => cpuTimeOfChildren(() => true),
      },
    },
    report,
  )
  return resultLine(measured, { bench: 'desk', unit: 'requests/s', size })
}

interface TimedDesk {
  readonly get: <Answer>(path: string) => Promise<Answer>
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>
  readonly latenciesMs: number[]
}

async function signIn(baseUrl: string, link: string | undefined, volunteer: string) {
  const transport = keepCookies(baseUrl, fetch)
  const random = (length: number) => new Uint8Array(randomBytes(length))
  const client = createDeskClient({ transport, random, clock: () => new Date() })
  const passphrase = client.newPassphrase()
  const invitation = await client.openInvitation(new URL(link ?? '').hash)
  await client.acceptInvitation(invitation, { volunteer, passphrase })
  await client.unlock(volunteer, passphrase)
  return transport
}

function connectTimed(transport: Transport): TimedDesk {
  const latenciesMs: number[] = []
  const { get, post } = connect(async (path, init) => {
    const sentAt = performance.now()
    const response = await transport(path, init)
    // Until the last byte: an answer that is still coming is none.
    const body = await response.arrayBuffer()
    latenciesMs.push(performance.now() - sentAt)
    return new Response(body, response)
  })
  return { get, post, latenciesMs }
}

/** One proposes, the other decides, case by case, as the queue hands them out. */
async function work(one: TimedDesk, other: TimedDesk, cases: number, recipientHash: string) {
  const hash = randomBytes(32).toString('hex')
  const signature = randomBytes(64).toString('base64')
  const sealed = SEALED.toString('base64')
  for (let done = 0; done < cases; ) {
    const { lists } = await one.get<{ lists: { waiting: { cases: { id: string }[] } } }>('queue')
    const id = lists.waiting.cases[Math.floor(Math.random() * lists.waiting.cases.length)]?.id
    assert.ok(id, 'the queue is empty')
    const taken = await one.post<CaseContents>(`case/${id}/take`, {}).catch(() => undefined)
    // The other volunteer was faster, as happens.
    if (taken === undefined) continue
    assert.equal(taken.envelopes.length, 1)
    const proposal = { kind: 'publish', code: null, hash, signature, sealed }
    await one.post(`case/${id}/propose`, proposal)
    await other.post(`case/${id}/open-proposal`, {})
    const decision = { kind: 'approve', hash, signature, sealedItem: sealed, recipientHash }
    await other.post(`case/${id}/decide`, decision)
    done++
  }
}

async function bareTurn(db: Kysely<unknown>, cases: number, recipientHash: string): Promise<Load> {
  const latenciesMs: number[] = []
  const timed = async (work: () => Promise<unknown>) => {
    const sentAt = performance.now()
    await work()
    latenciesMs.push(performance.now() - sentAt)
  }
  const start = performance.now()
  for (let done = 0; done < cases; done++) {
    let id: Uint8Array = Buffer.alloc(0)
    await timed(async () => {
      for (const state of LISTS) {
        const { rows } = await sql<{ id: Uint8Array }>`SELECT id, day, channel, language
          FROM avow."case" WHERE centre = 'global' AND state = ${state}
          ORDER BY day, id LIMIT 21`.execute(db)
        if (state === 'waiting') id = rows[0]?.id ?? id
      }
    })
    await timed(() =>
      db.transaction().execute(async (tx) => {
        await sql`UPDATE avow."case" SET state = 'taken', taken_by = 'bare' WHERE id = ${id}`.execute(
          tx,
        )
        await audit(tx, 'take', id)
        await sql`SELECT e.sealed, p.sealed_start FROM avow.envelope e
          JOIN avow.epoch p ON p.id = e.epoch WHERE case_id = ${id}`.execute(tx)
      }),
    )
    await timed(() =>
      db.transaction().execute(async (tx) => {
        await sql`INSERT INTO avow.proposal
          (case_id, centre, kind, proposed_by, hash, signature, sealed)
          VALUES (${id}, 'global', 'publish', 'bare', ${randomBytes(32)},
            ${'A'.repeat(88)}, ${SEALED})`.execute(tx)
        await sql`UPDATE avow."case" SET state = 'proposed', taken_by = NULL
          WHERE id = ${id}`.execute(tx)
        await audit(tx, 'propose', id)
      }),
    )
    await timed(() =>
      db.transaction().execute(async (tx) => {
        await sql`SELECT * FROM avow.proposal WHERE case_id = ${id}`.execute(tx)
        await audit(tx, 'open-proposal', id)
      }),
    )
    await timed(() =>
      db.transaction().execute(async (tx) => {
        await sql`UPDATE avow.proposal SET decided_by = 'other', approved_signature = ${'A'.repeat(88)}
          WHERE case_id = ${id}`.execute(tx)
        await sql`UPDATE avow."case" SET state = 'approved' WHERE id = ${id}`.execute(tx)
        await sql`INSERT INTO avow.approved_item (case_id, kind, centre, recipient_hash, sealed)
          VALUES (${id}, 'desk', 'global', ${Buffer.from(recipientHash, 'hex')}, ${SEALED})`.execute(
          tx,
        )
        await audit(tx, 'approve', id)
      }),
    )
  }
  return loadOf(latenciesMs, start)
}

let bareAudits = 0

async function audit(db: Kysely<unknown>, act: string, id: Uint8Array) {
  await sql`INSERT INTO avow.audit (centre, place, day, volunteer, act, case_id, previous, hash)
    VALUES ('bare', ${bareAudits++}, '2026-01-01', 'bare', ${act}, ${id}, ${NO_HASH}, ${NO_HASH})`.execute(
    db,
  )
}

function loadOf(latenciesMs: readonly number[], start: number): Load {
  const perSecond = latenciesMs.length / ((performance.now() - start) / 1000)
  return { perSecond, latenciesMs: [...latenciesMs] }
}

function databaseOnly() {
  return { ...cpuTimeOfChildren(() => true), nodeMs: 0 }
}

async function currentRecipient(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ hash: string }>`SELECT encode(recipient_hash, 'hex') AS hash
    FROM avow.publisher_recipient WHERE current`.execute(db)
  return rows[0]?.hash ?? ''
}

/** Half of the cases are done with, most others wait, over the days of two years. */
async function fill(db: Kysely<unknown>, size: number) {
  await sql`
    WITH epoch AS (
      INSERT INTO avow.epoch (id, centre, sealed_start, day)
      VALUES (${randomBytes(16)}, 'global', ${randomBytes(1500)}, '2026-01-01') RETURNING id),
    filed AS (
      SELECT i, sha256(int4send(i)) AS id, substring(sha256(int8send(i)) FOR 16) AS case_id,
        '2024-01-01'::date + (i % 700) AS day,
        CASE WHEN i % 10 < 5 THEN 'published' WHEN i % 100 = 5 THEN 'returned'
          WHEN i % 100 = 6 THEN 'proposed' ELSE 'waiting' END AS state
      FROM generate_series(1, ${size}::integer) i),
    cases AS (
      INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class, state)
      SELECT case_id, 'global', 'web', 'web', 'zh-hans', day, 4096, state FROM filed),
    proposals AS (
      INSERT INTO avow.proposal (case_id, centre, kind, proposed_by, hash, signature, sealed)
      SELECT case_id, 'global', 'publish', 'bench-three', id, repeat('A', 88), '' FROM filed
      WHERE state IN ('proposed', 'returned'))
    INSERT INTO avow.envelope
      (id, centre, line, channel, language, day, size_class, epoch, row_index, sealed, case_id)
    SELECT filed.id, 'global', 'web', 'web', 'zh-hans', day, 4096, epoch.id, i, id_bytes, case_id
    FROM filed, epoch, LATERAL (SELECT filed.id || filed.id AS id_bytes) sealed`.execute(db)
  await sql`VACUUM ANALYZE avow."case", avow.envelope, avow.proposal`.execute(db)
}
