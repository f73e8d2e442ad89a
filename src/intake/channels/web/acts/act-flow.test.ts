import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bytesFrom,
  EXAMPLE_LEAF,
  saltFrom,
  sha256,
} from '../../../../../test/support/declaration-examples.ts'
import { ACT_TRUST, ORIGIN } from '../../../../../test/support/example-acts.ts'
import { type Fields, type Page, WebForm } from '../../../../../test/support/web-form.ts'
import { challengeMessage } from '../../../../declaration/act.ts'
import { findSignedActs } from '../../../../declaration/act-armour.ts'
import { parseAuthorship } from '../../../../declaration/authorship.ts'
import { commit } from '../../../../declaration/commitment.ts'
import { encodeKeptOpenings } from '../../../../declaration/kept-openings.ts'
import type { Leaf } from '../../../../declaration/leaf.ts'
import { applyAct, type LeafState, startState } from '../../../../declaration/leaf-state.ts'
import { receiptSecrets, receiptToDigits } from '../../../../declaration/receipt.ts'
import { parseSignedAct, placeAct } from '../../../../declaration/signed-act.ts'
import { encodeBody, encodeName } from '../../../../declaration/values.ts'
import { utf8 } from '../../../../encoding/bytes.ts'
import { languages } from '../../../../i18n/languages.ts'
import { openWith } from '../../../../sealing/age.ts'
import { unarmourAgeFile } from '../../../../sealing/age-armour.ts'
import { pad, unpad } from '../../../../sealing/padding.ts'
import { openWithSeed, sealToSeed } from '../../../../sealing/seed-file.ts'
import { nobleEd25519 } from '../../../../tlog/ed25519.ts'
import { NOTHING_THERE, type ReceiptView } from '../../../receipt-state.ts'
import { actCatalogue } from './catalogue.ts'

const receipt = bytesFrom('receipt').slice(0, 16)
const secrets = receiptSecrets(receipt)
const typed = receiptToDigits(receipt).join(' ')
const author = { salt: saltFrom('author'), value: nobleEd25519.publicKey(secrets.authorSeed) }
const words = 'Made up for a test.'
const body = {
  salt: saltFrom('body'),
  value: encodeBody({ kind: 'own', language: 'en', text: words }),
}
const name = { salt: saltFrom('name'), value: encodeName('Sample Reed') }
const hidden: Leaf = {
  ...EXAMPLE_LEAF,
  key: 'served',
  shown: { name: false, text: false },
  body: commit('body', body.salt, body.value, sha256),
  name: commit('name', name.salt, name.value, sha256),
  author: commit('author', author.salt, author.value, sha256),
}
const shown: Leaf = { ...hidden, shown: { name: true, text: true } }
const t = actCatalogue('en')

/** A register of one declaration: what the web hands in is opened and judged as the publisher does it. */
class OneDeclaration {
  readonly form = new WebForm()
  state: LeafState
  page: Page | undefined
  #published = 0

  constructor(leaf: Leaf) {
    this.state = startState(leaf, sha256)
  }

  async open(): Promise<this> {
    await this.form.open()
    const kept = await sealToSeed(secrets.ageSeed, encodeKeptOpenings({ author, body, name }))
    this.form.view = this.#viewWith(kept)
    return this
  }

  async ask(receiptTyped = typed, language = 'en'): Promise<Page> {
    return this.#keep(await this.form.post(`/${language}/receipt`, { receipt: receiptTyped }))
  }

  async press(fields: Fields, language = 'en'): Promise<Page> {
    const state = this.page?.state ?? ''
    return this.#keep(await this.form.post(`/${language}/receipt`, { state, ...fields }))
  }

  /** The register's next day. */
  async publish(): Promise<void> {
    const acts = this.form.submitted.slice(this.#published)
    this.#published = this.form.submitted.length
    let { kept } = this.form.view
    for (const { sealed, urgency } of acts) {
      const act = parseSignedAct(unpad(await openWith([await this.form.actIdentity], sealed)))
      assert.equal(act.when, urgency)
      const event = placeAct(act.event, { day: '2026-11-23', size: 9 })
      this.state = applyAct(this.state, event, ACT_TRUST)
      kept = act.kept ?? kept
    }
    this.form.view = this.#viewWith(kept)
  }

  #keep(page: Page): Page {
    this.page = page
    return page
  }

  #viewWith(kept: Uint8Array | null): ReceiptView {
    const { leaf, leafHash, seq, withdrawn, confirmed } = this.state
    return {
      state: withdrawn ? 'withdrawn' : 'published',
      code: null,
      entry: { index: 3, leaf, leafHash, seq, waiting: 0, withdrawn, confirmed },
      kept,
      refused: null,
    }
  }
}

const house = (leaf: Leaf) => new OneDeclaration(leaf).open()

function offersOn({ text }: Page): string[] {
  return [...text.matchAll(/name="act" value="([a-z-]+)"/g)].map((match) => match[1] ?? '')
}

test('the status page lists exactly what can be done', async () => {
  const one = await house(hidden)
  const always = ['rekey', 'prove', 'open-name', 'keep', 'forget']
  assert.deepEqual(offersOn(await one.ask()), [
    ...['confirm', 'organisations', 'alias', 'remove-name', 'publish-text', 'publish-name'],
    ...['withdraw', ...always],
  ])
  one.state = startState(shown, sha256)
  await one.publish()
  assert.deepEqual(offersOn(await one.ask()), [
    ...['confirm', 'organisations', 'alias', 'remove-name', 'take-down-text', 'take-down-name'],
    ...['withdraw', ...always],
  ])
  one.state = { ...one.state, withdrawn: true }
  await one.publish()
  assert.deepEqual(offersOn(await one.ask()), ['restore', 'rekey', 'prove', 'keep', 'forget'])
  one.form.view = { ...NOTHING_THERE, state: 'taken' }
  assert.deepEqual(offersOn(await one.ask()), ['withdraw-unpublished'])
  one.form.view = NOTHING_THERE
  assert.deepEqual(offersOn(await one.ask()), [])
})

test('each act is explained first and done by one button, in every language', async () => {
  for (const language of languages) {
    const one = await house(shown)
    for (const act of ['confirm', 'take-down-text', 'take-down-name', 'withdraw', 'restore']) {
      await one.ask(typed, language)
      const explained = await one.press({ act }, language)
      assert.equal(explained.status, 200)
      assert.equal(one.form.submitted.length, one.state.seq, 'nothing happens before the button')
      const done = await one.press({ go: 'do', when: 'now' }, language)
      assert.equal(done.heading, actCatalogue(language)('doneHeading'), act)
      await one.publish()
    }
    const { confirmed, withdrawn, seq, leaf } = one.state
    assert.deepEqual([confirmed, withdrawn, seq], [true, false, 5])
    assert.deepEqual(leaf.shown, { name: false, text: false })
    assert.equal(one.form.submitted[1]?.urgency, 'now')
  }
})

test('what becomes public is shown before, and only then', async () => {
  const one = await house(hidden)
  const status = await one.ask()
  assert.ok(!status.text.includes(words) && !status.text.includes('Sample Reed'))
  const page = await one.press({ act: 'publish-text' })
  assert.ok(page.text.includes(words))
  await one.press({ go: 'do' })
  await one.publish()
  await one.ask()
  assert.ok((await one.press({ act: 'publish-name' })).text.includes('Sample Reed'))
  await one.press({ go: 'do' })
  await one.publish()
  assert.deepEqual(one.state.leaf.shown, { name: true, text: true })
  assert.equal(one.form.submitted[0]?.urgency, 'batch')
})

test('organisations are chosen, shown as they will be, and entered', async () => {
  const one = await house(hidden)
  await one.ask()
  await one.press({ act: 'organisations' })
  const none = await one.press({ go: 'next' })
  assert.match(none.title, /^Error: /)
  const same = await one.press({ go: 'next', organisation: ['league', 'pioneers'] })
  assert.ok(same.text.includes(t('organisationsSame')))
  const check = await one.press({ go: 'next', organisation: ['party'] })
  assert.match(check.text, /From then on: Chinese Communist Party/)
  await one.press({ go: 'do' })
  await one.publish()
  assert.deepEqual(one.state.leaf.orgs, ['party'])
})

test('a made-up name replaces the name, and a name is removed', async () => {
  const one = await house(shown)
  await one.ask()
  const page = await one.press({ act: 'alias' })
  const alias = /The new name: ([^<]+)</.exec(page.text)?.[1] ?? ''
  await one.press({ go: 'do' })
  const [message] = findSignedActs(one.page?.text ?? '')
  const opened = parseSignedAct(message ?? new Uint8Array()).open[0]
  assert.equal(Buffer.from(opened?.value ?? []).toString(), alias)
  await one.publish()
  await one.ask()
  await one.press({ act: 'remove-name' })
  await one.press({ go: 'do' })
  await one.publish()
  assert.equal(one.state.leaf.name, undefined)
  assert.equal(one.state.leaf.shown.name, false)
})

test('a new receipt is shown, two of its words are asked for, and it takes over', async () => {
  const one = await house(hidden)
  await one.ask()
  const shownPage = await one.press({ act: 'rekey' })
  assert.equal(shownPage.words.length, 12)
  const asked = await one.press({ go: 'next' })
  assert.equal(asked.words.length, 0, 'shown once')
  const fields = [...asked.text.matchAll(/name="(word-(\d+))"/g)]
  assert.equal(fields.length, 2)
  const wrong = await one.press({
    go: 'do',
    ...Object.fromEntries(fields.map(([, field = '']) => [field, 'zoo'])),
  })
  assert.match(wrong.title, /^Error: /)
  assert.equal(one.form.submitted.length, 0)
  const again = await one.press({ go: 'words' })
  assert.deepEqual(again.words, shownPage.words)
  const anew = [...(await one.press({ go: 'next' })).text.matchAll(/name="(word-(\d+))"/g)]
  const right = Object.fromEntries(
    anew.map(([, field = '', at]) => [field, shownPage.words[Number(at) - 1] ?? '']),
  )
  const done = await one.press({ go: 'do', ...right })
  assert.equal(done.heading, t('doneHeading'))
  const oldPage = one.page
  await one.publish()
  assert.notEqual(one.state.rekeyed, null)
  await one.ask(shownPage.words.join(' '))
  await one.press({ act: 'withdraw' })
  await one.press({ go: 'do' })
  await one.publish()
  assert.equal(one.state.withdrawn, true)
  assert.ok(oldPage)
})

test('pressing twice, before and after publication, is pressing once', async () => {
  const one = await house(shown)
  await one.ask()
  const page = await one.press({ act: 'withdraw' })
  const send = () => one.form.post('/en/receipt', { state: page.state, go: 'do', when: 'batch' })
  const [first, second] = await Promise.all([send(), send()])
  const withoutState = ({ text }: Page) => text.replace(/name="state" value="[^"]*"/, '')
  assert.equal(withoutState(first), withoutState(second))
  assert.equal(one.form.submitted.length, 1)
  await one.publish()
  assert.equal(withoutState(await send()), withoutState(first))
  assert.equal(one.form.submitted.length, 2, 'one question more, that names nobody')
})

test('a page that was overtaken by another says so and sends nothing that would be refused', async () => {
  const one = await house(shown)
  await one.ask()
  const stale = await one.press({ act: 'take-down-text' })
  await one.ask()
  await one.press({ act: 'take-down-name' })
  await one.press({ go: 'do' })
  await one.publish()
  const page = await one.form.post('/en/receipt', { state: stale.state, go: 'do' })
  assert.equal(page.heading, t('overtakenHeading'))
})

test('an answer to a verifier’s question verifies, and opens the name only when asked to', async () => {
  const one = await house(hidden)
  for (const act of ['prove', 'open-name']) {
    await one.ask()
    await one.press({ act })
    const wrong = await one.press({ go: 'do', verifier: 'Sample Office', nonce: 'xyz' })
    assert.match(wrong.title, /^Error: /)
    const page = await one.press({
      go: 'do',
      verifier: 'Sample Office',
      nonce: 'ab'.repeat(16),
    })
    const text = /<textarea id="saved"[^>]*>\n([\s\S]*?)<\/textarea>/.exec(page.text)?.[1] ?? ''
    const answer = parseAuthorship(utf8(text))
    assert.deepEqual(answer.challenge.day, '2026-03-01')
    assert.equal(answer.origin, ORIGIN)
    const { signature, challenge } = answer
    assert.ok(nobleEd25519.verify(signature, challengeMessage(challenge), answer.author))
    assert.equal(answer.name !== null, act === 'open-name')
  }
  assert.equal(one.form.submitted.length, 0)
})

test('the kept file is given as it is stored, for the receipt alone', async () => {
  const one = await house(hidden)
  await one.ask()
  const page = await one.press({ act: 'keep' })
  const text = /<textarea id="saved"[^>]*>\n([\s\S]*?)<\/textarea>/.exec(page.text)?.[1] ?? ''
  const file = unarmourAgeFile(utf8(text))
  assert.deepEqual(file, one.form.view.kept)
  assert.ok((await openWithSeed(secrets.ageSeed, file)).length > 0)
})

test('before publication a declaration is deleted, and a receipt forgets', async () => {
  const one = await house(hidden)
  one.form.view = { ...NOTHING_THERE, state: 'waiting' }
  await one.ask()
  await one.press({ act: 'withdraw-unpublished' })
  assert.equal((await one.press({ go: 'do' })).heading, t('doneDeleted'))
  await one.publish()
  await one.ask()
  await one.press({ act: 'forget' })
  assert.equal((await one.press({ go: 'do' })).heading, t('doneForget'))
})

test('the wrong receipt sees the same number of queries, bytes and headers on every page', async () => {
  const kept = new Uint8Array(pad(new Uint8Array(8)))
  const weigh = async (view: ReceiptView | undefined) => {
    const one = await house(hidden)
    if (view !== undefined) one.form.view = view
    const weights: string[] = []
    const note = (page: Page) => {
      const headers = JSON.stringify([...page.headers].sort())
      const bytes = Buffer.byteLength(page.text)
      weights.push(`${page.status} ${bytes} ${one.form.asked.length} ${headers}`)
      one.form.asked = []
    }
    for (const act of ['confirm', 'withdraw', 'alias', 'take-down-text', 'rekey', 'prove']) {
      note(await one.ask())
      note(await one.press({ act }))
      note(await one.press({ go: 'show' }))
    }
    for (const act of ['confirm', 'withdraw', 'publish-name', 'withdraw-unpublished', 'forget']) {
      note(await one.ask())
      note(await one.press({ act }))
      note(await one.press({ go: 'do', when: 'now' }))
    }
    return weights
  }
  const right = await weigh(undefined)
  const { entry } = (await house(hidden)).form.view
  const others: ReceiptView[] = [
    NOTHING_THERE,
    { ...NOTHING_THERE, state: 'forgotten' },
    { ...NOTHING_THERE, state: 'waiting' },
    { ...NOTHING_THERE, state: 'withdrawn-before' },
    { ...NOTHING_THERE, state: 'rejected', code: 'unclear' },
    { ...NOTHING_THERE, state: 'published', entry },
    { ...NOTHING_THERE, state: 'published', entry, kept },
    {
      ...NOTHING_THERE,
      state: 'withdrawn',
      entry: entry === null ? null : { ...entry, withdrawn: true },
    },
  ]
  for (const view of others) assert.deepEqual(await weigh(view), right, view.state)
})

test('a signed message is taken from a paste or a file, twice is once, and nothing says whose it is', async () => {
  const one = await house(shown)
  await one.ask()
  await one.press({ act: 'take-down-text' })
  const done = await one.press({ go: 'do' })
  const armoured =
    /-----BEGIN AVOW ACT-----[\s\S]*?-----END AVOW ACT-----/.exec(done.text)?.[0] ?? ''
  const letter = `Dear register,\n> ${armoured.replaceAll('\n', '\n> ')}\nthank you`
  const pasted = await one.form.post('/en/receipt/message', { message: letter })
  const form = new FormData()
  form.set('file', new Blob([letter]), 'act.txt')
  const request = new Request('http://localhost/en/receipt/message', { method: 'POST', body: form })
  const uploaded = await (await one.form.channel.routes.request(request)).text()
  assert.equal(pasted.text, uploaded)
  assert.equal(one.form.submitted.length, 1)
  one.form.view = NOTHING_THERE
  assert.equal((await one.form.post('/en/receipt/message', { message: letter })).text, pasted.text)
  const broken = armoured.replace(/\n[^\n]*\n-----END/, '\n-----END')
  assert.equal((await one.form.post('/en/receipt/message', { message: broken })).status, 422)
})

test('who asks is told that the last act was refused, and that a waiting one may change the receipt', async () => {
  const one = await house(hidden)
  for (const language of languages) {
    const words = actCatalogue(language)
    const { view } = one.form
    assert.doesNotMatch((await one.ask(typed, language)).text, new RegExp(words('refusedStands')))
    one.form.view = { ...view, refused: 'act_refused' }
    assert.match((await one.ask(typed, language)).text, new RegExp(words('refusedStands')))
    one.form.view = { ...view, refused: 'bad_act' }
    assert.match((await one.ask(typed, language)).text, new RegExp(words('refusedUnread')))
    const { entry } = view
    assert.ok(entry !== null)
    one.form.view = { ...view, entry: { ...entry, waiting: 1 } }
    await one.ask(typed, language)
    for (const act of ['confirm', 'withdraw']) {
      const page = await one.press({ act }, language)
      assert.match(page.text, new RegExp(words('rekeyWaits')), act)
      await one.press({ go: 'status' }, language)
    }
    one.form.view = view
    await one.ask(typed, language)
    const { text } = await one.press({ act: 'confirm' }, language)
    assert.doesNotMatch(text, new RegExp(words('rekeyWaits')))
  }
})
