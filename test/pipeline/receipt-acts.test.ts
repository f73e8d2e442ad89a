import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { unarmourAgeFile } from '../../src/sealing/age-armour.ts'
import { startAvow } from '../support/avow-command.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { next, sendAndReadReceipt, walkToCheck } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { ReceiptPage, SiteReader } from '../support/receipt-page.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'

const skip = missingChromium()
const TEXT = 'This text is made up for a test.'

test('the declarant undoes and changes everything by receipt, without scripts', {
  skip,
  timeout: 600_000,
}, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const context = await browser.open({ scripts: 'off', screen: 'phone' })
  const page = await context.newPage()
  const site = new SiteReader(product)

  const [firstLink = '', secondLink = ''] = product.invitations
  const { desk: proposer } = await becomeVolunteer(firstLink, 'alder')
  const { desk: decider } = await becomeVolunteer(secondLink, 'birch')
  const filed = async (consents: readonly string[]) => {
    await walkToCheck(page, product.url, {
      organisations: ['league'],
      name: { kind: 'alias', value: 'Sample Reed' },
      text: TEXT,
      consents,
    })
    return sendAndReadReceipt(page)
  }
  const withdrawnBefore = await filed([])
  const receipt = await filed([])
  const receiptPage = new ReceiptPage(page, product, receipt)

  await t.test('before publication it is deleted and nobody can take it', async () => {
    const early = new ReceiptPage(page, product, withdrawnBefore)
    await early.open('withdraw-unpublished')
    await early.press('do')
    assert.match(await early.text(), /Nothing of the declaration is published/)
    assert.match(await early.status(), /It was withdrawn before it was published/)
  })

  assert.equal(await proposeAll(proposer), 1, 'the withdrawn one is not among them')
  assert.equal(await approveAll(decider), 1)
  await untilCount(product.url, 1)

  await t.test('confirm', async () => {
    await receiptPage.act('confirm')
    await site.until((event) => /^type confirm$/m.test(event))
    assert.doesNotMatch(await receiptPage.status(), /Confirm the declaration/)
  })

  await t.test('publish the text and the name later', async () => {
    await receiptPage.act('publish-text')
    await receiptPage.act('publish-name')

    await site.untilPage(/Sample Reed/)
    await site.untilPage(/This text is made up for a test\./)
  })

  await t.test('correct the organisations', async () => {
    await receiptPage.open('organisations')
    await page.locator('input[name=organisation][value=party]').check()
    await receiptPage.press('next')
    assert.match(await receiptPage.text(), /From then on: .*Chinese Communist Party/)
    await receiptPage.press('do')
    await site.until((event) => /^orgs league,party$/m.test(event))
  })

  await t.test('a made-up name replaces the name', async () => {
    await receiptPage.open('alias')
    const alias = /The new name: (.+)/.exec(await receiptPage.text())?.[1] ?? 'none'
    await receiptPage.press('do')
    await site.untilPage(new RegExp(alias))
    assert.doesNotMatch(await site.page(), /Sample Reed/)
  })

  await t.test('take text and name down at once, and never again find them', async () => {
    await receiptPage.act('take-down-text', 'now')
    await receiptPage.act('take-down-name', 'now')
    await site.until((event) => /^type redact\n[\s\S]*^shown -$/m.test(event))
    const text = await site.page()
    assert.doesNotMatch(text, /made up for a test|Sample Reed/)
    assert.doesNotMatch(await site.content(), /made up for a test|Sample Reed/)
  })

  await t.test('prove authorship to one verifier, and only to the question asked', async () => {
    const nonce = 'ab'.repeat(16)
    await receiptPage.open('prove')
    await page.locator('input[name=verifier]').fill('Sample Office')
    await page.locator('input[name=nonce]').fill(nonce)
    await receiptPage.press('do')
    const file = join(product.folder, 'answer.txt')
    await writeFile(file, await page.locator('#saved').inputValue())
    const answered = await site.verify(['--answer', file, '--nonce', nonce])
    assert.equal(answered.code, 0, answered.output)
    assert.match(answered.output, /holds the key that speaks for declaration 0/)
    const other = await site.verify(['--answer', file, '--nonce', 'cd'.repeat(16)])
    assert.equal(other.code, 1, other.output)
    assert.match(other.output, /another question/)
  })

  let newReceipt = receipt
  await t.test('change the receipt: two words are asked for, and the old one dies', async () => {
    await receiptPage.open('rekey')
    const cells = await page.locator('.receipt li').allInnerTexts()
    const words = cells.map((cell) => cell.replace(/[\d\s]+/g, ''))
    await receiptPage.press('next')
    for (const field of await page.locator('input[name^=word-]').all()) {
      const position = Number((await field.getAttribute('name'))?.slice('word-'.length))
      await field.fill(words[position - 1] ?? '')
    }
    await receiptPage.press('do')
    newReceipt = words.join(' ')
    await site.until((event) => /^type rekey$/m.test(event))
    assert.match(await receiptPage.status(), /There is nothing under this receipt|forgotten/)
  })

  const heir = new ReceiptPage(page, product, newReceipt)
  let keptFile = ''
  await t.test(
    'withdraw and restore move the standing number, and the old page does it once',
    async () => {
      await heir.open('keep')
      keptFile = join(product.folder, 'kept.age')
      await writeFile(keptFile, await page.locator('#saved').inputValue())
      assert.ok(unarmourAgeFile(Buffer.from(await page.locator('#saved').inputValue())).length > 0)
      await heir.act('withdraw', 'now')
      await site.until((event) => /^type withdraw$/m.test(event))
      assert.match(await heir.status(), /and withdrawn/)
      await heir.act('restore')
      await site.until((event) => /^type restore$/m.test(event))
    },
  )

  await t.test(
    'without the service: avow act signs from a copy, and a paste hands it in',
    async () => {
      const folder = join(product.folder, 'data/public')
      const args = ['act', 'withdraw', folder, '--kept', keptFile]
      const { code, stdout, stderr } = await startAvow(args, {}, `${newReceipt}\n`).ended
      assert.equal(code, 0, stderr)
      await page.goto(`${product.url}en/receipt/message`)
      await page.locator('[name=message]').fill(`Please see below.\n\n${stdout}`)
      await next(page)
      assert.match(await heir.text(), /The message has been taken/)
      await site.until((_event, events) => events.match(/^type withdraw$/gm)?.length === 2)
      const wrong = await startAvow(args, {}, 'abandon\n').ended
      assert.equal(wrong.code, 1)
      assert.doesNotMatch(wrong.stderr, /abandon/)
    },
  )

  await t.test('forget me: the receipt does nothing any more', async () => {
    await heir.open('forget')
    await heir.press('do')
    assert.match(await heir.text(), /It is forgotten/)
    assert.match(await heir.status(), /This receipt was forgotten/)
    assert.equal(await page.locator('button[name=act]').count(), 0)
  })

  await t.test('the verifier agrees with all of it', async () => {
    const { code, output } = await site.verify([])
    assert.equal(code, 0, output)
  })
})
