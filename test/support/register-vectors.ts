import { commit, saltOf } from '../../src/declaration/commitment.ts'
import type { LogEvent } from '../../src/declaration/event.ts'
import { encodeBody } from '../../src/declaration/values.ts'
import { fromBase64, toBase64 } from '../../src/encoding/base64.ts'
import { equalBytes, utf8 } from '../../src/encoding/bytes.ts'
import { fixedBytes, sha256 } from './tiny-log.ts'
import { type TinyLies, type TinyPerson, TinyRegister, UNCHANGED } from './tiny-register.ts'

/** One way to spoil the register: files to write over it in base64, or to remove where null. */
export type Mutation = {
  readonly name: string
  readonly files: { readonly [path: string]: string | null }
}

const BY_DESK = { kind: 'author-by-desk' } as const
const TEXT = { kind: 'own', language: 'zh-hans', text: '我已想清楚。\n从今天起退出。' } as const
const STANDARD = { kind: 'standard', language: 'en', id: 'plain' } as const
const PERSONS: readonly TinyPerson[] = [
  { text: TEXT, name: '张三', orgs: ['club', 'league'], about: { sector: 'teaching' } },
  { text: TEXT, name: '李四', hidden: ['name'], evidence: 'consented', key: 'handed' },
  { text: STANDARD, name: 'Ann Example', about: { region: 'north', few: true } },
  { name: 'Only Counted', hidden: ['name'], evidence: 'relayed', orgs: ['unstated'] },
  { evidence: 'legacy' },
]
const LATER: readonly TinyPerson[] = [
  { text: { kind: 'own', language: 'en', text: 'Me too.' }, name: 'Bo', evidence: 'in-person' },
  { text: STANDARD, hidden: ['text'], key: 'served' },
]

/** Two publications without acts; what the valid register and its false versions have in common. */
async function beginning(): Promise<TinyRegister> {
  const register = await new TinyRegister({ witnesses: 2 }).publish('2026-01-01')
  return register.declare(...PERSONS).publish('2026-01-02')
}

/** The valid register: seven declarations, and every kind of act among its events. */
export async function vectorRegister(lies: TinyLies = {}): Promise<TinyRegister> {
  const register = await beginning()
  const salt = saltOf(fixedBytes('redacted'))
  const body = commit('body', salt, encodeBody(STANDARD), sha256)
  const newAuthor = fixedBytes('a new key')
  register
    .declare(...LATER)
    .act({ type: 'withdraw', index: 4 })
    .hide(4, 'about')
    .act({ type: 'confirm', index: 0 })
    .act({ type: 'rekey', index: 1, newAuthor })
    .act({ type: 'withdraw', index: 2 }, BY_DESK)
    .act({ type: 'restore', index: 2 }, BY_DESK)
    .act(
      { type: 'redact', index: 0, ...UNCHANGED, body },
      { kind: 'operator', reason: 'data-protection', country: null },
    )
    .act({ type: 'correct', index: 3, ...UNCHANGED, orgs: ['other'], evidence: null }, BY_DESK)
    .log({ type: 'flag', reason: 'spam', ranges: [{ first: 2, end: 5 }] })
    .log({ type: 'unflag', reason: 'spam', ranges: [{ first: 3, end: 4 }] })
  register.hide(0, 'body')
  register.content.set(0, { ...lineOf(register, 0), body: { ...STANDARD, salt } })
  return register.publish('2026-01-03', lies)
}

export async function vectorMutations(): Promise<readonly Mutation[]> {
  const valid = await vectorRegister()
  return [
    ...flips(valid),
    ...removals(valid),
    ...replacements(valid),
    ...(await falseHistories(valid)),
  ]
}

/** The files of a register with a mutation written over them. */
export function spoil(
  register: Pick<TinyRegister, 'files' | 'policyText'>,
  mutation: Mutation,
): Pick<TinyRegister, 'files' | 'policyText'> {
  const files = new Map(register.files)
  for (const [path, text] of Object.entries(mutation.files)) {
    if (text === null) files.delete(path)
    else files.set(path, fromBase64(text))
  }
  return { files, policyText: register.policyText }
}

function flips(valid: TinyRegister): Mutation[] {
  return provenFiles(valid).map(([file, bytes]) => {
    const at = Math.floor(bytes.length / 2)
    const flipped = Uint8Array.from(bytes)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    return {
      name: `changed: ${file}, lowest bit of byte ${at}`,
      files: { [file]: toBase64(flipped) },
    }
  })
}

function removals(valid: TinyRegister): Mutation[] {
  return provenFiles(valid).map(([file]) => ({ name: `removed: ${file}`, files: { [file]: null } }))
}

function replacements(valid: TinyRegister): Mutation[] {
  const fileOf = (path: string) => toBase64(valid.files.get(path) ?? new Uint8Array())
  const checkpoint = 'log/declarations/checkpoint'
  const texts = [...valid.files.keys()].filter((path) => path.startsWith('content/texts/'))
  const [one = '', other = ''] = texts
  return [
    {
      name: 'an older checkpoint in place of the newest',
      files: { [checkpoint]: fileOf('log/checkpoints/declarations/5') },
    },
    {
      name: 'the checkpoint of the other log',
      files: { [checkpoint]: fileOf('log/events/checkpoint') },
    },
    {
      name: 'an older checkpoint in place of a newer one in the archive',
      files: { 'log/checkpoints/declarations/7': fileOf('log/checkpoints/declarations/5') },
    },
    { name: 'two texts exchanged', files: { [one]: fileOf(other), [other]: fileOf(one) } },
    {
      name: 'a tile beyond the published size',
      files: { 'log/declarations/tile/0/000': toBase64(new Uint8Array(8192)) },
    },
    {
      name: 'a text that nobody shows',
      files: { [`content/texts/${'0'.repeat(32)}`]: toBase64(encodeBody(TEXT)) },
    },
    { name: 'a count that is one too high', files: { 'count.json': count(8) } },
    { name: 'a page that states another count', files: { 'en/index.html': page(8) } },
  ]
}

/** Registers that sign something false: all files in which each differs from the valid one. */
async function falseHistories(valid: TinyRegister): Promise<Mutation[]> {
  const histories: readonly (readonly [string, Promise<TinyRegister>])[] = [
    ['the tally event of another tally', vectorRegister({ events: withTally('0'.repeat(64)) })],
    ['a batch that leaves out the last declaration', vectorRegister({ events: withBatchEnd(6) })],
    ['a batch that begins too early', vectorRegister({ events: withBatchFirst(4) })],
    ['events of an earlier day', vectorRegister({ events: (all) => onDay(all, '2026-01-01') })],
    ['an act signed with the number before', vectorRegister({ events: withSeq(2) })],
    ['events cosigned two days later', vectorRegister({ eventsCosignedOn: '2026-01-05' })],
    ['both logs cosigned two days earlier', vectorRegister({ cosignedOn: '2026-01-01' })],
    [
      'a leaf that is no leaf',
      vectorRegister({ entries: ([first]) => [...(first ? [first] : []), utf8('no leaf\n')] }),
    ],
    ['a name that its declarant kept', showing(1, { name: '李四' })],
    ['an about that was withdrawn', showing(4, {})],
    ['a part that is missing without an event', hiding(5, 'name')],
    ['an event log without form', withoutForm()],
  ]
  const mutations: Mutation[] = []
  for (const [name, history] of histories) {
    mutations.push({ name, files: differences(valid, await history) })
  }
  return mutations
}

async function showing(index: number, { name }: { readonly name?: string }): Promise<TinyRegister> {
  const register = await vectorRegister()
  const about = { language: 'en', voice: 'own-words', channel: 'web', few: false }
  register.content.set(index, {
    ...lineOf(register, index),
    ...(name === undefined ? {} : { name: { salt: register.salt(index, 'name'), value: name } }),
    about: { salt: register.salt(index, 'about'), value: about },
  })
  register.writeContent()
  return register
}

async function hiding(index: number, part: 'body' | 'name' | 'about'): Promise<TinyRegister> {
  const register = await vectorRegister()
  register.hide(index, part).writeContent()
  return register
}

async function withoutForm(): Promise<TinyRegister> {
  const register = await new TinyRegister({ witnesses: 2 }).publish('2026-01-01', {
    events: (all) =>
      all
        .filter(({ type }) => type !== 'form')
        .map((event) => (event.type === 'tally' ? { ...event, events: event.events - 1 } : event)),
  })
  return register.declare(...PERSONS).publish('2026-01-02')
}

function withTally(tally: string) {
  return (all: LogEvent[]) =>
    all.map((event) => (event.type === 'tally' ? { ...event, tally } : event))
}

function withBatchFirst(first: number) {
  return (all: LogEvent[]) =>
    all.map((event) =>
      event.type === 'batch' ? { ...event, range: { ...event.range, first } } : event,
    )
}

function withBatchEnd(end: number) {
  return (all: LogEvent[]) =>
    all.map((event) =>
      event.type === 'batch' ? { ...event, range: { ...event.range, end } } : event,
    )
}

function withSeq(seq: number) {
  return (all: LogEvent[]) =>
    all.map((event) =>
      event.type === 'confirm' && event.by.kind === 'author-signed'
        ? { ...event, by: { ...event.by, seq } }
        : event,
    )
}

function onDay(all: LogEvent[], day: string): LogEvent[] {
  return all.map((event) => ({ ...event, day }))
}

function lineOf(register: TinyRegister, index: number) {
  return register.content.get(index) ?? { index }
}

/** Files whose every byte is proven. */
function provenFiles({ files }: TinyRegister): [string, Uint8Array][] {
  return [...files].filter(([path]) => /^(log|content)\//.test(path))
}

function differences(valid: TinyRegister, other: TinyRegister): Mutation['files'] {
  const paths = new Set([...valid.files.keys(), ...other.files.keys()])
  const changed = [...paths].toSorted().flatMap((path) => {
    const before = valid.files.get(path)
    const after = other.files.get(path)
    if (before !== undefined && after !== undefined && equalBytes(before, after)) return []
    return [[path, after === undefined ? null : toBase64(after)] as const]
  })
  return Object.fromEntries(changed)
}

function count(declarations: number): string {
  return toBase64(utf8(`{"declarations":${declarations}}\n`))
}

function page(declarations: number): string {
  return toBase64(utf8(`<data id="count" value="${declarations}">${declarations}</data>\n`))
}
