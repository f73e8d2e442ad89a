import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  random,
  sha256,
} from '../../test/support/register-house.ts'
import { parseNote } from '../tlog/signed-note.ts'
import { watchedLogs } from '../witness/log-list.ts'
import { createWitnessRoutes } from '../witness/routes.ts'
import { openWitness } from '../witness/witness.ts'
import { SequencerStopped } from './error.ts'
import type { WitnessConfig } from './witnessing.ts'

/** One of our own witnesses with real files, reached without a network; `isUp` unplugs it. */
async function openTestWitness(house: RegisterHouse) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-witness-'))
  const { declarations, events } = house.deps().logKeys
  const witness = await openWitness({
    folder,
    name: 'witness.example/w',
    logs: watchedLogs(
      [declarations, events].map(({ verifierKey }) => ({ vkey: verifierKey, origin: null })),
    ),
    clock: () => house.clockAt,
    random,
    sha256,
  })
  const routes = createWitnessRoutes(witness, (code) => assert.fail(code))
  const line = { isUp: true }
  const config: WitnessConfig = {
    addresses: [{ url: 'http://witness.example/', vkey: witness.vkey }],
    policyLines: `witness w ${witness.vkey}\nquorum w\n`,
    fetch: async (input, init) => {
      if (!line.isUp) throw new TypeError('fetch failed')
      return routes.request(new Request(input, init))
    },
  }
  return {
    line,
    config,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('no pair is published before the quorum, and the same tree is once it holds', async () => {
  await using house = await openRegisterHouse()
  await using witness = await openTestWitness(house)
  await using publisher = await house.start({ witnesses: witness.config })
  await house.check(witness.config.policyLines)
  await house.approve([ownStatement('one')])
  witness.line.isUp = false
  for (let attempt = 0; attempt < 3; attempt++) {
    await assert.rejects(publisher.runRound())
    assert.deepEqual(publisher.health(), { state: 'retrying', code: 'quorum_missing' })
    await house.check(witness.config.policyLines)
  }
  witness.line.isUp = true
  assert.equal((await publisher.runRound()).declarations.size, 1)
  assert.equal((await house.check(witness.config.policyLines)).quorum, 'w')
})

test('a crash after the witnesses answered publishes the very note they cosigned', async () => {
  for (const step of [6, 7.2]) {
    await using house = await openRegisterHouse()
    await using witness = await openTestWitness(house)
    const witnesses = witness.config
    await using first = await house.start({ witnesses })
    await first[Symbol.asyncDispose]()
    await house.approve([ownStatement('one')])
    const testingOnlyAfterStep = (log: string, done: number) => {
      if (log === 'declarations' && done === step) throw new Error('crash')
    }
    await using stopped = await house.start({ witnesses, testingOnlyAfterStep })
    await assert.rejects(stopped.runRound(), SequencerStopped)
    await stopped[Symbol.asyncDispose]()
    const answered = await house.owner
      .selectFrom('avow.log_state')
      .select(['signed_note', 'cosigned'])
      .where('log', '=', 'declarations')
      .executeTakeFirstOrThrow()
    assert.equal(answered.cosigned, true)
    // A later answer would carry another time.
    house.clockAt = new Date('2026-03-01T10:30:00Z')
    await using _again = await house.start({ witnesses })
    await house.check(witness.config.policyLines)
    const served = await readFile(join(house.publicFolder, 'log/declarations/checkpoint'))
    const archived = await readFile(join(house.publicFolder, 'log/checkpoints/declarations/1'))
    assert.deepEqual(served, archived)
    assert.equal(archived.toString(), answered.signed_note)
  }
})

test('heads that do not change are cosigned again each day, and the archive keeps the first note', async () => {
  await using house = await openRegisterHouse()
  await using witness = await openTestWitness(house)
  const witnesses = witness.config
  const path = join(house.publicFolder, 'log/declarations/checkpoint')
  const archive = join(house.publicFolder, 'log/checkpoints/declarations/0')
  {
    await using publisher = await house.start({ witnesses })
    await publisher.runRound()
    const before = await readFile(path)
    house.clockAt = new Date('2026-03-02T10:00:00Z')
    await publisher.runRound()
    const after = await readFile(path)
    assert.notDeepEqual(after, before)
    assert.equal(parseNote(after).text, parseNote(before).text)
    assert.deepEqual(await readFile(archive), before)
    await house.check(witness.config.policyLines)
  }
  await using _restarted = await house.start({ witnesses })
  await house.check(witness.config.policyLines)
})

test('a witness that turns out to be ahead, or on another branch, stops the running register for good', async () => {
  const answers = {
    witness_ahead: new Response('7000000\n', {
      status: 409,
      headers: { 'content-type': 'text/x.tlog.size' },
    }),
    witness_contradicts: new Response('inconsistent\n', { status: 422 }),
  }
  for (const [code, answer] of Object.entries(answers)) {
    await using house = await openRegisterHouse()
    await using witness = await openTestWitness(house)
    let isOdd = false
    const witnesses: WitnessConfig = {
      ...witness.config,
      fetch: (input, init) =>
        isOdd ? Promise.resolve(answer.clone()) : witness.config.fetch(input, init),
    }
    await using publisher = await house.start({ witnesses })
    isOdd = true
    await house.approve([ownStatement('one')])
    await assert.rejects(publisher.runRound())
    assert.deepEqual(publisher.health(), { state: 'refused', code })
    isOdd = false
    await assert.rejects(publisher.runRound(), { code: 'bad_state' })
    const { pair } = await house.check(witness.config.policyLines)
    assert.equal(pair.declarations.size, 0)
  }
})

test('a register restored behind its witnesses is refused for good', async () => {
  await using house = await openRegisterHouse()
  await using witness = await openTestWitness(house)
  const witnesses = witness.config
  {
    await using _empty = await house.start({ witnesses })
  }
  const tables = ['log_state', 'event_queue', 'announced', 'tally_part', 'content_bundle'] as const
  const saved = await Promise.all(
    tables.map((table) => house.owner.selectFrom(`avow.${table}`).selectAll().execute()),
  )
  const copy = `${house.publicFolder}-copy`
  await cp(house.publicFolder, copy, { recursive: true })
  {
    await using publisher = await house.start({ witnesses })
    await house.approve([ownStatement('one')])
    await publisher.runRound()
  }
  await rm(house.publicFolder, { recursive: true })
  await cp(copy, house.publicFolder, { recursive: true })
  for (const [i, table] of tables.entries()) {
    await house.owner.deleteFrom(`avow.${table}`).execute()
    for (const row of saved[i] ?? []) {
      await house.owner
        .insertInto(`avow.${table}`)
        .values(row as never)
        .execute()
    }
  }
  assert.equal(await house.refusal({ witnesses }), 'witness_ahead')
})
