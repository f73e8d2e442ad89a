import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { missingPostgresql, startDebianPostgresql } from '../support/debian-postgresql.ts'
import { askReceipt, prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'

test('DATABASE_URL puts everything into a PostgreSQL 15 whose owner is no superuser', {
  skip: missingPostgresql(),
}, async () => {
  await using database = await startDebianPostgresql()
  await using product = await startProduct({ env: { DATABASE_URL: database.ownerUrl } })
  assert.equal(existsSync(`${product.folder}/data/postgres`), false, 'no embedded server beside it')
  assert.match(product.output(), /keeps traces .*track_activities is on, set it to off/)
  const [first = '', second = ''] = product.invitations
  const { desk: proposer } = await becomeVolunteer(first, 'alder')
  const { desk: decider } = await becomeVolunteer(second, 'birch')
  const filing = await prepareFiling(product.url, {
    text: 'Made up for a test.',
    organisation: 'party',
  })
  const receipt = await filing.send()
  const waiting = await askReceipt(product.url, receipt)
  assert.equal(await proposeAll(proposer), 1)
  assert.equal(await approveAll(decider), 1)
  await untilCount(product.url, 1)
  assert.notEqual(await askReceipt(product.url, receipt), waiting)
})
