import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesFrom } from '../../test/support/declaration-examples.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { ED25519, formatVerifierKey, signingKey } from '../tlog/note-key.ts'
import { signNote } from '../tlog/signed-note.ts'
import { DeclarationError } from './error.ts'
import { formatPublisherRecipient, openPublisherRecipient } from './publisher-recipient.ts'

const refusesRecipient = (error: unknown) =>
  error instanceof DeclarationError && error.code === 'bad_recipient'
const ORIGIN = 'localhost/quit-ccp/log/declarations'
const log = signingKey(ORIGIN, ED25519, bytesFrom('log'))
const vkey = formatVerifierKey(log.key)
const named = { register: 'localhost/quit-ccp', recipient: 'age1pq1example' }
const note = formatPublisherRecipient(named, log)

test('the recipient that the log key signed is named', () => {
  assert.deepEqual(openPublisherRecipient(note, vkey), named)
})

test('a recipient signed by anyone else, or changed after signing, is refused', () => {
  const stranger = signingKey(ORIGIN, ED25519, bytesFrom('stranger'))
  assert.throws(
    () => openPublisherRecipient(formatPublisherRecipient(named, stranger), vkey),
    refusesRecipient,
  )
  const changed = utf8(fromUtf8(note).replace('age1pq1example', 'age1pq1another'))
  assert.throws(() => openPublisherRecipient(changed, vkey), refusesRecipient)
  assert.throws(() => openPublisherRecipient(utf8('x'), vkey), refusesRecipient)
})

test('another note of the log key is no recipient', () => {
  for (const text of [
    `${ORIGIN}\n1\nAAAA\n`,
    'avow/publisher-recipient/v1\nlocalhost/quit-ccp\nssh-ed25519\n',
    'avow/publisher-recipient/v1\nlocalhost/quit-ccp\nage1a\nage1b\n',
  ]) {
    assert.throws(() => openPublisherRecipient(signNote(text, [log]), vkey), refusesRecipient)
  }
  assert.throws(
    () => formatPublisherRecipient({ ...named, recipient: 'age1\nx' }, log),
    refusesRecipient,
  )
})
