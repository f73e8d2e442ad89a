import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { tryEverySecret } from '../../src/main/drill/opening-pass.ts'
import { searchFolders } from '../../src/main/drill/search-folders.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { sendAndReadReceipt, walkToCheck } from '../support/file-declaration.ts'
import { startProduct } from '../support/product.ts'
import { becomeVolunteer } from '../support/volunteers.ts'
import { untilCount } from '../support/watch-register.ts'

const skip = missingChromium()

/** Three Han characters in GB2312 and Big5 alike, then digits: found by chance nowhere. */
function canary(name: string): { readonly name: string; readonly text: string } {
  return { name, text: `山水木${randomInt(10 ** 9, 10 ** 10)}` }
}

const PUBLISHED = [canary('published text'), canary('published name')]
const SEALED = [
  'kept name',
  'kept text',
  'kept position',
  'waiting text',
  'waiting name',
  'drafted text',
  'draft edit',
  'proposed text',
  'rejected text',
  'typed but never sent',
  'too large a form',
].map(canary)
/** In what a request carries beside its body: ASCII, because headers are. */
const REQUEST = [
  'user agent',
  'forwarded for',
  'referrer',
  'cookie',
  'path',
  'method override',
].map((name) => ({ name, text: `canary-${randomInt(10 ** 9, 10 ** 10)}` }))
const sealed = (name: string) => SEALED.find((one) => one.name === name)?.text ?? assert.fail(name)
const carried = (name: string) =>
  REQUEST.find((one) => one.name === name)?.text ?? assert.fail(name)

test('on the disk of a killed service only what was published can be read', { skip }, async (t) => {
  await using product = await startProduct()
  await using browser = await startBrowser()
  const [first = '', second = ''] = product.invitations
  const { desk: proposer, passphrase } = await becomeVolunteer(first, 'alder')
  const { desk: decider } = await becomeVolunteer(second, 'birch')
  const receipts: { readonly name: string; readonly text: string }[] = []

  const context = await browser.open({ scripts: 'off' })
  await context.setExtraHTTPHeaders({
    'user-agent': carried('user agent'),
    'x-forwarded-for': carried('forwarded for'),
    'x-http-method-override': carried('method override'),
  })
  await context.addCookies([{ name: 'id', value: carried('cookie'), url: product.url }])
  const page = await context.newPage()
  const file = async (text: string, name: string, consents: string[], position?: string) => {
    await walkToCheck(page, product.url, {
      organisations: ['party'],
      text,
      name: { kind: 'alias', value: name },
      consents,
      ...(position === undefined ? {} : { position }),
    })
    const receipt = await sendAndReadReceipt(page)
    receipts.push({ name: `receipt ${receipts.length}`, text: receipt })
    const [waiting] = (await proposer.readQueue()).lists.waiting.cases
    assert.ok(waiting, 'the statement waits at the desk')
    return waiting.id
  }

  const [text, name] = PUBLISHED
  assert.ok(text && name)
  await proposer.propose(await proposer.take(await file(text.text, name.text, ['text', 'name'])))
  await proposer.propose(
    await proposer.take(
      await file(sealed('kept text'), sealed('kept name'), [], sealed('kept position')),
    ),
  )
  for (let i = 0; i < 2; i++) {
    const [next] = (await decider.readQueue()).lists['to-decide'].cases
    const review = await decider.openProposal(next?.id ?? '')
    assert.equal(review.kind, 'publish')
    if (review.kind === 'publish') await decider.approve(review)
  }
  await untilCount(product.url, 2)

  const refused = await proposer.take(await file(sealed('rejected text'), 'x', ['text']))
  await proposer.proposeRejection(refused, 'test')
  await decider.reject(await decider.openProposal(refused.summary.id), 'test')
  await proposer.propose(await proposer.take(await file(sealed('proposed text'), 'x', ['text'])))
  const drafted = await proposer.take(await file(sealed('drafted text'), 'x', ['text']))
  const [statement] = drafted.draft.statements
  assert.ok(statement)
  await proposer.saveDraft(drafted, {
    ...drafted.draft,
    statements: [
      { ...statement, text: { kind: 'own', language: 'en', text: sealed('draft edit') } },
    ],
  })
  await file(sealed('waiting text'), sealed('waiting name'), ['text', 'name'])
  await walkToCheck(page, product.url, {
    organisations: ['party'],
    text: sealed('typed but never sent'),
  })
  await askAwkwardly(product.url)

  await product.kill()
  const folders = [`${product.folder}/data`, `${product.folder}/secrets`]
  const found = await searchFolders(folders, [...PUBLISHED, ...SEALED, ...REQUEST, ...receipts])

  await t.test('the search reads the database, its write-ahead log and the public files', () => {
    assert.ok(existsSync(`${product.folder}/data/postgres/pg_wal`))
    assert.ok(found.files > 100 && found.bytes > 10_000_000, `${found.files} files`)
  })
  await t.test('what was published is found, so the search can find', () => {
    for (const { name } of PUBLISHED) {
      assert.ok(
        found.sightings.some(({ canary, file }) => canary === name && file.includes('/public/')),
        `${name} is not in the public files`,
      )
    }
  })
  await t.test('nothing else is readable in any encoding', () => {
    const leaked = found.sightings.filter(({ canary }) => !PUBLISHED.some((p) => p.name === canary))
    assert.deepEqual(leaked, [])
  })
  await t.test('what the service printed names nobody', () => {
    for (const { text } of [...PUBLISHED, ...SEALED, ...REQUEST, ...receipts]) {
      assert.ok(!product.output().includes(text))
    }
  })
  await t.test('no secret on the disk opens any ciphertext on it', async () => {
    const pass = await tryEverySecret(product.folder)
    assert.ok(pass.secrets > 4 && pass.ciphertexts > 5, JSON.stringify(pass))
    assert.deepEqual(pass.opened, [])
    // The pass itself must be able to open: with the passphrase, which is on no disk, it does.
    const withPassphrase = await tryEverySecret(product.folder, { volunteer: 'alder', passphrase })
    assert.ok(withPassphrase.opened.length > 0)
  })
  assert.ok(
    readFileSync(`${product.folder}/data/public/count.json`, 'utf8').includes('"declarations":2'),
  )
})

/** Requests that end in every kind of error page, with canaries wherever a request can carry one. */
async function askAwkwardly(baseUrl: string): Promise<void> {
  const headers = {
    'user-agent': carried('user agent'),
    'x-forwarded-for': carried('forwarded for'),
    cookie: `avow-desk=${carried('cookie')}`,
    referer: `http://example.test/${carried('referrer')}`,
  }
  const url = (path: string) => `${baseUrl}${path}`
  await fetch(url(`${carried('path')}/?q=${carried('path')}`), { headers })
  await fetch(url(`en/declaration/${carried('path')}/`), { headers })
  await fetch(url(`log/${carried('path')}`), { headers })
  await fetch(url(`desk/api/${carried('path')}`), { headers })
  await fetch(url('desk/api/login'), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', origin: new URL(baseUrl).origin },
    body: JSON.stringify({ volunteer: carried('path'), loginProof: carried('cookie') }),
  })
  await fetch(url('en/declare/'), {
    method: 'POST',
    headers,
    body: new URLSearchParams({ state: 'x', text: sealed('too large a form').repeat(60_000) }),
  }).catch(() => {})
  await fetch(url('en/receipt/'), {
    method: 'POST',
    headers,
    body: new URLSearchParams({ receipt: carried('path') }),
  })
}
