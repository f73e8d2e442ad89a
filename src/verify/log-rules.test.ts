import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertLie, findLie, verifyTiny } from '../../test/support/find-lie.ts'
import { somePersons, standardRegister } from '../../test/support/tiny-examples.ts'
import { fixedBytes } from '../../test/support/tiny-log.ts'
import { TinyRegister, UNCHANGED } from '../../test/support/tiny-register.ts'
import type { LogEvent } from '../declaration/event.ts'
import type { Authority } from '../declaration/event-lines.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { VerifyErrorCode } from './error.ts'

const BY_DESK: Authority = { kind: 'author-by-desk' }

/** The file in which the newest event stands, while there are fewer than 256. */
function newestEvents(register: TinyRegister): string {
  return `log/events/tile/entries/000.p/${register.events.length}`
}

test('an act on a declaration that is not there is refused', async () => {
  const register = await standardRegister()
  const leaf = toHex(register.leafHash(0))
  register.log({ type: 'withdraw', index: 9, leaf, by: BY_DESK })
  await register.publish('2026-01-04')
  await assertLie(register, 'event_refused', newestEvents(register), /beyond the size/)
})

test('an act that means another leaf is refused', async () => {
  const register = await standardRegister()
  register.log({ type: 'withdraw', index: 0, leaf: toHex(register.leafHash(1)), by: BY_DESK })
  await register.publish('2026-01-04')
  await assertLie(register, 'event_refused', newestEvents(register), /another leaf/)
})

test('an act without its author’s key, signature or next number is refused', async () => {
  const lies = [
    { seq: 2 },
    { signature: new Uint8Array(64) },
    { author: fixedBytes('another author') },
    { salt: fixedBytes('another salt') },
    { salt: null },
  ]
  for (const lie of lies) {
    const register = await standardRegister()
    const act = { type: 'withdraw', index: 0, leaf: toHex(register.leafHash(0)) } as const
    register.log({ ...act, by: { ...register.signAct(act), ...lie } })
    await register.publish('2026-01-04')
    await assertLie(register, 'event_refused', newestEvents(register))
  }
})

test('an act signed for another register is refused', async () => {
  const register = await standardRegister()
  const other = await standardRegister({ name: 'register.example/other' })
  const act = { type: 'withdraw', index: 0, leaf: toHex(register.leafHash(0)) } as const
  register.log({ ...act, by: other.signAct(act) })
  await register.publish('2026-01-04')
  await assertLie(register, 'event_refused', newestEvents(register), /signature/)
})

test('an operator acts for a reason of the form, and never publishes more', async () => {
  const raise = { ...UNCHANGED, shown: { name: true, text: true } }
  const acts = [
    [{ type: 'redact', index: 0, ...UNCHANGED }, 'because', /reason/],
    [{ type: 'redact', index: 4, ...raise }, 'clerical', /only the author/],
    [{ type: 'correct', index: 4, ...raise, orgs: null, evidence: null }, 'clerical', /only the/],
  ] as const
  for (const [act, reason, message] of acts) {
    const register = await standardRegister()
    register.act(act, { kind: 'operator', reason, country: null })
    await register.publish('2026-01-04')
    await assertLie(register, 'event_refused', newestEvents(register), message)
  }
})

test('a correction neither raises evidence nor names unknown organisations', async () => {
  const corrections = [
    { ...UNCHANGED, orgs: null, evidence: 'in-person' },
    { ...UNCHANGED, orgs: ['army'], evidence: null },
  ] as const
  for (const values of corrections) {
    const register = await standardRegister()
    register.act({ type: 'correct', index: 0, ...values }, BY_DESK)
    await register.publish('2026-01-04')
    await assertLie(register, 'event_refused', newestEvents(register))
  }
})

test('flags end where the log ends', async () => {
  for (const type of ['flag', 'unflag'] as const) {
    const register = await standardRegister()
    register.log({ type, reason: 'fraud', ranges: [{ first: 3, end: 10 }] })
    await register.publish('2026-01-04')
    await assertLie(register, 'event_refused', newestEvents(register), /range/)
  }
})

test('an event names no larger log than there is, and none smaller than the event before it', async () => {
  for (const size of [4, 10]) {
    const register = await standardRegister()
    const events = (all: LogEvent[]) => all.map((event) => ({ ...event, size }))
    await register.publish('2026-01-04', { events })
    await assertLie(register, 'event_refused', newestEvents(register), /log/)
  }
})

test('batches follow each other without gap or overlap and account for every declaration', async () => {
  const batch = (change: (range: { first: number; end: number }) => object) => ({
    events: (all: LogEvent[]) =>
      all.map((event) =>
        event.type === 'batch'
          ? { ...event, range: { ...event.range, ...change(event.range) } }
          : event,
      ),
  })
  const lies = [
    [batch(({ first }) => ({ first: first + 1 })), 'event_refused'],
    [batch(({ first }) => ({ first: first - 1 })), 'event_refused'],
    [batch(({ end }) => ({ end: end + 1 })), 'event_refused'],
    [batch(({ end }) => ({ end: end - 1 })), 'range_not_covered'],
    [{ events: withoutBatch }, 'range_not_covered'],
  ] as const
  for (const [lie, code] of lies) {
    const register = await standardRegister()
    await register.declare(...somePersons(9, 12)).publish('2026-01-04', lie)
    await assertLie(register, code, newestEvents(register))
  }
})

function withoutBatch(all: LogEvent[]): LogEvent[] {
  const rest = all.filter(({ type }) => type !== 'batch')
  return rest.map((event) =>
    event.type === 'tally' ? { ...event, events: event.events - 1 } : event,
  )
}

test('a pair ends in the tally of itself', async () => {
  const incident = { type: 'incident', incident: 'fire', notice: '0'.repeat(64) } as const
  const lies: readonly (readonly [(all: LogEvent[]) => LogEvent[], VerifyErrorCode])[] = [
    [(all) => all.slice(0, -1), 'tally_mismatch'],
    [(all) => changeTally(all, { events: 3 }), 'event_refused'],
    [(all) => changeTally(all, { tally: '0'.repeat(64) }), 'tally_mismatch'],
  ]
  for (const [events, code] of lies) {
    const register = await standardRegister()
    await register.log(incident).publish('2026-01-04', { events })
    await assertLie(register, code, newestEvents(register))
  }
  // A tally ends a publication, so what follows it shows as a publication that nobody archived.
  const register = await standardRegister()
  const after = { ...incident, day: '2026-01-04', size: 9 }
  await register.publish('2026-01-04', { events: (all) => [...all, after] })
  await assertLie(register, 'missing_file', `log/checkpoints/events/${register.events.length - 1}`)
})

function changeTally(all: LogEvent[], change: { events?: number; tally?: string }): LogEvent[] {
  return all.map((event) => (event.type === 'tally' ? { ...event, ...change } : event))
}

test('a form is published once, as the event says, and before the leaves that name it', async () => {
  const twice = await standardRegister()
  twice.log({ type: 'form', form: twice.formHash, id: 'tiny', version: 1 })
  await twice.publish('2026-01-04')
  await assertLie(twice, 'event_refused', newestEvents(twice), /before/)

  const renamed = await new TinyRegister().publish('2026-01-01', {
    events: (all) =>
      all.map((event) => (event.type === 'form' ? { ...event, id: 'other' } : event)),
  })
  await assertLie(renamed, 'event_refused', newestEvents(renamed), /id or version/)

  const late = await new TinyRegister().declare({}).publish('2026-01-01')
  await assertLie(late, 'unknown_form', 'log/declarations/tile/entries/000.p/1')
})

test('a leaf names a published form and its organisations', async () => {
  const form = await standardRegister()
  await form.declare({ form: '0'.repeat(64) }).publish('2026-01-04')
  await assertLie(form, 'unknown_form', 'log/declarations/tile/entries/000.p/10')

  const army = await standardRegister()
  await army.declare({ orgs: ['army', 'club'] }).publish('2026-01-04')
  await assertLie(army, 'unknown_organisation', 'log/declarations/tile/entries/000.p/10', /army/)

  const unstated = await standardRegister()
  await unstated.declare({ orgs: ['unstated'] }).publish('2026-01-04')
  await verifyTiny(unstated)
})

test('an entry that is not a leaf or not an event is refused though it is signed', async () => {
  for (const bytes of [utf8('hello\n'), new Uint8Array(0), new Uint8Array(513).fill(97)]) {
    const register = await standardRegister()
    await register.declare({}).publish('2026-01-04', { entries: () => [bytes] })
    const code = (await findLie(register))?.code
    assert.ok(code === 'bad_leaf' || code === 'file_too_large', code)
  }
})

test('days never go back, in either log', async () => {
  const leaves = await standardRegister()
  const events = (all: LogEvent[]) => all.map((event) => ({ ...event, day: '2026-01-04' }))
  await leaves.declare({}).publish('2026-01-02', { events })
  await assertLie(leaves, 'day_decreases', 'log/declarations/tile/entries/000.p/10')

  const acts = await standardRegister()
  await acts.publish('2026-01-02')
  await assertLie(acts, 'day_decreases', newestEvents(acts))
})

test('witnesses saw entries on their day, the one before or the one after', async () => {
  for (const cosignedOn of ['2026-01-03', '2026-01-04', '2026-01-05']) {
    const register = await standardRegister({ witnesses: 1 })
    await register.declare({}).publish('2026-01-04', { cosignedOn })
    await verifyTiny(register)
  }
  for (const cosignedOn of ['2026-01-02', '2026-01-06']) {
    const register = await standardRegister({ witnesses: 1 })
    await register.declare({}).publish('2026-01-04', { cosignedOn })
    const file = `log/checkpoints/events/${register.events.length}`
    await assertLie(register, 'day_not_witnessed', file)
  }
})

test('every day since the last checkpoint is compared with the witnesses, not only the newest', async () => {
  const register = await standardRegister({ witnesses: 1 })
  const incident = { type: 'incident', incident: 'fire', notice: '0'.repeat(64) } as const
  const events = ([first, ...others]: LogEvent[]) =>
    first === undefined ? others : [{ ...first, day: '2026-01-04' }, ...others]
  await register.log(incident).publish('2026-01-07', { events })
  const file = `log/checkpoints/events/${register.events.length}`
  await assertLie(register, 'day_not_witnessed', file, /2026-01-04 to 2026-01-07/)
})

test('events witnessed long before their declarations are found', async () => {
  const register = await standardRegister({ witnesses: 1 })
  await register
    .declare({})
    .publish('2026-01-04', { cosignedOn: '2026-01-05', eventsCosignedOn: '2026-01-03' })
  const file = `log/checkpoints/events/${register.events.length}`
  await assertLie(register, 'checkpoints_far_apart', file)
})

test('a policy or directory that changes is logged again', async () => {
  for (const subject of ['policy', 'directory'] as const) {
    const register = await standardRegister()
    const text = `${register.policyText}# a remark\n`
    register.keep(subject, text)
    await assertLie(register, 'unlogged_file', `log/${subject}`)
    await register.publish('2026-01-04')
    await verifyTiny(register)
  }
})
