import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { Authority } from '../../src/declaration/event-lines.ts'
import { EVIDENCE } from '../../src/declaration/evidence.ts'
import { fixedBytes } from '../support/tiny-log.ts'
import { type StagedAct, TinyRegister, UNCHANGED } from '../support/tiny-register.ts'
import { buildGoVerifier } from './build-go-verifier.ts'

const scratch = mkdtempSync(join(tmpdir(), 'avow-go-tally-'))
after(() => rmSync(scratch, { recursive: true, force: true }))
const { binary, skip } = buildGoVerifier(scratch)

/** The tally as Go counts it from the served files alone. */
function goTally(root: string, policyText: string) {
  const keys = [...policyText.matchAll(/^log (\S+)$/gm)].map(([, key]) => key ?? '')
  return spawnSync(binary, ['tally', ...keys, join(root, 'log')], { encoding: 'utf8' })
}

test('Go counts the register of the vectors as we do', { skip }, () => {
  const folder = join(import.meta.dirname, '../vectors/register')
  const { stdout, stderr, status } = goTally(
    join(folder, 'public'),
    readFileSync(join(folder, 'policy'), 'utf8'),
  )
  assert.deepEqual([status, stderr], [0, ''])
  assert.equal(stdout, readFileSync(join(folder, 'public/log/tally'), 'utf8'))
})

type Deed =
  | { readonly kind: 'declare'; readonly evidence: number; readonly handed: boolean }
  | { readonly kind: 'act'; readonly of: number; readonly deed: number; readonly by: number }
  | { readonly kind: 'flag'; readonly on: boolean; readonly first: number; readonly length: number }
  | { readonly kind: 'publish' }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant('declare' as const),
    evidence: fc.nat({ max: 4 }),
    handed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('act' as const),
    of: fc.nat({ max: 12 }),
    deed: fc.nat({ max: 7 }),
    by: fc.nat({ max: 3 }),
  }),
  fc.record({
    kind: fc.constant('flag' as const),
    on: fc.boolean(),
    first: fc.nat({ max: 9 }),
    length: fc.integer({ min: 1, max: 6 }),
  }),
  fc.constant({ kind: 'publish' as const }),
)

test('over any history, with acts that count and acts that do not, both count the same', {
  skip,
}, async () => {
  let notCounted = 0
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), async (deeds) => {
      const register = await play(deeds)
      const root = mkdtempSync(join(scratch, 'register-'))
      await register.writeTo(root)
      const { status, stdout, stderr } = goTally(root, register.policyText)
      assert.equal(status, 0, stderr)
      assert.equal(stdout, Buffer.from(register.files.get('log/tally') ?? []).toString())
      if (stderr !== '') notCounted++
      rmSync(root, { recursive: true })
    }),
    { numRuns: process.env['SLOW'] === '1' ? 1000 : 60 },
  )
  assert.ok(notCounted > 5, `${notCounted} histories with acts that do not count`)
})

async function play(deeds: readonly Deed[]): Promise<TinyRegister> {
  const register = await new TinyRegister().publish('2026-01-01')
  let day = 1
  for (const each of deeds) {
    if (each.kind === 'declare') {
      const evidence = EVIDENCE[each.evidence] ?? 'self'
      const key = each.handed ? ('handed' as const) : ('own' as const)
      register.declare({ evidence, key, name: 'A Name', text: STANDARD, orgs: ['club', 'league'] })
    } else if (each.kind === 'publish') {
      day = Math.min(28, day + 1)
      await register.publish(`2026-01-${String(day).padStart(2, '0')}`)
    } else if (each.kind === 'flag') {
      const { first, length } = each
      const type = each.on ? ('flag' as const) : ('unflag' as const)
      register.log({ type, reason: 'spam', ranges: [{ first, end: first + length }] })
    } else if (each.of < register.leaves.length) {
      const [act, by] = actOf(each)
      register.act(act, by)
    }
  }
  return register.publish(`2026-01-${String(day).padStart(2, '0')}`)
}

const STANDARD = { kind: 'standard', language: 'en', id: 'plain' } as const

function actOf({ of: index, deed: number, by }: Extract<Deed, { kind: 'act' }>) {
  const hidden = { ...UNCHANGED, shown: { name: false, text: false } }
  const raised = { ...UNCHANGED, shown: { name: true, text: true } }
  const none = { orgs: null, evidence: null }
  const acts: readonly StagedAct[] = [
    { type: 'withdraw', index },
    { type: 'restore', index },
    { type: 'confirm', index },
    { type: 'rekey', index, newAuthor: fixedBytes('another key') },
    { type: 'correct', index, ...UNCHANGED, orgs: ['other'], evidence: 'relayed' },
    { type: 'correct', index, ...none, ...raised },
    { type: 'redact', index, ...hidden },
    { type: 'redact', index, ...raised, name: '-' },
  ]
  const act = acts[number] ?? { type: 'withdraw', index }
  const isAuthors = act.type === 'confirm' || act.type === 'rekey'
  // By its author, who after a rekey signs with the wrong key; otherwise on somebody else's word.
  const other: Authority | undefined =
    by === 0 || isAuthors
      ? undefined
      : by === 1 && (act.type === 'correct' || act.type === 'redact')
        ? { kind: 'operator', reason: 'clerical', country: null }
        : { kind: 'author-by-desk' }
  return [act, other] as const
}
