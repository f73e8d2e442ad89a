import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import type { TinyRegister } from '../../test/support/tiny-register.ts'
import { verifyCommand } from './verify-command.ts'

const BY_DESK = { kind: 'author-by-desk' } as const

/** A monitor with its state beside the copy of the site that it looks at. */
async function openMonitor(register: TinyRegister) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-monitor-'))
  const site = join(folder, 'public')
  const state = join(folder, 'state.json')
  await register.writeTo(site)
  await writeFile(join(folder, 'policy'), register.policyText)
  const look = async (day: string, ...more: readonly string[]) => {
    let out = ''
    let err = ''
    const args = [site, '--policy', join(folder, 'policy'), '--since', state, '--json', ...more]
    const code = await verifyCommand(args, {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      nextLookAfterMs: 0,
      clock: () => new Date(`${day}T13:00:00Z`),
    })
    return { code, said: out === '' ? {} : JSON.parse(out), out, err }
  }
  return {
    folder,
    site,
    state,
    look,
    /** The site as it is now: what was there and is no more is gone. */
    async show(shown: Pick<TinyRegister, 'writeTo'>) {
      await rm(site, { recursive: true })
      await shown.writeTo(site)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

test('looks follow a register and read what is new', async () => {
  const register = await standardRegister({ witnesses: 2 })
  await using monitor = await openMonitor(register)
  const first = await monitor.look('2026-01-03')
  assert.equal(first.code, 0, first.out)
  assert.deepEqual([first.said.first, first.said.ageSeconds], [true, 3600])
  const again = await monitor.look('2026-01-03')
  assert.deepEqual([again.code, again.said.first], [0, false])
  assert.deepEqual(again.said.grown, { declarations: 0, events: 0 })

  register.act({ type: 'withdraw', index: 3 }, BY_DESK).hide(3, 'body', 'name', 'about')
  await register.declare({}, {}).publish('2026-01-04')
  await monitor.show(register)
  const grown = await monitor.look('2026-01-04')
  assert.equal(grown.code, 0, grown.out)
  assert.deepEqual(grown.said.grown, { declarations: 2, events: 3 })
  assert.equal(grown.said.byState.withdrawn, 1)
  assert.deepEqual(
    grown.said.witnesses.map(({ key, run }: { key: string; run: string }) => [key, run]),
    [
      ['witness-0.example', 'other'],
      ['witness-1.example', 'other'],
    ],
  )
})

test('a fork is a finding, and both notes are kept once', async () => {
  const [register, other] = [await standardRegister(), await standardRegister()]
  await register.declare({ orgs: ['club'] }).publish('2026-01-04')
  await other.declare({ orgs: ['league'] }).publish('2026-01-04')
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-04')
  await monitor.show(other)
  for (let i = 0; i < 2; i++) {
    const { code, said, err } = await monitor.look('2026-01-04')
    assert.deepEqual([code, said.code], [1, 'forked'])
    assert.match(err, /contradict each other are kept in/)
  }
  const [kept, ...more] = await readdir(join(monitor.folder, 'evidence'))
  assert.deepEqual(more, [])
  const notes = await Promise.all(
    ['seen-before', 'served-now'].map((name) =>
      readFile(join(monitor.folder, 'evidence', kept ?? '', name)),
    ),
  )
  const path = 'log/checkpoints/declarations/10'
  assert.deepEqual(notes, [
    Buffer.from(register.files.get(path) ?? []),
    Buffer.from(other.files.get(path) ?? []),
  ])
})

test('a fork that went on growing is a finding too', async () => {
  const [register, other] = [await standardRegister(), await standardRegister()]
  await register.declare({ orgs: ['club'] }).publish('2026-01-04')
  await other.declare({ orgs: ['league'] }, {}).publish('2026-01-04')
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-04')
  await monitor.show(other)
  const { code, said } = await monitor.look('2026-01-04')
  assert.deepEqual([code, said.code, said.file], [1, 'forked', 'log/declarations/checkpoint'])
})

test('a register that goes back behind what was seen is a finding', async () => {
  const register = await standardRegister()
  const older = await standardRegister()
  await register.declare({}).publish('2026-01-04')
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-04')
  const before = await readFile(monitor.state)
  await monitor.show(older)
  const { code, said } = await monitor.look('2026-01-04')
  assert.deepEqual([code, said.code], [1, 'forked'])
  assert.match(said.message, /9 entries, and 10 were signed before/)
  assert.deepEqual(await readFile(monitor.state), before)
})

test('silence is a finding after as many hours as the monitor allows', async () => {
  const register = await standardRegister({ witnesses: 1 })
  await using monitor = await openMonitor(register)
  assert.equal((await monitor.look('2026-01-04')).code, 0)
  const { code, said } = await monitor.look('2026-01-06')
  assert.deepEqual([code, said.code], [1, 'stale'])
  assert.equal((await monitor.look('2026-01-06', '--max-age', '100')).code, 0)
})

test('without witnesses nobody says when, and the look says that', async () => {
  const register = await standardRegister()
  await using monitor = await openMonitor(register)
  const { code, said } = await monitor.look('2036-01-01')
  assert.deepEqual([code, said.ageSeconds], [0, null])
})

test('a witness that no longer cosigns costs the quorum and is a finding', async () => {
  const register = await standardRegister({ witnesses: 2 })
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-03')
  const path = 'log/events/checkpoint'
  const note = Buffer.from(register.files.get(path) ?? []).toString()
  register.files.set(path, Buffer.from(note.split('\n').slice(0, -2).join('\n').concat('\n')))
  await monitor.show(register)
  const { code, said } = await monitor.look('2026-01-03')
  assert.deepEqual([code, said.code, said.file], [1, 'bad_checkpoint', path])
})

test('a text that vanishes without an event is a finding', async () => {
  const register = await standardRegister()
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-03')
  register.hide(0, 'name').writeContent()
  await monitor.show(register)
  const { code, said } = await monitor.look('2026-01-03')
  assert.deepEqual([code, said.code], [1, 'part_missing'])
})

test('so is one that need not be shown, and was: only what was seen before tells', async () => {
  const register = await standardRegister()
  register.act({ type: 'withdraw', index: 0 }, BY_DESK).act({ type: 'restore', index: 0 }, BY_DESK)
  await register.publish('2026-01-04')
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-04')
  register.hide(0, 'name').writeContent()
  await monitor.show(register)
  const gone = await monitor.look('2026-01-04')
  assert.deepEqual([gone.code, gone.said.code], [1, 'part_missing'])
  assert.match(gone.said.message, /name of declaration 0 was shown at the last look/)

  // With an event that takes it down it is none.
  const unshown = { shown: { name: false, text: true }, body: null, name: null, about: null }
  register.act({ type: 'redact', index: 0, ...unshown }, BY_DESK)
  await register.publish('2026-01-04')
  await monitor.show(register)
  const { code, out } = await monitor.look('2026-01-04')
  assert.equal(code, 0, out)
})

test('a state that was written on, or is of another register, is none', async () => {
  const register = await standardRegister()
  await using monitor = await openMonitor(register)
  await monitor.look('2026-01-03')
  const state = await readFile(monitor.state, 'utf8')
  await writeFile(monitor.state, state.replace('"tallies":3', '"tallies": 3'))
  assert.equal((await monitor.look('2026-01-03')).code, 2)
  await writeFile(monitor.state, state.replace(/"declarations":"..../, '"declarations":"AAAA'))
  const { code, err } = await monitor.look('2026-01-03')
  assert.equal(code, 2)
  assert.match(err, /Nothing was verified/)
})
