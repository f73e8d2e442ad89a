import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Act, actMessage } from '../../src/declaration/act.ts'
import { commit, type Salt, saltOf } from '../../src/declaration/commitment.ts'
import { type ContentLine, contentPath, encodeContentFile } from '../../src/declaration/content.ts'
import { encodeEvent, type LogEvent } from '../../src/declaration/event.ts'
import type { Authority } from '../../src/declaration/event-lines.ts'
import type { Evidence, KeyOrigin } from '../../src/declaration/evidence.ts'
import { type FormDefinition, formHash } from '../../src/declaration/form-definition.ts'
import { encodeLeaf, type Leaf } from '../../src/declaration/leaf.ts'
import { formatTally } from '../../src/declaration/tally.ts'
import {
  type About,
  encodeAbout,
  encodeBody,
  encodeName,
  type StatementText,
} from '../../src/declaration/values.ts'
import { utf8 } from '../../src/encoding/bytes.ts'
import { canonicalJson } from '../../src/encoding/canonical-json.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { nobleEd25519 } from '../../src/tlog/ed25519.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { COSIGNATURE_V1, formatVerifierKey, signingKey } from '../../src/tlog/note-key.ts'
import { TILE_WIDTH } from '../../src/tlog/tile.ts'
import { formatLatest } from '../../src/verify/latest.ts'
import { createTinyLog, fixedBytes, sha256 } from './tiny-log.ts'
import { tally } from './whole-tally.ts'

export const TINY_REGISTER = 'register.example/tiny'

/** A form definition of its own, so that the vectors do not change with the registers that ship. */
export const TINY_FORM: FormDefinition = {
  format: 'avow/form/v1',
  id: 'tiny',
  version: 1,
  languages: ['en'],
  names: { en: 'A register for tests' },
  organisations: ['club', 'league', 'other'].map(choice),
  sectors: ['teaching', 'others'].map(choice),
  standings: ['serving', 'former'].map(choice),
  voices: ['own-words', 'standard-text'].map(choice),
  regions: ['north', 'south'].map(choice),
  standardTexts: [{ id: 'plain', text: { en: 'I leave the organisations named here.' } }],
  positionMaxChars: 60,
  minimumGroup: { k: 5, window: 'form' },
  consents: ['text'].map(choice),
  rejectionReasons: ['spam'].map(choice),
  keptOutReasons: ['absent'].map(choice),
  operatorReasons: ['data-protection', 'clerical'].map(choice),
  notBefore: { minHours: 0, maxHours: 0, minStatements: 1, maxDays: 0 },
}

export type TinyPerson = {
  readonly orgs?: readonly string[]
  readonly evidence?: Evidence
  readonly key?: KeyOrigin
  readonly text?: StatementText
  readonly name?: string
  /** What is given is shown unless it stands here. */
  readonly hidden?: readonly ('text' | 'name')[]
  readonly about?: Partial<About>
  readonly form?: string
}

/** An event before the publication that gives it its day and size. */
export type StagedEvent = Without<LogEvent, 'day' | 'size'>
export type StagedAct = Without<Act, 'leaf'>
type Without<Union, Keys extends string> = Union extends unknown ? Omit<Union, Keys> : never
type Part = 'body' | 'name' | 'about'

/** What a `redact` leaves as it is; `correct` has organisations and evidence besides. */
export const UNCHANGED = { shown: null, body: null, name: null, about: null }

export type TinyOptions = {
  readonly witnesses?: number
  readonly name?: string
  /** `unknown` stands for receipts that were declined, and saves making a key for each declaration. */
  readonly authors?: 'known' | 'unknown'
}

/** What a publication may say against the rules. */
export type TinyLies = {
  readonly entries?: (entries: Uint8Array[]) => Uint8Array[]
  /** Changes the events about to be logged, the closing tally last. */
  readonly events?: (events: LogEvent[]) => LogEvent[]
  readonly cosignedOn?: string
  readonly eventsCosignedOn?: string
}

/**
 * Writes the served files of a register with the formats alone, the same bytes in every run. It keeps the
 * rules of a publisher, and says whatever else a test makes it say.
 */
export class TinyRegister {
  readonly files = new Map<string, Uint8Array>()
  readonly content = new Map<number, ContentLine>()
  readonly formHash = formHash(TINY_FORM, sha256)
  readonly policyText: string
  readonly leaves: Leaf[] = []
  readonly events: LogEvent[] = []
  readonly #declarations: ReturnType<typeof createTinyLog>
  readonly #eventLog: ReturnType<typeof createTinyLog>
  readonly #seqs = new Map<number, number>()
  readonly #authors: TinyOptions['authors']
  #persons: TinyPerson[] = []
  #staged: StagedEvent[] = []

  constructor(options: TinyOptions = {}) {
    this.#authors = options.authors
    const witnesses = Array.from({ length: options.witnesses ?? 0 }, (_, i) =>
      signingKey(`witness-${i}.example`, COSIGNATURE_V1, fixedBytes(`key of witness ${i}`)),
    )
    const { name = TINY_REGISTER } = options
    this.#declarations = createTinyLog('declarations', name, witnesses, this.files)
    this.#eventLog = createTinyLog('events', name, witnesses, this.files)
    this.policyText = [
      ...[this.#declarations, this.#eventLog].map(
        ({ signer }) => `log ${formatVerifierKey(signer.key)}\n`,
      ),
      ...witnesses.map(({ key }, i) => `witness w${i} ${formatVerifierKey(key)}\n`),
      witnesses.length === 0
        ? 'quorum none\n'
        : `group all-of-them all ${witnesses.map((_, i) => `w${i}`).join(' ')}\nquorum all-of-them\n`,
    ].join('')
    this.files.set(`log/forms/${this.formHash}.json`, utf8(canonicalJson(TINY_FORM)))
    this.log({ type: 'form', form: this.formHash, id: 'tiny', version: 1 })
    this.keep('policy', this.policyText)
    this.keep('directory', '{"body":"synthetic","signature":""}\n')
  }

  /** Serves a file and logs its hash. */
  keep(subject: 'policy' | 'directory', text: string): this {
    this.files.set(`log/${subject}`, utf8(text))
    return this.log({ type: 'key', subject, hash: toHex(sha256(utf8(text))) })
  }

  declare(...persons: readonly TinyPerson[]): this {
    for (const person of persons) this.#persons.push(person)
    return this
  }

  log(event: StagedEvent): this {
    this.#staged.push(event)
    return this
  }

  /** By the declaration's author, unless told otherwise. */
  act(act: StagedAct, by?: Authority): this {
    const whole = { ...act, leaf: toHex(this.leafHash(act.index)) }
    return this.log({ ...whole, by: by ?? this.signAct(whole) })
  }

  signAct(act: Act): Authority {
    const { index } = act
    const seq = (this.#seqs.get(index) ?? 0) + 1
    this.#seqs.set(index, seq)
    const seed = fixedBytes(`author ${index}`)
    const message = actMessage(this.#declarations.signer.key.name, act, seq)
    return {
      kind: 'author-signed',
      seq,
      signature: nobleEd25519.sign(message, seed),
      author: nobleEd25519.publicKey(seed),
      salt: this.salt(index, 'author'),
    }
  }

  /** Takes parts of a published declaration out of the content. */
  hide(index: number, ...parts: readonly Part[]): this {
    const line = this.content.get(index)
    if (line === undefined) return this
    const { body, name, about } = line
    this.content.set(index, {
      index,
      ...(body === undefined || parts.includes('body') ? {} : { body }),
      ...(name === undefined || parts.includes('name') ? {} : { name }),
      ...(about === undefined || parts.includes('about') ? {} : { about }),
    })
    const stillShown = [...this.content.values()].map((other) => textIdOf(other))
    const textId = textIdOf(line)
    if (!stillShown.includes(textId)) this.files.delete(`content/texts/${textId}`)
    return this
  }

  leafHash(index: number) {
    const leaf = this.leaves[index]
    if (leaf === undefined) throw new RangeError(`declaration ${index} is not published`)
    return leafHash(encodeLeaf(leaf), sha256)
  }

  salt(index: number, field: Part | 'author'): Salt {
    return saltOf(fixedBytes(`salt of ${field} ${index}`))
  }

  /** Writes the next pair: the declarations and events staged since the last one, and the tally. */
  async publish(day: string, lies: TinyLies = {}): Promise<this> {
    const first = this.leaves.length
    const cosignedAt = Date.parse(`${lies.cosignedOn ?? day}T12:00:00Z`) / 1000
    for (const person of this.#persons.splice(0)) this.#declare(person, day)
    const entries = this.leaves.slice(first).map(encodeLeaf)
    this.#declarations.append(lies.entries?.(entries) ?? entries)
    this.#declarations.publish(cosignedAt)
    const size = this.leaves.length
    if (size > first) {
      const range = { first, end: size }
      const approvals = toHex(fixedBytes('approvals'))
      this.log({ type: 'batch', range, statements: 1, claimed: 0, approvals })
    }
    const staged: LogEvent[] = this.#staged.splice(0).map((event) => ({ ...event, day, size }))
    const counted = await this.#tally([...this.events, ...staged])
    const events = this.events.length + staged.length
    const closing = { type: 'tally', day, size, events, tally: toHex(sha256(counted)) } as const
    const written = lies.events?.([...staged, closing]) ?? [...staged, closing]
    this.events.push(...written)
    this.#eventLog.append(written.map(encodeEvent))
    const eventsCosignedOn = lies.eventsCosignedOn ?? lies.cosignedOn ?? day
    this.#eventLog.publish(Date.parse(`${eventsCosignedOn}T12:00:00Z`) / 1000)
    this.writeContent()
    this.files.set('log/tally', counted)
    const heads = { declarations: this.#declarations.head(), events: this.#eventLog.head() }
    this.files.set('log/latest', formatLatest(heads))
    const numbers = { declarations: size, events: this.events.length }
    this.files.set('count.json', utf8(`${canonicalJson(numbers)}\n`))
    const page = `<p class="count"><data id="count" value="${size}">${size}</data></p>\n`
    this.files.set('en/index.html', utf8(page))
    return this
  }

  writeContent(): void {
    const bundles = Map.groupBy(this.content.values(), ({ index }) =>
      Math.floor(index / TILE_WIDTH),
    )
    for (const [bundle, lines] of bundles) {
      const visible = lines.filter((line) => line.body ?? line.name ?? line.about)
      const ascending = visible.toSorted((a, b) => a.index - b.index)
      this.files.set(contentPath(bundle), encodeContentFile(ascending))
    }
  }

  async writeTo(folder: string): Promise<void> {
    for (const [path, bytes] of this.files) {
      await mkdir(join(folder, dirname(path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
  }

  #declare(person: TinyPerson, day: string): void {
    const index = this.leaves.length
    const { text, name, hidden = [], evidence = 'self', key = 'own' } = person
    const about: About = {
      language: 'en',
      voice: 'own-words',
      channel: 'web',
      few: false,
      ...person.about,
    }
    const commitTo = (field: Part | 'author', value: Uint8Array) =>
      commit(field, this.salt(index, field), value, sha256)
    const shown = {
      text: text !== undefined && !hidden.includes('text'),
      name: name !== undefined && !hidden.includes('name'),
    }
    this.leaves.push({
      form: person.form ?? this.formHash,
      day,
      orgs: person.orgs ?? ['club'],
      evidence,
      key: evidence === 'legacy' ? '-' : key,
      shown,
      ...(text === undefined ? {} : { body: commitTo('body', encodeBody(text)) }),
      ...(name === undefined ? {} : { name: commitTo('name', encodeName(name)) }),
      about: commitTo('about', encodeAbout(about)),
      author: commitTo('author', this.#author(index)),
    })
    const salt = (part: Part) => this.salt(index, part)
    this.content.set(index, {
      index,
      ...(text !== undefined && shown.text ? { body: this.#body(text, salt('body')) } : {}),
      ...(name !== undefined && shown.name ? { name: { salt: salt('name'), value: name } } : {}),
      about: { salt: salt('about'), value: about },
    })
  }

  #author(index: number): Uint8Array {
    const seed = fixedBytes(`author ${index}`)
    return this.#authors === 'unknown' ? seed : nobleEd25519.publicKey(seed)
  }

  #body(text: StatementText, salt: Salt) {
    if (text.kind === 'standard') return { ...text, salt }
    const textId = toHex(fixedBytes(`text ${text.text}`).subarray(0, 16))
    this.files.set(`content/texts/${textId}`, encodeBody(text))
    return { kind: text.kind, salt, textId }
  }

  async #tally(events: readonly LogEvent[]): Promise<Uint8Array> {
    const origin = this.#declarations.signer.key.name
    const trust = { origin, sha256, ed25519Verify: nobleEd25519.verify }
    return utf8(formatTally(await tally(this.leaves, events, trust, () => undefined)))
  }
}

function choice(id: string) {
  return { id, label: { en: id } }
}

function textIdOf(line: ContentLine): string | undefined {
  return line.body?.kind === 'own' ? line.body.textId : undefined
}
