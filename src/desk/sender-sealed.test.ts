import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import {
  type DeskHouse,
  examplePerson,
  exampleSubmission,
  openDeskHouse,
} from '../../test/support/desk-house.ts'
import { encodeSubmission, type Submission } from '../declaration/submission.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import { writeAgeFile } from '../sealing/age-writer.ts'
import { armour } from '../sealing/armour.ts'
import { pad } from '../sealing/padding.ts'
import { toQrFrames } from '../sealing/qr-frames.ts'
import { encodeSealedSubmission } from '../sealing/sealed-submission.ts'
import type { Desk } from './client/desk-client.ts'
import { DeskClientError } from './client/error.ts'

let house: DeskHouse
let anna: Desk
let bert: Desk
let recipient = ''

before(async () => {
  house = await openDeskHouse()
  anna = await house.keyHolder('anna')
  bert = await house.keyHolder('bert')
  await house.startPublisher()
  recipient = anna.state.directory.centres.get('global')?.recipient ?? ''
})
after(async () => {
  await house[Symbol.asyncDispose]()
  assert.deepEqual(house.faults, [])
})

const random = (length: number) => Uint8Array.from(randomBytes(length))
const inPage = (changes: Partial<Submission> = {}) =>
  exampleSubmission({ persons: [examplePerson({ key: 'own' })], ...changes })

function seal(content: Uint8Array, receipts: readonly Uint8Array[] = [], to = recipient) {
  return encodeSealedSubmission({
    language: 'en',
    receipts,
    file: writeAgeFile(to, content, random),
  })
}

async function take(input: Uint8Array | string) {
  const known = new Set((await anna.readQueue()).lists.waiting.cases.map(({ id }) => id))
  const outcome = await house.sendSealed(input)
  assert.equal(outcome.outcome, 'taken')
  const fresh = (await anna.readQueue()).lists.waiting.cases.filter(({ id }) => !known.has(id))
  assert.equal(fresh.length, 1, 'one case came of it')
  return anna.take(fresh[0]?.id ?? '')
}

test('what a page sealed to the centre opens at the desk and is published by two', async () => {
  const submission = inPage()
  const message = seal(pad(encodeSubmission(submission)), [random(32)])
  const open = await take(message)
  assert.deepEqual(open.submissions, [submission])
  assert.equal(open.unreadable, 0)
  await anna.propose(open)
  const review = await bert.openProposal(open.summary.id)
  assert.equal(review.kind, 'publish')
  if (review.kind === 'publish') await bert.approve(review)
  const { rows } = await sql<{ state: string }>`SELECT state FROM avow."case"
    WHERE id = ${Buffer.from(open.summary.id, 'hex')}`.execute(house.owner)
  assert.equal(rows[0]?.state, 'approved')
})

test('it is stored as it came, under the hash of the message, with the hashes of its receipts', async () => {
  const receipts = [random(32)]
  const file = writeAgeFile(recipient, pad(encodeSubmission(inPage())), random)
  const message = encodeSealedSubmission({ language: 'zh-hant', receipts, file })
  const first = await house.sendSealed(message)
  assert.deepEqual(await house.sendSealed(message), first)
  const id = first.outcome === 'taken' ? first.ids[0] : undefined
  assert.ok(id)
  const { rows } = await sql<Record<string, unknown>>`
    SELECT e.*, r.lookup_hash, r.alone FROM avow.envelope e JOIN avow.receipt r ON r.envelope = e.id
    WHERE e.id = ${id}`.execute(house.owner)
  assert.equal(rows.length, 1)
  const { sealed, sealing, epoch, language, size_class, lookup_hash, alone } = rows[0] ?? {}
  assert.deepEqual(
    { sealing, epoch, language, size_class, alone },
    {
      sealing: 'age',
      epoch: null,
      language: 'zh-hant',
      size_class: 2048,
      alone: true,
    },
  )
  assert.ok(Buffer.isBuffer(sealed) && Buffer.isBuffer(lookup_hash))
  assert.deepEqual(Uint8Array.from(sealed), file)
  assert.deepEqual(Uint8Array.from(lookup_hash), receipts[0])
})

test('every way to carry it is the same envelope: file, quoted mail, codes', async () => {
  const text = fromUtf8(seal(pad(encodeSubmission(inPage()))))
  const ids = new Set<string>()
  for (const way of [
    utf8(text),
    `> ${text.replaceAll('\n', '\r\n> ')}`,
    toQrFrames(text).join('\n\n'),
  ]) {
    const outcome = await house.sendSealed(way)
    if (outcome.outcome === 'taken') for (const id of outcome.ids) ids.add(toHex(id))
  }
  assert.equal(ids.size, 1)
})

test('a plain age file, binary or in armour, is taken without receipts', async () => {
  const file = writeAgeFile(recipient, pad(encodeSubmission(inPage())), random)
  const open = await take(file)
  assert.equal(open.unreadable, 0)
  await anna.release(open.summary.id)
  assert.deepEqual(await house.sendSealed(`my letter:\n${armour(file)}`), {
    outcome: 'taken',
    ids: (await house.sendSealed(file)).outcome === 'taken' ? await idsOf(file) : [],
  })
})

async function idsOf(input: Uint8Array): Promise<readonly Uint8Array[]> {
  const outcome = await house.sendSealed(input)
  return outcome.outcome === 'taken' ? outcome.ids : []
}

const strangers: readonly [string, () => Promise<Uint8Array>][] = [
  [
    'to another key',
    async () =>
      seal(pad(encodeSubmission(inPage())), [], await recipientOf(await generateIdentity())),
  ],
  ['not padded', async () => seal(encodeSubmission(inPage()))],
  ['no submission', async () => seal(pad(utf8('a letter')))],
  ['empty', async () => seal(new Uint8Array())],
  [
    'a receipt the service would have served',
    async () => seal(pad(encodeSubmission(exampleSubmission()))),
  ],
  [
    'a document a volunteer would have seen',
    async () =>
      seal(
        pad(
          encodeSubmission(
            inPage({ persons: [examplePerson({ key: 'own', evidence: 'in-person' })] }),
          ),
        ),
      ),
  ],
  ['a call at the hotline', async () => seal(pad(encodeSubmission(inPage({ channel: 'phone' }))))],
]
for (const [what, make] of strangers) {
  test(`what cannot be read waits for a person and is never dropped: ${what}`, async () => {
    const open = await take(await make())
    assert.deepEqual([open.submissions.length, open.unreadable], [0, 1])
    await assert.rejects(anna.propose(open), (error) => error instanceof DeskClientError)
    await anna.release(open.summary.id)
    const again = await anna.take(open.summary.id)
    assert.equal(again.unreadable, 1)
    await anna.proposeRejection(again, anna.state.form.rejectionReasons[0]?.id ?? '')
    const review = await bert.openProposal(open.summary.id)
    assert.deepEqual([review.kind, review.unreadable], ['reject', 1])
    await bert.giveBack(review, 'other')
    await anna.release((await anna.take(open.summary.id)).summary.id)
  })
}

test('what is not sealed, too large or lacks codes is refused and said so', async () => {
  const codes = toQrFrames(fromUtf8(seal(pad(encodeSubmission(inPage())))))
  const refused = async (input: Uint8Array | string) => {
    const outcome = await house.sendSealed(input)
    return outcome.outcome === 'refused' ? outcome.code : 'taken'
  }
  assert.equal(await refused('I leave the association.'), 'not_sealed')
  assert.equal(await refused(random(3000)), 'not_sealed')
  assert.equal(await refused('age-encryption.org/v1\nnothing'), 'not_sealed')
  assert.equal(await refused(new Uint8Array(9 * 1024 * 1024)), 'too_large')
  assert.equal(await refused(codes.slice(1).join('\n')), 'codes_missing')
})
