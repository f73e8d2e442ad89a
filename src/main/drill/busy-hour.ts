import { setTimeout as sleep } from 'node:timers/promises'
import { parseReceipt } from '../../declaration/receipt.ts'
import { keepCookies } from '../../desk/client/connection.ts'
import { createDeskClient, type Desk } from '../../desk/client/desk-client.ts'
import { wordlists } from '../../intake/channels/web/wordlists.ts'
import { clock, random } from '../world.ts'
import { type Canary, plantedText, plantedWord } from './canary.ts'
import type { ChildService } from './child-service.ts'
import { type Answers, send, walkForm } from './web-visitor.ts'

/** What was planted, and how it may be found again. */
export interface Plants {
  readonly published: readonly Canary[]
  readonly sealed: readonly Canary[]
}

const PATIENCE_MS = 120_000

/** Plants canaries as made-up people use the service, one for every way a statement can go. */
export class BusyHour implements Plants {
  readonly published: Canary[] = []
  readonly sealed: Canary[] = []
  readonly #report: (line: string) => void

  constructor(report: (line: string) => void) {
    this.#report = report
  }

  /** A day at a register that publishes at once. Returns what unlocks the two volunteers' desks again. */
  async publishing(service: ChildService): Promise<readonly [string, string]> {
    const passphrases = [
      await this.#join(service, 0, 'drill-one'),
      await this.#join(service, 1, 'drill-two'),
    ] as const
    const [one, two] = await this.#unlock(service, passphrases)

    this.#report('published: one with text and name, one that keeps both')
    const text = this.#published('published text')
    const name = this.#published('published name')
    await this.#propose(one, service, { text, name, consents: ['text', 'name'] })
    await this.#propose(one, service, {
      text: this.#sealed('kept text'),
      name: this.#sealed('kept name'),
      position: this.#sealed('kept position'),
      consents: [],
    })
    await approveAll(two)
    await untilCount(service.url, 2)

    this.#report('refused, proposed, drafted, waiting, typed and never sent')
    const refused = await this.#take(one, service, {
      text: this.#sealed('refused text'),
      consents: ['text'],
    })
    const reason = one.state.form.rejectionReasons[0]?.id ?? ''
    await one.proposeRejection(refused, reason)
    await two.reject(await two.openProposal(refused.summary.id), reason)
    await this.#propose(one, service, { text: this.#sealed('proposed text'), consents: ['text'] })
    await this.#draft(one, service)
    await this.#file(service, {
      text: this.#sealed('waiting text'),
      name: this.#sealed('waiting name'),
      consents: ['text', 'name'],
    })
    await walkForm(service.url, {
      text: this.#sealed('typed and never sent'),
      consents: ['text'],
    })

    this.#report('addresses, agents, referrers and cookies on every kind of page and error')
    await this.#askAwkwardly(service.url)
    return passphrases
  }

  /** The same register at the pace of an open one: what is approved now waits for hours. */
  async holding(service: ChildService, passphrases: readonly [string, string]): Promise<void> {
    const [one, two] = await this.#unlock(service, passphrases)
    const [inHand] = (await one.readQueue()).lists.mine.cases
    if (inHand !== undefined) await one.release(inHand.id)
    this.#report('approved and not yet published')
    const taken = await this.#take(one, service, {
      text: this.#sealed('approved text'),
      name: this.#sealed('approved name'),
      consents: ['text', 'name'],
    })
    await one.propose(taken)
    const review = await two.openProposal(taken.summary.id)
    if (review.kind !== 'publish') throw new Error(`a ${review.kind} among the proposals`)
    await two.approve(review)
  }

  async #join(service: ChildService, place: 0 | 1, volunteer: string): Promise<string> {
    const client = clientOf(service)
    const passphrase = client.newPassphrase()
    this.sealed.push({ name: `passphrase of ${volunteer}`, text: passphrase })
    const invitation = await client.openInvitation(
      new URL(service.invitations[place] ?? '').hash.slice(1),
    )
    await client.acceptInvitation(invitation, { volunteer, passphrase })
    return passphrase
  }

  async #unlock(service: ChildService, [one, two]: readonly [string, string]) {
    return [
      await clientOf(service).unlock('drill-one', one),
      await clientOf(service).unlock('drill-two', two),
    ] as const
  }

  async #file(service: ChildService, answers: Answers): Promise<void> {
    const receipt = await send(service.url, await walkForm(service.url, answers))
    const number = this.sealed.length
    this.sealed.push({ name: `receipt ${number}`, text: receipt })
    this.sealed.push({
      name: `receipt ${number} as bytes`,
      bytes: parseReceipt(receipt, wordlists),
    })
  }

  async #take(desk: Desk, service: ChildService, answers: Answers) {
    const known = await waitingIds(desk)
    await this.#file(service, answers)
    const [id] = [...(await waitingIds(desk))].filter((one) => !known.has(one))
    if (id === undefined) throw new Error('what was filed does not wait at the desk')
    return desk.take(id)
  }

  async #propose(desk: Desk, service: ChildService, answers: Answers): Promise<void> {
    await desk.propose(await this.#take(desk, service, answers))
  }

  async #draft(desk: Desk, service: ChildService): Promise<void> {
    const taken = await this.#take(desk, service, {
      text: this.#sealed('drafted text'),
      consents: ['text'],
    })
    const text = { kind: 'own', language: 'en', text: this.#sealed('words of a draft') } as const
    const statements = taken.draft.statements.map((statement) => ({ ...statement, text }))
    await desk.saveDraft(taken, { ...taken.draft, statements })
  }

  async #askAwkwardly(url: string): Promise<void> {
    const word = (name: string) => {
      const planted = plantedWord(name)
      this.sealed.push(planted)
      return planted.text
    }
    const headers = {
      'user-agent': word('user agent'),
      'x-forwarded-for': word('forwarded address'),
      forwarded: `for=${word('forwarded')}`,
      referer: `http://example.test/${word('referrer')}`,
      cookie: `id=${word('cookie')}`,
      'accept-language': word('accept-language'),
      'x-http-method-override': word('method override'),
    }
    const path = word('path')
    const asked = ['', 'en/', 'en/receipt/', 'en/declare/', `${path}/?q=${path}`, `log/${path}`]
    for (const one of [...asked, `en/declaration/${path}/`, `desk/api/${path}`, 'desk']) {
      await fetch(url + one, { headers })
      await fetch(url + one, { method: 'POST', headers, body: word('body of an error') })
      await fetch(url + one, { method: 'PUT', headers, body: word('body of a wrong method') })
    }
    const state = { state: 'x', text: this.#sealed('too large a form').repeat(60_000) }
    const tooLarge = { method: 'POST', headers, body: new URLSearchParams(state) }
    await fetch(`${url}en/declare/`, tooLarge).catch(() => {})
  }

  #published(name: string): string {
    const planted = plantedText(name)
    this.published.push(planted)
    return planted.text
  }

  #sealed(name: string): string {
    const planted = plantedText(name)
    this.sealed.push(planted)
    return planted.text
  }
}

function clientOf(service: ChildService) {
  const origin = new URL(service.url).origin
  return createDeskClient({ transport: keepCookies(origin, fetch), random, clock })
}

async function waitingIds(desk: Desk): Promise<ReadonlySet<string>> {
  const { lists } = await desk.readQueue()
  return new Set(lists.waiting.cases.map(({ id }) => id))
}

async function approveAll(desk: Desk): Promise<void> {
  for (;;) {
    const [next] = (await desk.readQueue()).lists['to-decide'].cases
    if (next === undefined) return
    const review = await desk.openProposal(next.id)
    if (review.kind !== 'publish') throw new Error(`a ${review.kind} among the proposals`)
    await desk.approve(review)
  }
}

async function untilCount(url: string, wanted: number): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    const count: { readonly declarations: number } = await (await fetch(`${url}count.json`)).json()
    if (count.declarations >= wanted) return
    await sleep(200)
  }
  throw new Error('what was approved was not published')
}
