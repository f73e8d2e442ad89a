import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openProductDatabase } from '../../bench/support/product-database.ts'
import { prepareFiling, receiptOn } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { missingMount, mountSmallDisk } from '../support/small-disk.ts'

const RESERVE = 100 * 2 ** 20
const skip = missingMount()

test('on a disk that fills up nothing is acknowledged that is not kept, and it comes back by itself', {
  skip,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avow-disk-'))
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
  using disk = mountSmallDisk(join(folder, 'data'), 600)
  const otherChannels = { en: 'By telephone: 555 0100.' }
  const diskReserve = { percent: 100, bytes: RESERVE }
  const config = { intake: { diskReserve, otherChannels } }
  await writeFile(join(folder, 'avow.json'), JSON.stringify(config))
  await using product = await startProduct({ folder })
  await using database = await openProductDatabase(product)
  const stored = async () => {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM avow.envelope`.execute(database)
    return rows[0]?.count
  }
  const filing = await prepareFiling(product.url, { text: 'Made up.', organisation: 'party' })
  const send = () => filing.press({ go: 'send', receipt: 'yes' })

  disk.fill(RESERVE / 2)
  await sleep(1100)
  const refused = await send()
  assert.equal(refused.status, 503)
  assert.equal(receiptOn(refused), undefined)
  assert.match(refused.body, /storage is nearly full/)
  assert.match(refused.body, /By telephone: 555 0100\./)
  assert.ok(refused.state.length > 1000, 'the form is still on the page')
  assert.equal(await stored(), 0)

  disk.empty()
  await sleep(1100)
  assert.ok(receiptOn(await send()), 'the same page is taken now')
  assert.equal(await stored(), 1)
})
