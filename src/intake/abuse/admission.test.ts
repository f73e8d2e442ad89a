import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Admission, type Returned, type Ticket, type Verdict } from './admission.ts'
import { arrivalPathOf, type Budgets } from './arrival-path.ts'
import { solvePuzzle } from './puzzle.ts'

const MINUTE_MS = 60_000
const budgets: Budgets = { plain: 60, onion: 60, station: 60, work: 60 }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

class Gate {
  nowMs = Date.parse('2026-03-01T10:00:00Z')
  readonly admission: Admission

  constructor(changes: Partial<Budgets> = {}) {
    this.admission = new Admission({
      budgets: { ...budgets, ...changes },
      clock: () => new Date(this.nowMs),
      random: (length) => Uint8Array.from(randomBytes(length)),
      workBits: 4,
    })
  }

  admitted(count: number, path: 'plain' | 'onion' | 'station' = 'plain'): number {
    const verdicts = Array.from({ length: count }, (_, i) =>
      this.admission.ask(path, `s${i}`, null),
    )
    return verdicts.filter(({ outcome }) => outcome === 'admitted').length
  }

  refused(submission: string): Ticket {
    return ticketOf(this.admission.ask('plain', submission, null))
  }

  back(ticket: Ticket, work: Returned['work'] = null, submission = ticket.submission): Verdict {
    return this.admission.ask('plain', submission, { ticket, work })
  }
}

function ticketOf(verdict: Verdict): Ticket {
  assert.equal(verdict.outcome, 'wait')
  return verdict.outcome === 'wait' ? verdict.ticket : assert.fail()
}

function solve(subject: string, bits: number): string {
  const slices = solvePuzzle(subject, bits, sha256)
  for (;;) {
    const { done, value } = slices.next()
    if (done) return value
  }
}

test('fifty times the budget of one path takes nothing from the others', () => {
  const gate = new Gate()
  for (let second = 0; second < 120; second++) {
    gate.nowMs += 1000
    gate.admitted(50)
    if (second % 2 === 1) {
      assert.equal(gate.admitted(1, 'onion'), 1)
      assert.equal(gate.admitted(1, 'station'), 1)
    }
  }
})

test('a path takes its budget a minute, one minute ahead at most', () => {
  const gate = new Gate()
  let taken = 0
  for (let second = 0; second < 120; second++) {
    gate.nowMs += 1000
    taken += gate.admitted(50)
  }
  // Half of the bucket stays for those who come back, and nobody does here.
  assert.ok(taken <= 60 + 120 && taken >= 60 + 120 - 32, `${taken}`)
})

test('whoever waited is let in before a flood that does not come back', () => {
  const gate = new Gate()
  gate.admitted(60)
  const ticket = gate.refused('mine')
  for (let second = 0; second < 60; second++) {
    gate.nowMs += 1000
    gate.admitted(50)
  }
  assert.ok(gate.nowMs < ticket.notBeforeMs || gate.back(ticket).outcome === 'admitted')
  gate.nowMs = Math.max(gate.nowMs, ticket.notBeforeMs)
  gate.admitted(3000)
  const other = gate.refused('other')
  gate.nowMs = other.notBeforeMs
  gate.admitted(3000)
  assert.equal(gate.back(other).outcome, 'admitted')
})

test('coming back too early changes nothing: the same ticket, the same time', () => {
  const gate = new Gate()
  gate.admitted(60)
  const ticket = gate.refused('mine')
  gate.nowMs = ticket.notBeforeMs - 1
  assert.deepEqual(gate.back(ticket), { outcome: 'wait', ticket, waitMs: 1 })
})

test('a ticket lets in once, its own submission only, and not for ever', () => {
  const gate = new Gate()
  gate.admitted(60)
  const [once, stolen, late] = ['a', 'b', 'c'].map((name) => gate.refused(name))
  assert.ok(once && stolen && late)
  gate.nowMs = Math.max(once.notBeforeMs, stolen.notBeforeMs)
  assert.equal(gate.back(once).outcome, 'admitted')
  gate.admitted(3000)
  assert.notDeepEqual(ticketOf(gate.back(once)).id, once.id)
  assert.notDeepEqual(ticketOf(gate.back(stolen, null, 'another')).id, stolen.id)
  gate.nowMs = late.expiresAtMs + 1
  gate.admitted(3000)
  assert.notDeepEqual(ticketOf(gate.back(late)).id, late.id)
})

test('a solved puzzle lets in at once, from a budget of its own, and only once', () => {
  const gate = new Gate()
  gate.admitted(3000)
  const ticket = gate.refused('mine')
  const solution = solve('the page', ticket.workBits)
  assert.equal(gate.back(ticket, { subject: 'another page', solution }).outcome, 'wait')
  assert.equal(gate.back(ticket, { subject: 'the page', solution }).outcome, 'admitted')
  assert.equal(gate.back(ticket, { subject: 'the page', solution }).outcome, 'wait')
})

test('the puzzle gets harder as its budget empties, and again easy', () => {
  const gate = new Gate()
  gate.admitted(60)
  const easy = gate.refused('easy').workBits
  for (let i = 0; i < 45; i++) {
    const ticket = gate.refused(`w${i}`)
    const solution = solve(String(i), ticket.workBits)
    assert.equal(gate.back(ticket, { subject: String(i), solution }).outcome, 'admitted')
  }
  assert.equal(gate.refused('hard').workBits, easy + 2)
  gate.nowMs += MINUTE_MS
  gate.admitted(60)
  assert.equal(gate.refused('again').workBits, easy)
})

test('a wait is between a quarter of a minute and two and a half, however many wait', () => {
  const gate = new Gate()
  gate.admitted(60)
  const waits = Array.from(
    { length: 5000 },
    (_, i) => gate.refused(`s${i}`).notBeforeMs - gate.nowMs,
  )
  assert.ok(Math.min(...waits) >= 15_000)
  assert.ok(Math.max(...waits) <= 150_000)
})

test('only the environment names the path, and what it does not know is plain', () => {
  assert.equal(arrivalPathOf({ arrival: 'onion' }), 'onion')
  for (const odd of [undefined, null, 'onion', { arrival: 'work' }, { arrival: 1 }]) {
    assert.equal(arrivalPathOf(odd), 'plain')
  }
})
