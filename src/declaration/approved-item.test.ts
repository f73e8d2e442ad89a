import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesFrom, commitmentFrom, sha256 } from '../../test/support/declaration-examples.ts'
import { exampleProposal } from '../../test/support/example-proposal.ts'
import { toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import {
  type ApprovalTrust,
  type ApprovedItem,
  approveMessage,
  encodeApprovedItem,
  parseApprovedItem,
  proposeMessage,
  verifyApprovedItem,
} from './approved-item.ts'
import { DeclarationError } from './error.ts'
import type { Proposal } from './proposal.ts'
import { digestProposal, proposalHash } from './proposal-hash.ts'

const refuses = (code: DeclarationError['code']) => (error: unknown) =>
  error instanceof DeclarationError && error.code === code
const seeds = { mei: bytesFrom('mei'), jun: bytesFrom('jun') }
const volunteer = (seed: Uint8Array, roles = ['reviewer'], centre = 'centre-north') => ({
  signingKey: nobleEd25519.publicKey(seed),
  roles,
  centre,
})
type Volunteers = { readonly [id: string]: ReturnType<typeof volunteer> }

function trust(volunteers: Volunteers, register = 'localhost/quit-ccp'): ApprovalTrust {
  const found = new Map(Object.entries(volunteers))
  return {
    register,
    findVolunteer: (id) => found.get(id),
    ed25519Verify: nobleEd25519.verify,
    sha256,
  }
}

const DIRECTORY = trust({ mei: volunteer(seeds.mei), jun: volunteer(seeds.jun, ['key-holder']) })

function approve(proposal: Proposal, proposer = seeds.mei, decider = seeds.jun): ApprovedItem {
  const hash = proposalHash(proposal, sha256)
  return {
    proposal,
    proposedBy: 'mei',
    proposedSignature: toBase64(nobleEd25519.sign(proposeMessage(hash), proposer)),
    approvedBy: 'jun',
    approvedSignature: toBase64(nobleEd25519.sign(approveMessage(hash), decider)),
  }
}

const ITEM = approve(exampleProposal())

test('an item that two people of the centre signed is proven', () => {
  assert.deepEqual(verifyApprovedItem(parseApprovedItem(encodeApprovedItem(ITEM)), DIRECTORY), {
    proposalHash: proposalHash(exampleProposal(), sha256),
    digest: digestProposal(exampleProposal(), sha256),
    proposer: 'mei',
    decider: 'jun',
  })
})

test('what two people sign names the act and the proposal', () => {
  assert.deepEqual(proposeMessage('ab'), utf8('avow/propose/v1\nab\n'))
  assert.deepEqual(approveMessage('ab'), utf8('avow/approve/v1\nab\n'))
})

for (const [what, item, directory] of [
  ['by one person', { ...ITEM, approvedBy: 'mei' }, DIRECTORY],
  [
    'by one key under two names',
    approve(exampleProposal(), seeds.mei, seeds.mei),
    trust({ mei: volunteer(seeds.mei), jun: volunteer(seeds.mei) }),
  ],
  ['by a stranger', ITEM, trust({ mei: volunteer(seeds.mei) })],
  [
    'by a volunteer of another centre',
    ITEM,
    trust({ mei: volunteer(seeds.mei), jun: volunteer(seeds.jun, ['reviewer'], 'centre-south') }),
  ],
  [
    'by a volunteer who may only translate',
    ITEM,
    trust({ mei: volunteer(seeds.mei, ['translator', 'hotline']), jun: volunteer(seeds.jun) }),
  ],
  [
    'with the two signatures exchanged',
    {
      ...ITEM,
      proposedSignature: ITEM.approvedSignature,
      approvedSignature: ITEM.proposedSignature,
    },
    DIRECTORY,
  ],
  [
    'with the proposal approved under the proposer’s signature only',
    { ...ITEM, approvedSignature: ITEM.proposedSignature },
    DIRECTORY,
  ],
  [
    'with a signature of another key',
    approve(exampleProposal(), seeds.mei, bytesFrom('other')),
    DIRECTORY,
  ],
  [
    'after the proposal was changed',
    { ...ITEM, proposal: { ...ITEM.proposal, claimed: 112 } },
    DIRECTORY,
  ],
  [
    'for another register',
    ITEM,
    trust({ mei: volunteer(seeds.mei), jun: volunteer(seeds.jun) }, 'localhost/other'),
  ],
] as const) {
  test(`an item signed ${what} is refused`, () => {
    assert.throws(() => verifyApprovedItem(item, directory), refuses('approval_refused'))
  })
}

type Declaration = Proposal['statements'][number]['declarations'][number]
function resigned(change: (declaration: Declaration) => Partial<Declaration>): ApprovedItem {
  const proposal = exampleProposal()
  const statements = proposal.statements.map((statement) => ({
    ...statement,
    declarations: statement.declarations.map((declaration, i) =>
      i === 0 ? { ...declaration, ...change(declaration) } : declaration,
    ),
  }))
  return approve({ ...proposal, statements })
}
const otherCommitment = toBase64(commitmentFrom('other'))

for (const [what, item] of [
  [
    'the text',
    resigned(({ body }) => ({ body: { salt: body?.salt ?? '', commitment: otherCommitment } })),
  ],
  [
    'the name',
    resigned(({ name }) => ({
      name: { commitment: name?.commitment ?? '', salt: name?.salt ?? '', value: '王五' },
    })),
  ],
  [
    'an about that was not chosen yet',
    resigned(({ about }) => ({
      about: about.map((variant, level) =>
        level === 2 ? { ...variant, commitment: otherCommitment } : variant,
      ),
    })),
  ],
] as const) {
  test(`an item whose commitment does not open to ${what} is refused though both signed it`, () => {
    assert.throws(() => verifyApprovedItem(item, DIRECTORY), refuses('opening_mismatch'))
  })
}

test('an item whose proposal contradicts itself is refused though both signed it', () => {
  const contradicting = resigned(() => ({ person: 1 }))
  assert.throws(() => verifyApprovedItem(contradicting, DIRECTORY), refuses('bad_proposal'))
  assert.throws(() => parseApprovedItem(encodeApprovedItem(contradicting)), refuses('bad_proposal'))
})

test('an item in another spelling is refused', () => {
  assert.throws(
    () => parseApprovedItem(utf8(JSON.stringify(ITEM, null, 1))),
    refuses('bad_proposal'),
  )
})
