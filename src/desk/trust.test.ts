import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sql } from 'kysely'
import {
  type DeskHouse,
  examplePerson,
  exampleSubmission,
  openDeskHouse,
  PUBLIC_URL,
  REGISTER,
  type Tamper,
} from '../../test/support/desk-house.ts'
import { loadDirectory } from '../centres/load-directory.ts'
import { formatPublisherRecipient } from '../declaration/publisher-recipient.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import type { DirectoryEntry } from '../sealing/directory-entry.ts'
import { signPending, signProposal } from '../sealing/directory-signing.ts'
import { ED25519, signingKey } from '../tlog/note-key.ts'
import type { Desk } from './client/desk-client.ts'
import { type Applicant, codeOfApplicant } from './client/volunteers.ts'

let house: DeskHouse
let annaWords = ''
let bertWords = ''
before(async () => {
  house = await openDeskHouse()
  annaWords = await house.join(house.invitations[0] ?? '', 'anna')
  bertWords = await house.join(house.invitations[1] ?? '', 'bert')
  await house.startPublisher()
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const anna = (tamper?: Tamper) => house.newClient(tamper).unlock('anna', annaWords)
const bert = (tamper?: Tamper) => house.newClient(tamper).unlock('bert', bertWords)

const entriesOf = (answer: Record<string, unknown>) => answer['entries'] as DirectoryEntry[]

async function proposedCase(by: Desk): Promise<string> {
  await house.send(exampleSubmission())
  const [first] = (await by.readQueue()).lists.waiting.cases
  assert.ok(first)
  await by.propose(await by.take(first.id))
  return first.id
}

/** A volunteer of the attacker's own, signed in the key holders' names by keys of the attacker's own. */
async function forgedEntry(): Promise<DirectoryEntry> {
  const directory = await loadDirectory(house.deskDb, REGISTER, house.rootPublicKey)
  const seeds = { anna: new Uint8Array(32).fill(9), bert: new Uint8Array(32).fill(10) }
  const change = {
    change: 'volunteer',
    id: 'mallory',
    roles: ['reviewer'],
    centre: 'global',
    recipient: await recipientOf(await generateIdentity()),
    signingKey: ed25519.getPublicKey(new Uint8Array(32).fill(8)),
  } as const
  const nonce = new Uint8Array(16)
  const anna = { id: 'anna', seed: seeds.anna }
  const pending = signProposal(REGISTER, '2026-03-02', change, anna, nonce)
  const volunteers = new Map(directory.volunteers)
  const known = volunteers.get('anna')
  assert.ok(known)
  volunteers.set('anna', { ...known, signingKey: ed25519.getPublicKey(seeds.anna) })
  const pretended = { ...directory, volunteers }
  return signPending(pretended, '2026-03-02', pending, { id: 'bert', seed: seeds.bert })
}

test('a volunteer whom the database’s owner wrote into the directory is nobody', async () => {
  const forged = await forgedEntry()
  const directory = await loadDirectory(house.deskDb, REGISTER, house.rootPublicKey)
  await sql`INSERT INTO avow.directory_change (seq, body, signatures)
    VALUES (${directory.size}, ${forged.body}, ${forged.signatures})`.execute(house.owner)
  await assert.rejects(loadDirectory(house.deskDb, REGISTER, house.rootPublicKey), {
    code: 'bad_signature',
  })
  const desk = await anna()
  assert.ok(!desk.state.directory.volunteers.has('mallory'), 'and nobody else is kept out')
  assert.deepEqual(
    house.faults.splice(0).map((fault) => 'code' in fault && fault.code),
    ['bad_signature'],
    'it is told of once',
  )
  const link = await desk.invite(PUBLIC_URL, { roles: ['reviewer'], centre: 'global' })
  await house.join(link, 'doris')
  const [doris] = await desk.listApplicants()
  assert.ok(doris)
  await desk.admit(doris)
  await house.signAll(desk)
  assert.ok(desk.state.directory.volunteers.has('doris'), 'the next change stands in its place')
})

test('a centre key that the database’s owner swapped is refused by whoever reads it', async () => {
  const { rows } = await sql<{ seq: number; body: string }>`SELECT seq, body
    FROM avow.directory_change WHERE body LIKE ${'%centre global%'}`.execute(house.owner)
  const [row] = rows
  assert.ok(row)
  const own = await recipientOf(await generateIdentity())
  const swapped = row.body.replace(/age1pq1\w+/, own)
  await sql`UPDATE avow.directory_change SET body = ${swapped} WHERE seq = ${row.seq}`.execute(
    house.owner,
  )
  await assert.rejects(loadDirectory(house.deskDb, REGISTER, house.rootPublicKey), {
    code: 'bad_signature',
  })
  const swap: Tamper = (path, answer) =>
    path !== 'login'
      ? answer
      : {
          ...answer,
          entries: entriesOf(answer).map((entry) => ({
            ...entry,
            body: entry.body.replace(/(centre global \S+) age1pq1\w+/, `$1 ${own}`),
          })),
        }
  await assert.rejects(anna(swap), { code: 'untrusted_directory' })
  await sql`UPDATE avow.directory_change SET body = ${row.body} WHERE seq = ${row.seq}`.execute(
    house.owner,
  )
})

test('a server that shows another directory is caught before anything is opened or signed', async () => {
  const forged = await forgedEntry()
  const add: Tamper = (path, answer) =>
    path === 'login' ? { ...answer, entries: [...entriesOf(answer), forged] } : answer
  await assert.rejects(anna(add), { code: 'untrusted_directory' })
  await anna()
  const cut: Tamper = (path, answer) =>
    path === 'login' ? { ...answer, entries: entriesOf(answer).slice(0, -1) } : answer
  await assert.rejects(anna(cut), { code: 'old_directory' }, 'the keyring knows more')
})

test('a publisher key that the log did not sign gets nothing', async () => {
  const id = await proposedCase(await anna())
  const recipient = await recipientOf(await generateIdentity())
  const stranger = signingKey(`${REGISTER}/log/declarations`, ED25519, new Uint8Array(32).fill(5))
  const note = fromUtf8(formatPublisherRecipient({ register: REGISTER, recipient }, stranger))
  const sent: string[] = []
  const decider = await bert((path, answer) => {
    sent.push(path)
    return path === 'publisher-recipient' ? { ...answer, note } : answer
  })
  const review = await decider.openProposal(id)
  assert.ok(review.kind === 'publish')
  await assert.rejects(decider.approve(review), { code: 'untrusted_recipient' })
  assert.ok(!sent.some((path) => path.endsWith('/decide')))
})

test('a proposal that the server changed, moved or re-attributed is refused by the decider', async () => {
  const proposer = await anna()
  const first = await proposedCase(proposer)
  const second = await proposedCase(proposer)
  let other: unknown
  await (
    await bert((_, answer) => {
      if ('proposal' in answer) other = answer['proposal']
      return answer
    })
  ).openProposal(second)
  const changes: Readonly<Record<string, Record<string, unknown>>> = {
    'moved from another case': other as Record<string, unknown>,
    'another signature': { signature: toBase64(new Uint8Array(64).fill(1)) },
    'another proposer': { proposedBy: 'bert' },
    'a rejection in its place': { kind: 'reject', code: 'test' },
  }
  for (const [how, change] of Object.entries(changes)) {
    const decider = await bert((path, answer) =>
      path.endsWith('/open-proposal')
        ? { ...answer, proposal: { ...(answer['proposal'] as object), ...change } }
        : answer,
    )
    await assert.rejects(decider.openProposal(first), { code: 'untrusted_proposal' }, how)
  }
})

test('an envelope of another case in the place of this one’s does not pass the decider', async () => {
  const proposer = await anna()
  const kept = { ...examplePerson().consents, name: false }
  const persons = [examplePerson({ name: { kind: 'real', value: 'Another' }, consents: kept })]
  await house.send(exampleSubmission({ persons }))
  const [one] = (await proposer.readQueue()).lists.waiting.cases
  assert.ok(one)
  await proposer.propose(await proposer.take(one.id))
  await house.send(exampleSubmission({ persons: [examplePerson({ consents: kept })] }))
  const [next] = (await proposer.readQueue()).lists.waiting.cases
  assert.ok(next)
  const two = next.id
  await proposer.propose(await proposer.take(two))
  let otherEnvelopes: unknown
  const decider = await bert((path, answer) => {
    if (path === `case/${one.id}/open-proposal`) otherEnvelopes = answer['envelopes']
    const isTwo = path === `case/${two}/open-proposal`
    return isTwo ? { ...answer, envelopes: otherEnvelopes } : answer
  })
  await decider.openProposal(one.id)
  await assert.rejects(decider.openProposal(two), { code: 'untrusted_proposal' })
})

test('what the server swapped gives another code than the applicant’s own screen', async () => {
  const keyHolder = await anna()
  const link = await keyHolder.invite(PUBLIC_URL, { roles: ['reviewer'], centre: 'global' })
  const client = house.newClient()
  const passphrase = client.newPassphrase()
  const invitation = await client.openInvitation(new URL(link).hash)
  const { code } = await client.acceptInvitation(invitation, { volunteer: 'carla', passphrase })
  const [applicant] = await keyHolder.listApplicants()
  assert.ok(applicant)
  const codeOf = (changes: Partial<Applicant>) =>
    codeOfApplicant(keyHolder.state, { ...applicant, ...changes })
  assert.equal(codeOf({}), code)
  const signingKeySwapped = toBase64(ed25519.getPublicKey(new Uint8Array(32).fill(4)))
  const recipient = await recipientOf(await generateIdentity())
  assert.notEqual(codeOf({ signingKey: signingKeySwapped }), code)
  assert.notEqual(codeOf({ recipient }), code)
  assert.notEqual(codeOf({ volunteer: 'carlb' }), code)
  assert.notEqual(codeOf({ roles: 'key-holder,reviewer' }), code, 'tasks are compared too')
  assert.notEqual(codeOf({ centre: 'elsewhere' }), code)
})

test('an invitation names its root: another service cannot take the link over', async () => {
  const keyHolder = await anna()
  const link = await keyHolder.invite(PUBLIC_URL, { roles: ['reviewer'], centre: 'global' })
  const [seed = ''] = new URL(link).hash.slice(1).split('.')
  const elsewhere = `${seed}.${Buffer.alloc(32, 3).toString('base64url')}`
  await assert.rejects(house.newClient().openInvitation(elsewhere), { code: 'wrong_root' })
})
