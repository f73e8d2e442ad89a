import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { commitmentFrom, nearMisses, RUNS } from '../../test/support/declaration-examples.ts'
import { exampleDeclaration, exampleProposal } from '../../test/support/example-proposal.ts'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { DeclarationError } from './error.ts'
import { encodeLeaf, parseLeaf } from './leaf.ts'
import {
  encodeProposal,
  leafOfDeclaration,
  type Proposal,
  type ProposedDeclaration,
  parseProposal,
} from './proposal.ts'

const refusesProposal = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_proposal'
const bytesOf = (proposal: Proposal) => utf8(canonicalJson(proposal))

/** The example with its first declaration changed. */
function withDeclaration(
  change: (declaration: ProposedDeclaration) => Partial<ProposedDeclaration>,
): Proposal {
  const proposal = exampleProposal()
  return {
    ...proposal,
    statements: proposal.statements.map((statement) => ({
      ...statement,
      declarations: statement.declarations.map((declaration, i) =>
        i === 0 ? { ...declaration, ...change(declaration) } : declaration,
      ),
    })),
  }
}

test('a proposal reads back as two people sign it', () => {
  const proposal = exampleProposal()
  assert.deepEqual(parseProposal(encodeProposal(proposal)), proposal)
})

test('a proposal may keep every text, or hold only a bare number', () => {
  const kept = exampleProposal()
  const silent: Proposal = {
    ...kept,
    statements: kept.statements.map((statement) => ({
      ...statement,
      text: null,
      declarations: [exampleDeclaration(0, {})],
    })),
  }
  assert.deepEqual(parseProposal(encodeProposal(silent)), silent)
  const bare: Proposal = { ...kept, statements: [] }
  assert.deepEqual(parseProposal(encodeProposal(bare)), bare)
})

for (const [what, change] of [
  ['a person twice', () => ({ person: 1 })],
  ['a receipt twice', () => ({ lookup: exampleDeclaration(1, {}).lookup })],
  [
    'a text shown without its salt',
    (d) => ({ body: { commitment: d.body?.commitment ?? '', salt: null } }),
  ],
  ['a text shown that was never committed to', () => ({ body: null })],
  ['the salt of a text that is not shown', () => ({ shown: { name: true, text: false } })],
  ['the name of a person who shows none', () => ({ shown: { name: false, text: true } })],
  [
    'a name with its value but not its salt',
    (d) => ({
      shown: { name: false, text: true },
      name: { commitment: d.name?.commitment ?? '', salt: null, value: '李明' },
    }),
  ],
  ['a name shown that was never committed to', () => ({ name: null })],
  ['a receipt without sealed openings', () => ({ sealed: null })],
  ['sealed openings that nobody can look up', () => ({ lookup: null })],
  ['sealed openings of a length that no base64 has', () => ({ sealed: 'AAAAA' })],
  ['sealed openings with another spelling', () => ({ sealed: 'AAB=' })],
  ['no sealed openings where some belong', () => ({ sealed: '' })],
  ['a tier of imports with a receipt', () => ({ evidence: 'legacy' as const })],
  ['one commitment twice', (d) => ({ author: { commitment: d.body?.commitment ?? '' } })],
  ['the commitment of another person', () => ({ author: exampleDeclaration(1, {}).author })],
  ['three abouts', (d) => ({ about: d.about.slice(0, 3) })],
  [
    'the same about at every level',
    (d) => ({
      about: d.about.map((variant) => ({ ...variant, value: d.about[0]?.value ?? '' })),
    }),
  ],
  [
    'an about that keeps the region where it must fold',
    (d) => ({
      about: d.about.with(1, {
        ...exampleDeclaration(0, {}).about[1],
        value: d.about[0]?.value ?? '',
        commitment: toBase64(commitmentFrom('x')),
        salt: toBase64(commitmentFrom('y')),
      }),
    }),
  ],
  ['a consent to be one of few that about does not say', () => ({ few: true })],
  ['unsorted organisations', () => ({ orgs: ['pioneers', 'league'] })],
  ['a person number beyond any case', () => ({ person: 5000 })],
] as const satisfies readonly (readonly [
  string,
  (declaration: ProposedDeclaration) => Partial<ProposedDeclaration>,
])[]) {
  test(`a proposal with ${what} is refused`, () => {
    const proposal = withDeclaration(change)
    assert.notDeepEqual(proposal, exampleProposal())
    assert.throws(() => parseProposal(bytesOf(proposal)), refusesProposal)
  })
}

test('one salt under two commitments is refused', () => {
  const salt = exampleDeclaration(1, {}).about[0]?.salt ?? ''
  const proposal = withDeclaration(({ about: [first, ...rest] }) => ({
    about: [{ commitment: '', value: '', ...first, salt }, ...rest],
  }))
  assert.throws(() => parseProposal(bytesOf(proposal)), refusesProposal)
})

test('a text that nobody shows, and a shown text that is not there, are refused', () => {
  const proposal = exampleProposal()
  const statements = (change: object) =>
    proposal.statements.map((statement) => ({ ...statement, ...change }))
  for (const change of [
    { text: null },
    { declarations: [exampleDeclaration(0, {})] },
    { declarations: [] },
  ]) {
    assert.throws(
      () => parseProposal(bytesOf({ ...proposal, statements: statements(change) })),
      refusesProposal,
    )
  }
  const twice = { ...proposal, statements: [...proposal.statements, ...proposal.statements] }
  assert.throws(() => parseProposal(bytesOf(twice)), refusesProposal)
})

test('any bytes are refused as a proposal or are the one spelling of what they say', () => {
  fc.assert(
    fc.property(nearMisses(fc.constant(encodeProposal(exampleProposal()))), (bytes) => {
      try {
        assert.deepEqual(encodeProposal(parseProposal(bytes)), bytes)
      } catch (error) {
        if (!refusesProposal(error)) throw error
      }
    }),
    { numRuns: 3 * RUNS },
  )
})

test('the leaf of a declaration holds its commitments, the chosen about among them', () => {
  const proposal = exampleProposal()
  const [declaration] = proposal.statements[0]?.declarations ?? []
  assert.ok(declaration !== undefined)
  for (const level of [0, 1, 2, 3] as const) {
    const leaf = leafOfDeclaration(proposal.form, '2026-11-22', declaration, level)
    assert.deepEqual(parseLeaf(encodeLeaf(leaf)), leaf)
    assert.deepEqual(
      new Uint8Array(leaf.about),
      fromBase64(declaration.about[level]?.commitment ?? ''),
    )
    assert.deepEqual(leaf.shown, declaration.shown)
  }
})
