import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { lookupHash, parseReceipt, receiptSecrets } from '../../src/declaration/receipt.ts'
import { wordlists } from '../../src/intake/channels/web/wordlists.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { send, walkForm } from '../../src/main/drill/web-visitor.ts'
import { identityFromSeed, recipientOf } from '../../src/sealing/age.ts'
import { nobleEd25519 } from '../../src/tlog/ed25519.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'

test('whoever finds a receipt learns nothing from the public files alone', {
  timeout: 300_000,
}, async () => {
  await using product = await startProduct()
  const { url, folder } = product
  const { desk: proposer } = await becomeVolunteer(product.invitations[0] ?? '', 'alder')
  const { desk: decider } = await becomeVolunteer(product.invitations[1] ?? '', 'birch')
  const answers = { text: 'Made up for a test.', name: 'Sample Reed', consents: ['text', 'name'] }
  const words = await send(url, await walkForm(url, answers))
  await proposeAll(proposer)
  await approveAll(decider)
  await untilCount(url, 1)

  const receipt = parseReceipt(words, wordlists)
  const { lookupId, authorSeed, ageSeed, submissionId } = receiptSecrets(receipt)
  const sha256 = (bytes: Uint8Array) => Uint8Array.from(hash('sha256', bytes, 'buffer'))
  const lookup = lookupHash(lookupId, sha256)
  const known = [
    { name: 'receipt', bytes: receipt },
    { name: 'look-up id', bytes: lookupId },
    { name: 'its hash', bytes: Buffer.from(lookup, 'hex') },
    { name: 'author key', bytes: nobleEd25519.publicKey(authorSeed) },
    { name: 'submission id', bytes: submissionId },
    { name: 'recipient', text: await recipientOf(identityFromSeed(ageSeed)) },
  ]
  const publicFiles = await searchFolders([join(folder, 'data/public')], known)
  assert.ok(publicFiles.files > 20)
  assert.deepEqual(publicFiles.sightings, [])
  const all = await searchFolders([join(folder, 'data')], known)
  assert.ok(
    all.sightings.some(({ canary }) => canary === 'its hash'),
    'the service knows it by its hash, so the search can find it',
  )
})
