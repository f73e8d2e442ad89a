import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { examplePerson, exampleSubmission } from '../../../test/support/desk-house.ts'
import { newSalt } from '../../declaration/commitment.ts'
import { parseFormDefinition } from '../../declaration/form-definition.ts'
import type { Proposal, ProposedDeclaration } from '../../declaration/proposal.ts'
import { type BuiltProposal, buildProposal } from './build-proposal.ts'
import { type CaseDraft, type DraftPerson, startDraft } from './case-draft.ts'
import { encodeBundle, parseBundle } from './proposal-bundle.ts'
import { requireSameProposal } from './verify-bundle.ts'

const random = (length: number) => new Uint8Array(randomBytes(length))
const formPath = new URL('../../../registers/quit-ccp/form.json', import.meta.url)
const form = parseFormDefinition(readFileSync(formPath, 'utf8'))
const hidden = { ...examplePerson().consents, text: false, name: false }
const submissions = [
  exampleSubmission({
    who: 'group',
    claimed: 2,
    persons: [
      examplePerson(),
      examplePerson({ name: { kind: 'real', value: 'Kept' }, consents: hidden }),
    ],
  }),
]
const draft = startDraft(submissions, form)
let built: BuiltProposal

const propose = (from: CaseDraft) =>
  buildProposal(from, submissions, {
    register: 'localhost/test',
    formHash: 'ab'.repeat(32),
    caseId: 'cd'.repeat(16),
    centre: 'global',
    random,
  })
before(async () => {
  built = await propose(draft)
})

function withPerson(index: number, change: Partial<DraftPerson>): CaseDraft {
  return {
    ...draft,
    statements: draft.statements.map((statement) => ({
      ...statement,
      persons: statement.persons.map((person, i) =>
        i === index ? { ...person, ...change } : person,
      ),
    })),
  }
}

function withDeclaration(
  index: number,
  change: (declaration: ProposedDeclaration) => ProposedDeclaration,
): Proposal {
  return {
    ...built.proposal,
    statements: built.proposal.statements.map((statement) => ({
      ...statement,
      declarations: statement.declarations.map((one, i) => (i === index ? change(one) : one)),
    })),
  }
}

test('an honest bundle is read back and passes', () => {
  const bundle = parseBundle(encodeBundle({ ...built, draft }))
  assert.deepEqual(bundle.proposal, built.proposal)
  requireSameProposal(bundle, submissions)
})

test('a document that says anything else than the draft on the screen is refused', () => {
  const commitment = Buffer.from(newSalt(random)).toString('base64')
  const cases: Readonly<Record<string, Proposal>> = {
    organisations: withDeclaration(0, (one) => ({ ...one, orgs: ['party'] })),
    evidence: withDeclaration(0, (one) => ({ ...one, evidence: 'in-person' })),
    'a hidden name': withDeclaration(1, (one) => ({
      ...one,
      name: { commitment, salt: null, value: null },
    })),
    'a hidden text': withDeclaration(1, (one) => ({ ...one, body: { commitment, salt: null } })),
    about: withDeclaration(0, (one) => ({ ...one, about: one.about.toReversed() })),
    bulletin: withDeclaration(0, (one) => ({ ...one, bulletin: true })),
    receipt: withDeclaration(0, (one) => ({ ...one, lookup: 'ef'.repeat(32), sealed: 'AAAA' })),
    person: withDeclaration(0, (one) => ({ ...one, person: 7 })),
    claimed: { ...built.proposal, claimed: 1 },
    'kept out': { ...built.proposal, keptOut: [{ reason: 'absent', count: 1 }] },
    'one declaration less': {
      ...built.proposal,
      statements: built.proposal.statements.map((one) => ({
        ...one,
        declarations: one.declarations.slice(0, 1),
      })),
    },
    text: {
      ...built.proposal,
      statements: built.proposal.statements.map((one) => ({
        ...one,
        text: { kind: 'own', language: 'en', text: 'Something else.' },
      })),
    },
    'no statement': { ...built.proposal, statements: [] },
  }
  for (const [what, proposal] of Object.entries(cases)) {
    assert.throws(
      () => requireSameProposal({ ...built, draft, proposal }, submissions),
      { code: 'untrusted_proposal' },
      what,
    )
  }
})

test('a draft that shows or claims more than what came in can be neither proposed nor approved', async () => {
  const statement = draft.statements[0]
  assert.ok(statement)
  const cases: Readonly<Record<string, CaseDraft>> = {
    'a name without consent': withPerson(1, { showName: true }),
    'a text without consent': withPerson(1, { showText: true }),
    'another name': withPerson(0, { name: 'Somebody Else' }),
    'a position nobody gave': withPerson(0, { position: 'judge' }),
    'stronger evidence': withPerson(0, { evidence: 'in-person' }),
    'more claimed': { ...draft, claimed: 3 },
    'another text': {
      ...draft,
      statements: [
        { ...statement, text: { kind: 'own', language: 'en', text: 'Put in a mouth.' } },
      ],
    },
    'another language': {
      ...draft,
      statements: [
        {
          ...statement,
          text: { kind: 'own', language: 'zh-hans', text: 'A made-up text of a made-up person.' },
        },
      ],
    },
    'one person more': {
      ...draft,
      statements: [{ ...statement, persons: [...statement.persons, ...statement.persons] }],
    },
    'one statement more': { ...draft, statements: [statement, statement] },
  }
  for (const [what, beyond] of Object.entries(cases)) {
    await assert.rejects(propose(beyond), { code: 'does_not_fit' }, what)
    assert.throws(
      () => requireSameProposal({ ...built, draft: beyond }, submissions),
      { code: 'untrusted_proposal' },
      what,
    )
  }
})

test('less than what came in can be proposed', async () => {
  for (const less of [
    withPerson(0, { showName: false, showText: false, evidence: 'relayed', sector: null }),
    withPerson(1, { keptOut: 'absent' }),
    { ...draft, claimed: 0 },
  ]) {
    const made = await propose(less)
    requireSameProposal({ ...made, draft: less }, submissions)
  }
})

test('a proposal without anybody is none', async () => {
  const nobody = {
    ...draft,
    statements: draft.statements.map((statement) => ({
      ...statement,
      persons: statement.persons.map((person) => ({ ...person, keptOut: 'deceased' })),
    })),
  }
  await assert.rejects(propose(nobody), { code: 'nobody_left' })
})

test('no salt and no commitment is used twice, within a proposal or between two', async () => {
  const again = await propose(draft)
  const seen = [built, again].flatMap(({ proposal, salts }) => [
    ...proposal.statements.flatMap(({ declarations }) =>
      declarations.flatMap(({ body, name, about, author }) => [
        body?.commitment,
        name?.commitment,
        author.commitment,
        ...about.map(({ commitment }) => commitment),
      ]),
    ),
    ...[...salts.values()].flatMap(({ body, name, author, about }) =>
      [body, name, author, ...about].map((salt) => Buffer.from(salt).toString('hex')),
    ),
  ])
  assert.equal(seen.length, 2 * 2 * (7 + 7))
  assert.equal(new Set(seen).size, seen.length)
})
