import { join } from 'node:path'
import type { Desk } from '../../desk/client/desk-client.ts'
import { askAwkwardly, waitAtListener } from './awkward-visitor.ts'
import type { ChildService } from './child-service.ts'
import { approve, joinDesk, takeNew, unlockBoth, until, VOLUNTEERS } from './desk-work.ts'
import type { Plants } from './plants.ts'
import { actOnPage, withdrawByMessage } from './receipt-visitor.ts'
import { pasteCarried, postLikePage, sealLikePage } from './sealed-visitor.ts'
import { type Answers, send, walkForm } from './web-visitor.ts'

const BOTH = ['text', 'name']
const TEXT = ['text']

type Way = 'form' | 'page' | 'carried text' | 'carried codes'
type Published = { readonly index: number; readonly receipt: string }

/** Plants canaries as made-up people use the service: one for every way in, and every way a statement can go. */
export class BusyHour {
  readonly #plants: Plants
  readonly #report: (line: string) => void
  readonly #folder: string
  #count = 0
  /** Of a declaration that stays as it is. */
  #confirming = ''

  constructor(folder: string, plants: Plants, report: (line: string) => void) {
    this.#folder = folder
    this.#plants = plants
    this.#report = report
  }

  /** Two volunteers join. Returns what unlocks their desks again. */
  async joining(service: ChildService): Promise<readonly [string, string]> {
    const passphrases = [await joinDesk(service, 0), await joinDesk(service, 1)] as const
    for (const [i, passphrase] of passphrases.entries()) {
      this.#plants.sealGiven(`passphrase of ${VOLUNTEERS[i]}`, passphrase)
    }
    return passphrases
  }

  /** At a register that publishes at once: what stays, and what its authors take back. `between` runs before they do. */
  async publishing(
    service: ChildService,
    passphrases: readonly [string, string],
    between: () => Promise<void>,
  ): Promise<void> {
    const plants = this.#plants
    const desks = await unlockBoth(service, passphrases)
    const publish = (way: Way, answers: Answers) => this.#publish(service, desks, way, answers)

    this.#report('published: by form, by a page that seals, by what somebody carried')
    const stays = { text: plants.publish('published text'), name: plants.publish('published name') }
    await publish('form', { ...stays, consents: BOTH })
    const text = plants.publish('text that a page sealed')
    await publish('page', { text, name: plants.seal('name that a page sealed'), consents: TEXT })
    const kept = await publish('form', {
      text: plants.seal('kept text'),
      name: plants.seal('kept name'),
      position: plants.seal('kept position'),
      consents: [],
    })
    const later = await publish('form', { text: plants.publish('late text'), consents: [] })
    const taken = (name: string, way: Way) =>
      publish(way, {
        text: plants.erase(`${name} text`),
        name: plants.erase(`${name} name`),
        consents: BOTH,
      })
    const redacted = await taken('taken down', 'form')
    const withdrawn = await taken('withdrawn', 'carried text')
    const restored = await taken('withdrawn and restored', 'carried codes')
    const renamed = await publish('form', {
      text: plants.publish('text under a new name'),
      name: plants.erase('replaced name'),
      consents: BOTH,
    })
    await between()

    this.#report('acts by receipt: on its page, and as a message signed elsewhere')
    const { url } = service
    await actOnPage(url, later.receipt, 'publish-text')
    await actOnPage(url, redacted.receipt, 'take-down-text')
    const publicFolder = join(this.#folder, 'data/public')
    await withdrawByMessage(url, withdrawn.receipt, { publicFolder, index: withdrawn.index })
    await actOnPage(url, restored.receipt, 'withdraw')
    await actOnPage(url, renamed.receipt, 'alias')
    await actOnPage(url, kept.receipt, 'forget')
    await actOnPage(url, restored.receipt, 'restore')
    await actOnPage(url, redacted.receipt, 'take-down-name')
    await until('what was taken back has left the pages', async () => {
      const pages = await Promise.all(
        [redacted, withdrawn, restored, renamed].map(({ index }) => this.#page(url, index)),
      )
      return !plants.erased.some((one) => 'text' in one && pages.some((p) => p.includes(one.text)))
    })
    await until('a text is published later', () => this.#isShown(url, later.index, 'late text'))
  }

  /** What ends before publication, or never gets that far. */
  async refusing(service: ChildService, passphrases: readonly [string, string]): Promise<void> {
    const plants = this.#plants
    const [one, two] = await unlockBoth(service, passphrases)
    const take = (text: string, way: Way = 'form') =>
      takeNew(one, async () => void (await this.#file(service, way, { text, consents: TEXT })))

    this.#report('refused, proposed, drafted, waiting, typed and never sent, withdrawn in time')
    const refused = await take(plants.seal('refused text'))
    const reason = one.state.form.rejectionReasons[0]?.id ?? ''
    await one.proposeRejection(refused, reason)
    await two.reject(await two.openProposal(refused.summary.id), reason)
    await one.propose(await take(plants.seal('proposed text'), 'page'))
    const drafted = await take(plants.seal('drafted text'))
    const words = { kind: 'own', language: 'en', text: plants.seal('words of a draft') } as const
    const statements = drafted.draft.statements.map((one) => ({ ...one, text: words }))
    await one.saveDraft(drafted, { ...drafted.draft, statements })
    for (const way of ['form', 'page', 'carried text'] as const) {
      const text = plants.seal(`waiting text by ${way}`)
      await this.#file(service, way, { text, name: plants.seal(`name by ${way}`), consents: BOTH })
    }
    const early = await this.#file(service, 'form', {
      text: plants.seal('withdrawn while it waited'),
      consents: TEXT,
    })
    await actOnPage(service.url, early, 'withdraw-unpublished')
    await walkForm(service.url, { text: plants.seal('typed and never sent'), consents: TEXT })

    this.#report('addresses, agents, referrers and cookies on every kind of page and error')
    await askAwkwardly(service.url, plants)
  }

  /** The same register at the pace of an open one: what is approved now waits for hours, an act for a day. */
  async holding(
    service: ChildService,
    passphrases: readonly [string, string],
    listenerUrl: string,
  ): Promise<void> {
    const plants = this.#plants
    const [one, two] = await unlockBoth(service, passphrases)
    const [inHand] = (await one.readQueue()).lists.mine.cases
    if (inHand !== undefined) await one.release(inHand.id)
    this.#report('approved and not yet published; approved and then withdrawn')
    let receipt = ''
    for (const name of ['approved', 'approved and withdrawn']) {
      const taken = await takeNew(one, async () => {
        const answers = { text: plants.seal(`${name} text`), name: plants.seal(`${name} name`) }
        receipt = await this.#file(service, 'form', { ...answers, consents: BOTH })
      })
      await one.propose(taken)
      await approve(two, taken)
    }
    await actOnPage(service.url, receipt, 'withdraw-unpublished')

    this.#report('another listener, a page that waits, an act that waits')
    await waitAtListener(listenerUrl, plants)
    await actOnPage(service.url, this.#confirming, 'confirm', 'batch')
  }

  async #publish(
    service: ChildService,
    [one, two]: readonly [Desk, Desk],
    way: Way,
    answers: Answers,
  ): Promise<Published> {
    let receipt = ''
    const taken = await takeNew(one, async () => {
      receipt = await this.#file(service, way, answers)
    })
    await one.propose(taken)
    await approve(two, taken)
    const index = this.#count
    this.#count += 1
    await until('what was approved is published', async () => {
      const answer: unknown = await (await fetch(`${service.url}count.json`)).json()
      return (
        typeof answer === 'object' &&
        answer !== null &&
        'declarations' in answer &&
        answer.declarations === this.#count
      )
    })
    if (this.#confirming === '') this.#confirming = receipt
    return { index, receipt }
  }

  /** Returns the receipt's words. */
  async #file(service: ChildService, way: Way, answers: Answers): Promise<string> {
    const { url } = service
    if (way === 'form')
      return this.#plants.sealReceipt(await send(url, await walkForm(url, answers)))
    const sealed = await sealLikePage(this.#folder, answers)
    if (way === 'page') await postLikePage(url, sealed)
    else await pasteCarried(url, sealed, way === 'carried text' ? 'text' : 'codes')
    return this.#plants.sealReceipt(sealed.receipt)
  }

  async #page(url: string, index: number): Promise<string> {
    return (await fetch(`${url}en/declaration/${index}/`)).text()
  }

  async #isShown(url: string, index: number, name: string): Promise<boolean> {
    const canary = this.#plants.published.find((one) => one.name === name)
    return (
      canary !== undefined &&
      'text' in canary &&
      (await this.#page(url, index)).includes(canary.text)
    )
  }
}
