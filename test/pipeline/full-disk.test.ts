import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openProductDatabase } from '../../bench/support/product-database.ts'
import { prepareFiling, receiptOn } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'

const MEBIBYTE = 2 ** 20
const DISK = 600 * MEBIBYTE
const RESERVE = 100 * MEBIBYTE
const folder = mkdtempSync(join(tmpdir(), 'avow-disk-'))
const data = join(folder, 'data')
mkdirSync(data)
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', data])
const skip = mounted.status !== 0 && `no small disk: ${mounted.stderr ?? mounted.error}`

after(async () => {
  if (skip === false) spawnSync('umount', [data])
  await rm(folder, { recursive: true, force: true })
})

test('on a disk that fills up nothing is acknowledged that is not kept, and it comes back by itself', {
  skip,
}, async () => {
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

  const { bavail, bsize } = await statfs(data)
  await writeFile(join(data, 'filler'), Buffer.alloc(bavail * bsize - RESERVE / 2))
  await sleep(1100)
  const refused = await send()
  assert.equal(refused.status, 503)
  assert.equal(receiptOn(refused), undefined)
  assert.match(refused.body, /storage is nearly full/)
  assert.match(refused.body, /By telephone: 555 0100\./)
  assert.ok(refused.state.length > 1000, 'the form is still on the page')
  assert.equal(await stored(), 0)

  await rm(join(data, 'filler'))
  await sleep(1100)
  assert.ok(receiptOn(await send()), 'the same page is taken now')
  assert.equal(await stored(), 1)
})
