import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { type Ed25519Verify, nobleEd25519 } from './ed25519.ts'
import { TlogError } from './error.ts'
import {
  COSIGNATURE_V1,
  ED25519,
  hasType,
  parseVerifierKey,
  type SignatureType,
  type VerifierKey,
} from './note-key.ts'
import { openNote } from './signed-note.ts'

/** C2SP tlog-policy. Names of witnesses and groups mean something inside one policy only. */
export type Policy = {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly groups: readonly PolicyGroup[]
  /** A witness, a group, or `none`: a log that nobody watches yet. */
  readonly quorum: string
}
export type PolicyLog = { readonly key: VerifierKey<typeof ED25519>; readonly url: string | null }
export type PolicyWitness = {
  readonly name: string
  readonly key: VerifierKey<typeof COSIGNATURE_V1>
  readonly url: string | null
}
export type PolicyGroup = {
  readonly name: string
  readonly threshold: number
  readonly members: readonly string[]
}

/** `name` is the witness's name in the policy. */
export type Cosignature = { readonly name: string; readonly time: number }

export type VerifiedCheckpoint = {
  readonly checkpoint: Checkpoint
  readonly cosignatures: readonly Cosignature[]
  readonly quorum: string
}

const MAX_POLICY_BYTES = 64 * 1024
const NONE = 'none'

/**
 * The note is signed by a log of the policy whose key name is the origin, no known signature in it is wrong,
 * and witnesses cosigned it as the quorum asks. Proves nothing if the policy came from the log itself.
 */
export function verifyCheckpoint(
  noteBytes: Uint8Array,
  policy: Policy,
  verify: Ed25519Verify = nobleEd25519.verify,
): VerifiedCheckpoint {
  const keys = [...policy.logs, ...policy.witnesses].map(({ key }) => key)
  const { text, verified } = openNote(noteBytes, keys, verify)
  const checkpoint = parseCheckpoint(text)
  const byLog = verified.some(
    (line) => line.kind === 'signature' && line.key.name === checkpoint.origin,
  )
  if (!byLog)
    throw new TlogError('unknown_log', 'not signed by a log of the policy under its origin')
  const cosignatures = verified.flatMap((line) => {
    if (line.kind !== 'cosignature') return []
    const witness = policy.witnesses.find(({ key }) => key === line.key)
    return witness === undefined ? [] : [{ name: witness.name, time: line.time }]
  })
  const quorum = checkQuorum(
    policy,
    cosignatures.map(({ name }) => name),
  )
  return { checkpoint, cosignatures, quorum }
}

/** Returns the name of the quorum that the witnesses reach, or throws TlogError `quorum_not_met`. */
export function checkQuorum(policy: Policy, witnesses: Iterable<string>): string {
  const known = new Set(policy.witnesses.map(({ name }) => name))
  const reached = new Set([...witnesses].filter((name) => known.has(name)))
  // A group refers to names defined before it only, so one pass in order settles them all.
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => reached.has(member)).length >= threshold) reached.add(name)
  }
  if (policy.quorum !== NONE && !reached.has(policy.quorum)) {
    throw new TlogError('quorum_not_met', `the witnesses do not reach ${policy.quorum}`)
  }
  return policy.quorum
}

/** Throws TlogError `bad_policy`, or `bad_key` and `unknown_algorithm` for a key in it. */
export function parsePolicy(text: string): Policy {
  const draft: Draft = {
    logs: [],
    witnesses: [],
    groups: [],
    quorum: null,
    defined: new Set(),
    members: new Set(),
  }
  for (const line of policyLines(text)) {
    const [keyword, ...items] = line
    if (keyword === 'log') addLog(draft, items)
    else if (keyword === 'witness') addWitness(draft, items)
    else if (keyword === 'group') addGroup(draft, items)
    else if (keyword === 'quorum') setQuorum(draft, items)
    else throw badPolicy('unknown keyword')
  }
  const { logs, witnesses, groups, quorum } = draft
  if (quorum === null) throw badPolicy('no quorum line')
  return { logs, witnesses, groups, quorum }
}

type Draft = {
  readonly logs: PolicyLog[]
  readonly witnesses: PolicyWitness[]
  readonly groups: PolicyGroup[]
  quorum: string | null
  /** Names of the witnesses and groups of the lines before. */
  readonly defined: Set<string>
  /** Names that are a member of some group: each counts in one way only. */
  readonly members: Set<string>
}

function policyLines(text: string): string[][] {
  if (utf8(text).length > MAX_POLICY_BYTES) throw badPolicy('policy too long')
  // C2SP: names are opaque octets, and LF and tab the only control characters. No normalisation happens here.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text) || !text.isWellFormed()) {
    throw badPolicy('control character')
  }
  if (!text.endsWith('\n')) throw badPolicy('last line is cut')
  return text
    .split('\n')
    .map((line) => line.split(/[ \t]+/).filter((item) => item !== ''))
    .filter(([first]) => first !== undefined && !first.startsWith('#'))
}

function addLog(draft: Draft, items: readonly string[]): void {
  const [vkey, url, ...more] = items
  if (vkey === undefined || more.length > 0) throw badPolicy('log <vkey> [<url>]')
  const key = keyOfType(vkey, ED25519)
  if (draft.logs.some((log) => sameKey(log.key, key))) throw badPolicy('one log key twice')
  draft.logs.push({ key, url: url ?? null })
}

function addWitness(draft: Draft, items: readonly string[]): void {
  const [name, vkey, url, ...more] = items
  if (name === undefined || vkey === undefined || more.length > 0) {
    throw badPolicy('witness <name> <vkey> [<url>]')
  }
  const key = keyOfType(vkey, COSIGNATURE_V1)
  if (draft.witnesses.some((witness) => sameKey(witness.key, key))) {
    throw badPolicy('one witness key twice')
  }
  define(draft, name)
  draft.witnesses.push({ name, key, url: url ?? null })
}

function addGroup(draft: Draft, items: readonly string[]): void {
  const [name, rule, ...members] = items
  if (name === undefined || rule === undefined || members.length === 0) {
    throw badPolicy('group <name> all|any|<k> <name>...')
  }
  for (const member of members) {
    if (!draft.defined.has(member)) throw badPolicy('group member not defined before')
    if (draft.members.has(member)) throw badPolicy('one name in two groups')
    draft.members.add(member)
  }
  define(draft, name)
  draft.groups.push({ name, threshold: parseThreshold(rule, members.length), members })
}

function setQuorum(draft: Draft, items: readonly string[]): void {
  const [name, ...more] = items
  if (name === undefined || more.length > 0) throw badPolicy('quorum <name>')
  if (draft.quorum !== null) throw badPolicy('two quorum lines')
  if (name !== NONE && !draft.defined.has(name)) throw badPolicy('quorum not defined before')
  draft.quorum = name
}

function define(draft: Draft, name: string): void {
  if (name === NONE || draft.defined.has(name)) throw badPolicy('name taken')
  draft.defined.add(name)
}

function parseThreshold(rule: string, count: number): number {
  if (rule === 'all') return count
  if (rule === 'any') return 1
  const threshold = /^[1-9][0-9]{0,5}$/.test(rule) ? Number(rule) : 0
  if (threshold < 1 || threshold > count)
    throw badPolicy('threshold is all, any or 1 to the number of members')
  return threshold
}

function keyOfType<Type extends SignatureType>(vkey: string, type: Type): VerifierKey<Type> {
  const key = parseVerifierKey(vkey)
  if (!hasType(key, type)) throw badPolicy('a log or witness key of the wrong signature type')
  return key
}

function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return equalBytes(a.publicKey, b.publicKey)
}

function badPolicy(message: string): TlogError {
  return new TlogError('bad_policy', message)
}
