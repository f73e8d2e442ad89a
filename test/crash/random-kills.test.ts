import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHex } from '../../src/encoding/hex.ts'
import { nativeEd25519Verify } from '../../src/main/native-ed25519.ts'
import { LOG_IDS } from '../../src/register/log-keys.ts'
import { type Policy, parsePolicy, verifyCheckpoint } from '../../src/tlog/policy.ts'
import { parseLatest } from '../../src/verify/latest.ts'
import { verifyRegister } from '../../src/verify/verify-register.ts'
import { openServed } from '../support/check-log.ts'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  sha256,
} from '../support/register-house.ts'
import { type RememberingWitness, startRememberingWitness } from '../support/remembering-witness.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { act, TestReceipt } from '../support/test-receipt.ts'

const KILLS = Number(process.env['KILLS'] ?? (process.env['SLOW'] === '1' ? 500 : 3))
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31))
/** From the go to the kill, while the register is being opened and whatever the last kill left is finished. */
const LONGEST_OPENING_MS = 700
/** From the moment it is open, while a batch is under way. */
const LONGEST_LIFE_MS = 900
/** More than this is not added to what waits, so that a life is long enough for a batch. */
const BACKLOG = 8
/** A whole replay costs more the longer the register is. */
const REPLAY_EVERY = 20

test(`killed ${KILLS} times at random moments, the register has one history and all of it (SEED=${SEED})`, async (t) => {
  t.diagnostic(`SEED=${SEED}`)
  const random = seededRandom(SEED)
  await using house = await openRegisterHouse()
  house.clockAt = new Date()
  await using witness = await startRememberingWitness(house)
  const policy = policyOf(house, witness)
  const seen: Seen = { declarations: 0, events: 0 }
  const lives = { opened: 0, unopened: 0, inBatch: 0 }
  const erasures: Erasures = { receipts: new Map(), acted: new Map(), erased: new Set() }
  let approved = 0
  let fruitless = 0
  let next = startChild(house, witness)
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      const context = `SEED=${SEED}, kill ${kill}`
      const room = approved - seen.declarations < BACKLOG
      for (let left = room ? Math.floor(random() * 5) : 0; left > 0; left--) {
        approved++
        const text = `Made-up statement ${approved}.`
        const receipt = new TestReceipt()
        erasures.receipts.set(text, receipt)
        const { persons, ...statement } = ownStatement(text)
        await house.approve([
          { ...statement, persons: persons.map((one) => ({ ...one, receipt })) },
        ])
      }
      if (random() < 0.3) await actOnOne(house, erasures, random)
      const child = next
      await child.loaded
      next = startChild(house, witness)
      child.go()
      if (random() < 0.3) {
        await sleep(random() * LONGEST_OPENING_MS)
      } else {
        await child.opened
        // On a machine that is busy with other things a batch takes longer: lives grow until one is long enough.
        await sleep(random() * LONGEST_LIFE_MS * (1 + fruitless))
      }
      const said = await child.kill()
      lives[said.includes('open\n') ? 'opened' : 'unopened']++
      lives.inBatch += await stagedBatches(house)
      assert.doesNotMatch(said, /problem/, context)
      assert.deepEqual(witness.contradictions, [], context)
      const before = seen.events
      await checkServedHeads(house, witness, policy, seen, context)
      fruitless = seen.events > before ? 0 : Math.min(fruitless + 1, 9)
      await checkErased(house, erasures, context)
      if (kill % REPLAY_EVERY === 0 || kill === KILLS) {
        process.stdout.write(`killed ${kill} times, ${seen.declarations} of ${approved} public\n`)
        await replay(house, policy, context)
      }
    }
  } finally {
    await next.kill()
  }
  await finishAndCheckAll(house, witness, policy, approved, erasures)
  t.diagnostic(
    `${KILLS} kills, ${lives.unopened} before the register was taken over, ${lives.inBatch} between indices and their publication; ${approved} declarations, all public once; ${erasures.acted.size} acted upon, ${erasures.erased.size} texts erased, none came back`,
  )
})

const ACTS = ['withdraw', 'take-down-text', 'take-down-name', 'confirm'] as const
type Act = (typeof ACTS)[number]
/** How many of body, name and about are left after it. */
const LEFT: Readonly<Record<Act, readonly [number, number, number]>> = {
  withdraw: [0, 0, 0],
  'take-down-text': [0, 1, 1],
  'take-down-name': [1, 0, 1],
  confirm: [1, 1, 1],
}

type Erasures = {
  readonly receipts: Map<string, TestReceipt>
  /** Accepted: these must be carried out, and what they erased must stay away. */
  readonly acted: Map<string, Act>
  readonly erased: Set<string>
}

/** One that is public; what waits is not a declaration yet. */
async function actOnOne(
  house: RegisterHouse,
  { receipts, acted }: Erasures,
  random: () => number,
): Promise<void> {
  const open = [...receipts.keys()].filter((text) => !acted.has(text))
  const text = open[Math.floor(random() * open.length)]
  const receipt = text === undefined ? undefined : receipts.get(text)
  if (text === undefined || receipt === undefined) return
  const rows = await house.owner.selectFrom('avow.content_text').select('body').execute()
  if (!rows.some(({ body }) => body.includes(text))) return
  const kind = ACTS[Math.floor(random() * ACTS.length)] ?? 'withdraw'
  if ((await act(house, receipt, { kind })) === 'accepted') acted.set(text, kind)
}

/** A text that was taken down from the files is never in them again. */
async function checkErased(
  house: RegisterHouse,
  { acted, erased }: Erasures,
  context: string,
): Promise<void> {
  const shown = await shownTexts(house)
  for (const [text, kind] of acted) {
    if (LEFT[kind][0] === 1) continue
    const isShown = shown.some((body) => body.includes(text))
    assert.ok(!(isShown && erased.has(text)), `${text} came back: ${context}`)
    if (!isShown) erased.add(text)
  }
}

async function shownTexts(house: RegisterHouse): Promise<string[]> {
  const folder = join(house.publicFolder, 'content/texts')
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

type Seen = { declarations: number; events: number }

/** What a reader meets the moment after a kill: nothing that the witness did not cosign, nothing older than before. */
async function checkServedHeads(
  house: RegisterHouse,
  witness: RememberingWitness,
  policy: Policy,
  seen: Seen,
  context: string,
): Promise<void> {
  const latest = await readFile(join(house.publicFolder, 'log/latest')).catch(() => undefined)
  if (latest === undefined) {
    assert.equal(seen.events, 0, `latest is gone: ${context}`)
    return
  }
  const pair = parseLatest(latest)
  for (const id of LOG_IDS) {
    const note = await readFile(join(house.publicFolder, `log/${id}/checkpoint`))
    const { checkpoint } = verifyCheckpoint(note, policy)
    const { origin, size } = checkpoint
    assert.ok(size <= (witness.sizes.get(origin) ?? -1), `unwitnessed: ${context}`)
    assert.ok(pair[id].size <= size, `a pair beyond its checkpoint: ${context}`)
    assert.ok(pair[id].size >= seen[id], `${id} went back: ${context}`)
    seen[id] = pair[id].size
  }
}

/** Contents are a moment ahead of their pair, and what was erased is gone before its event is public. */
const TRANSIENT = new Set(['part_not_shown', 'part_missing', 'missing_file'])

/** All of it, as a stranger; between the last two steps content is a moment ahead of its pair. */
async function replay(house: RegisterHouse, policy: Policy, context: string): Promise<void> {
  const { read } = openServed(house.publicFolder)
  try {
    await verifyRegister(read, { policy, sha256, ed25519Verify: nativeEd25519Verify })
  } catch (error) {
    if (error instanceof Error && 'code' in error && TRANSIENT.has(String(error.code))) return
    throw new Error(`the register does not verify: ${context}`, { cause: error })
  }
}

/** Lets what is left be published in peace, then reads everything. */
async function finishAndCheckAll(
  house: RegisterHouse,
  witness: RememberingWitness,
  policy: Policy,
  approved: number,
  { acted }: Erasures,
): Promise<void> {
  const child = startChild(house, witness)
  await child.loaded
  child.go()
  for (;;) {
    const left = await house.owner
      .selectFrom('avow.approved_item')
      .select('case_id')
      .where('state', '<>', 'published')
      .execute()
    const acts = await house.owner.selectFrom('avow.pending_act').select('id').execute()
    if (left.length === 0 && acts.length === 0) break
    await sleep(100)
  }
  await untilEventsAreLogged(house)
  assert.doesNotMatch(await child.kill(), /problem/)
  const context = `SEED=${SEED}, at the end`
  const { read, list } = openServed(house.publicFolder)
  const evidence = await verifyRegister(read, {
    policy,
    sha256,
    list,
    ed25519Verify: nativeEd25519Verify,
  })
  assert.equal(evidence.pair.declarations.size, approved, context)
  const left = [0, 1, 2].map((part) =>
    [...acted.values()].reduce((sum, kind) => sum - 1 + (LEFT[kind][part] ?? 0), approved),
  )
  const [body, name, about] = left
  assert.deepEqual(evidence.opened, { body, name, about }, context)
  assert.deepEqual(witness.contradictions, [], context)
  assert.equal(new Set(await shownTexts(house)).size, body, `doubled or lost: ${context}`)
  assert.equal(await stagedBatches(house), 0, context)
}

async function untilEventsAreLogged(house: RegisterHouse): Promise<void> {
  for (let quiet = 0; quiet < 10; ) {
    const queued = await house.owner.selectFrom('avow.event_queue').select('id').execute()
    quiet = queued.length === 0 && (await stagedBatches(house)) === 0 ? quiet + 1 : 0
    await sleep(100)
  }
}

/** Logs whose newest entries have indices and are not published: what the next start has to finish. */
async function stagedBatches(house: RegisterHouse): Promise<number> {
  const staged = await house.owner.selectFrom('avow.staged_batch').select('log').execute()
  return staged.length
}

interface Child {
  readonly loaded: Promise<void>
  /** Resolves too when it could not be opened: then it said why. */
  readonly opened: Promise<void>
  readonly go: () => void
  /** kill -9; resolves with everything it had said. */
  readonly kill: () => Promise<string>
}

function startChild(house: RegisterHouse, witness: RememberingWitness): Child {
  const script = join(import.meta.dirname, 'publish-when-told.ts')
  const { databaseUrl } = house.deps()
  const args = [databaseUrl, house.folder, toHex(house.rootPublicKey), house.identity]
  const child: ChildProcess = spawn(
    process.execPath,
    [script, ...args, witness.url, witness.vkey],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  let said = ''
  // One that ends by itself, as with a mistake in its code, will never say it.
  const heard = (wanted: RegExp) => {
    const heardIt = new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', () => {
        if (wanted.test(said)) resolve()
      })
      child.once('close', () => reject(new Error(`the publisher ended, having said: ${said}`)))
    })
    heardIt.catch(() => {})
    return heardIt
  }
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const loaded = heard(/^loaded\n/)
  const opened = heard(/^(open|problem.*)\n/m)
  child.stdin?.on('error', () => {})
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    loaded,
    opened,
    go: () => child.stdin?.write('go\n'),
    async kill() {
      child.kill('SIGKILL')
      await ended
      return said
    },
  }
}

function policyOf(house: RegisterHouse, witness: RememberingWitness): Policy {
  const { declarations, events } = house.deps().logKeys
  const keys = `log ${declarations.verifierKey}\nlog ${events.verifierKey}\n`
  return parsePolicy(`${keys}${witness.policyLines}`)
}
