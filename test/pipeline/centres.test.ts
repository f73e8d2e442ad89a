import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CENTRE_COLUMNS } from '../../src/importing/read-centres.ts'
import { startProduct } from '../support/product.ts'
import { becomeVolunteer } from '../support/volunteers.ts'
import { runAvow } from '../support/watch-register.ts'

const ROWS = [
  'sample-hub,yes,global,Sample Hub,示例中心,範例中心,US,Sample City,示例市,範例市,40.71,-74.01,America/New_York,step-free,,telephone,+1 555 0100,en zh-hans,mo-fr 09:00-17:00',
  'sample-hub,,,,,,,,,,,,,,,email,hub@example.org,en,',
  'sample-pier,yes,station,Sample Pier,示例码头,範例碼頭,AU,Sample Bay,示例湾,範例灣,-33.87,151.21,Australia/Sydney,,2026-12-25,visit,1 Sample Pier,zh-hant,sa-su 10:00-16:00',
  'hidden,no,station,Never Shown,,,XX,Nowhere,,,0,0,Etc/UTC,,,visit,nowhere,,',
]

test('a table of centres becomes a page, a map and a file that its event names', async () => {
  await using product = await startProduct()
  const file = join(product.folder, 'centres.csv')
  writeFileSync(file, `${[CENTRE_COLUMNS.join(','), ...ROWS].join('\n')}\n`)
  const env = {
    AVOW_DATA: join(product.folder, 'data'),
    AVOW_SECRETS: join(product.folder, 'secrets'),
    AVOW_CONFIG: join(product.folder, 'avow.json'),
  }
  for (const [i, link] of product.invitations.entries()) await becomeVolunteer(link, `sample-${i}`)
  const before = await fetch(`${product.url}en/centres/`)
  assert.match(await before.text(), /No centre has been made public/)

  const checked = await runAvow(['centres', file, '--check'], env)
  assert.match(checked.output, /2 public centres in 2 countries; 1 left out/)
  const done = await runAvow(['centres', file], env)
  assert.equal(done.code, 0, done.output)
  const page = await untilPage(`${product.url}en/centres/`, /Sample Pier/)
  assert.match(page, /2 centres in 2 countries/)
  assert.match(page, /href="tel:\+15550100"/)
  assert.match(page, /Mon to Fri 09:00–17:00 \(time zone America\/New_York\)/)
  assert.match(await untilPage(`${product.url}zh-hans/centres/`, /示例码头/), /澳大利亚/)
  const picture = await (await fetch(`${product.url}centres.svg`)).text()
  assert.equal(picture.match(/<circle /g)?.length, 2)
  const served = await (await fetch(`${product.url}log/centres`)).text()
  assert.doesNotMatch(`${served}${page}`, /Never Shown|nowhere/i)

  const policy = join(product.folder, 'data/public/log/policy')
  const verified = await runAvow(['verify', product.url, '--policy', policy])
  assert.equal(verified.code, 0, verified.output)

  const again = await runAvow(['centres', join(product.folder, 'missing.csv')], env)
  assert.equal(again.code, 1)
  assert.match(again.output, /Nothing was changed/)
})

async function untilPage(url: string, wanted: RegExp): Promise<string> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; ) {
    const page = await (await fetch(url)).text()
    if (wanted.test(page)) return page
    await sleep(200)
  }
  return assert.fail(`${url} never showed ${wanted.source}`)
}
