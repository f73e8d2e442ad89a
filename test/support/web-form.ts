import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAliasWords } from '../../src/declaration/alias.ts'
import { formHash, parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { parseRegisterTexts } from '../../src/declaration/register-texts.ts'
import { parseSubmission, type Submission } from '../../src/declaration/submission.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { Admission } from '../../src/intake/abuse/admission.ts'
import type { ActDoor } from '../../src/intake/act-door.ts'
import type { SealedAct } from '../../src/intake/act-store.ts'
import type { EnvelopeMeta } from '../../src/intake/channel.ts'
import { WebChannel } from '../../src/intake/channels/web/web-channel.ts'
import type { WebChannelOptions } from '../../src/intake/channels/web/web-options.ts'
import type { SealedEnvelope } from '../../src/intake/envelope.ts'
import { IntakeError } from '../../src/intake/error.ts'
import { NOTHING_THERE, type ReceiptView } from '../../src/intake/receipt-state.ts'
import { findCiphertexts } from '../../src/intake/receive-ciphertext.ts'
import { generateIdentity, recipientOf } from '../../src/sealing/age.ts'

const FOLDER = join(import.meta.dirname, '../../registers/quit-ccp')
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const random = (length: number) => Uint8Array.from(randomBytes(length))
const budgets = { plain: 600, onion: 600, station: 600, work: 600 }
const form = parseFormDefinition(read('form.json'))

export interface Received {
  readonly submission: Submission
  readonly meta: EnvelopeMeta
}

/** The web channel over a store in memory that keeps the first envelope of each id, as the database does. */
export class WebForm {
  now = new Date('2026-03-01T10:00:00Z')
  stored = new Map<string, Received>()
  storageFails = false
  readonly sealed: SealedEnvelope[] = []
  view: ReceiptView = NOTHING_THERE
  submitted: SealedAct[] = []
  actIdentity = generateIdentity()
  asked: string[] = []
  channel: WebChannel

  constructor(changes: Partial<WebChannelOptions> = {}) {
    this.channel = new WebChannel({
      form,
      formHash: formHash(form, sha256),
      texts: {
        en: parseRegisterTexts(read('texts.en.json')),
        'zh-hans': parseRegisterTexts(read('texts.zh-hans.json')),
        'zh-hant': parseRegisterTexts(read('texts.zh-hant.json')),
      },
      aliasWords: parseAliasWords(read('alias.json')),
      notBefore: form.notBefore,
      assets: { cssPath: '/assets/a.css', iconPath: '/assets/a.svg' },
      sample: false,
      centre: 'global',
      line: 'web',
      clock: () => this.now,
      random,
      receiveSealed: async (input, meta) => {
        const found = findCiphertexts(input, meta)
        if (!Array.isArray(found)) return { outcome: 'refused', code: found }
        if (this.storageFails) throw new IntakeError('not_stored', 'the disk is full')
        this.sealed.push(...found)
        return { outcome: 'taken', ids: found.map(({ id }) => id) }
      },
      admission: new Admission({ budgets, clock: () => this.now, random }),
      workScriptPath: '/assets/work.js',
      otherChannels: { en: '', 'zh-hans': '', 'zh-hant': '' },
      acts: this.#door(),
      actTiming: { minActs: 1, maxDays: 7, withdrawHours: 24 },
      origin: 'localhost/quit-ccp/log/declarations',
      ...changes,
    })
  }

  /** One receipt's row, whoever asks; each call is what would be one query. */
  #door(): ActDoor {
    const asked = (hash: Uint8Array) => this.asked.push(toHex(hash))
    return {
      sha256,
      actRecipient: async () => recipientOf(await this.actIdentity),
      receiptView: async (hash) => {
        asked(hash)
        return this.view
      },
      submitAct: async (act) => {
        asked(act.lookupHash)
        if (this.view.entry === null) return 'unknown'
        const isKnown = this.submitted.some(({ id }) => toHex(id) === toHex(act.id))
        if (!isKnown) this.submitted.push(act)
        return isKnown ? 'known' : 'accepted'
      },
      withdrawUnpublished: async (hash) => {
        asked(hash)
        return this.view.state === 'unknown' ? 'unknown' : 'withdrawn'
      },
      forgetReceipt: async (hash) => {
        asked(hash)
        return this.view.state === 'unknown' ? 'unknown' : 'forgotten'
      },
    }
  }

  async open(): Promise<this> {
    await this.channel.start(async (plaintext, meta, ack) => {
      if (this.storageFails) throw new IntakeError('not_stored', 'the disk is full')
      const id = toHex(meta.id)
      if (!this.stored.has(id))
        this.stored.set(id, { submission: parseSubmission(plaintext), meta })
      await ack()
    })
    return this
  }

  async get(path: string): Promise<Page> {
    return readPage(await this.channel.routes.request(path))
  }

  async post(path: string, fields: Fields): Promise<Page> {
    const pairs = Object.entries(fields).flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : value).map((one) => [name, one]),
    )
    return readPage(
      await this.channel.routes.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(pairs).toString(),
      }),
    )
  }

  /** Presses "Continue" through the given pages, each with what is typed there. */
  async walk(steps: readonly Fields[], path = '/en/declare'): Promise<Page> {
    let page = await this.get(path)
    for (const fields of steps) {
      page = await this.post(path, { state: page.state, go: 'next', ...fields })
    }
    return page
  }

  get received(): readonly Received[] {
    return [...this.stored.values()]
  }
}

export type Fields = Readonly<Record<string, string | readonly string[]>>

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly title: string
  readonly heading: string
  readonly state: string
  /** The words of the receipt on the page, if there is one. */
  readonly words: readonly string[]
}

async function readPage(response: Response): Promise<Page> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    title: find(text, /<title>(.*?)<\/title>/s),
    heading: find(text, /<h1>(.*?)<\/h1>/s),
    state: find(text, /name="state" value="([^"]*)"/),
    words: [...text.matchAll(/<li><b>\d+<\/b>(\S+) /g)].map((match) => match[1] ?? ''),
  }
}

function find(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? ''
}

/** The shortest way to the check page for a person alone. */
export const alone: readonly Fields[] = [
  { who: 'self' },
  { organisation: ['party', 'league'] },
  { 'name-kind': 'none' },
  {},
  { words: 'standard-leave' },
  {},
]
