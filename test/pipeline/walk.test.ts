import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { lookUpReceipt, sendAndReadReceipt, walkToCheck } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { countOf, runAvow, untilCount } from '../support/watch-register.ts'

const skip = missingChromium()

test('a statement goes from a browser without scripts to a count that anyone can check', {
  skip,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const [firstLink = '', secondLink = ''] = product.invitations
  assert.equal(product.invitations.length, 2, product.output())
  const proposer = await becomeVolunteer(firstLink, 'alder')
  const decider = await becomeVolunteer(secondLink, 'birch')
  const context = await browser.open({ scripts: 'off', screen: 'phone' })
  const page = await context.newPage()

  await walkToCheck(page, product.url, {
    organisations: ['party', 'league'],
    name: { kind: 'alias', value: 'Sample Reed' },
    text: 'This text is made up for a test.',
    consents: ['text', 'name'],
  })
  const check = await page.locator('main').innerText()
  await t.test('check your answers shows what becomes public and what can never be erased', () => {
    assert.match(check, /Sample Reed/)
    assert.match(check, /This text is made up for a test\./)
    assert.match(check, /can never be erased/i)
  })
  const receipt = await sendAndReadReceipt(page)
  const statuses: string[] = [await lookUpReceipt(page, product.url, receipt)]
  assert.equal(await countOf(product.url), 0)

  assert.equal(await proposeAll(proposer.desk), 1)
  statuses.push(await lookUpReceipt(page, product.url, receipt))
  assert.equal(
    await approveAll(proposer.desk).catch((error: { code?: string }) => error.code ?? 0),
    0,
  )
  assert.equal(await approveAll(decider.desk), 1)
  await untilCount(product.url, 1)
  statuses.push(await lookUpReceipt(page, product.url, receipt))

  await t.test('the receipt says something else at each stage and never the text', () => {
    assert.equal(new Set(statuses).size, 3, statuses.join('\n---\n'))
    for (const status of statuses) assert.doesNotMatch(status, /made up for a test|Sample Reed/)
  })

  await t.test(
    'the declaration has a page, without scripts, with what was agreed and nothing else',
    async () => {
      await page.goto(`${product.url}en/declaration/0/`)
      const text = await page.locator('main').innerText()
      assert.match(text, /This text is made up for a test\./)
      assert.match(text, /Sample Reed/)
    },
  )

  await t.test('the verifier accepts the site and a copy of the folder', async () => {
    const policy = `${product.folder}/data/public/log/policy`
    const site = await runAvow(['verify', product.url, '--policy', policy])
    assert.equal(site.code, 0, site.output)
    const folder = await runAvow(['verify', `${product.folder}/data/public`, '--policy', policy])
    assert.equal(folder.code, 0, folder.output)
    assert.match(folder.output, /witness/i)
    const without = await runAvow(['verify', product.url])
    assert.equal(without.code, 2, 'a policy has to come from elsewhere')
  })

  await t.test('Ctrl-C ends it cleanly, a second start continues', async () => {
    await product.stop()
    const lock = `${product.folder}/data/postgres/postmaster.pid`
    assert.equal(existsSync(lock), false, 'the database was shut down in order')
    assert.match(product.output(), /is ready at \S+\n$/, 'nothing was complained about')
    await using again = await startProduct({ folder: product.folder })
    assert.deepEqual(again.invitations, [])
    assert.equal(await countOf(again.url), 1)
  })
})
