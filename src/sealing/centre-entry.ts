import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { strictVerify } from './directory.ts'
import type { DirectoryChange, Role } from './directory-change.ts'
import { type DirectoryBody, type DirectoryEntry, parseDirectoryBody } from './directory-entry.ts'
import { keyOfDay } from './directory-months.ts'
import { parseSignatures, proposalMessage } from './directory-signatures.ts'
import type { Directory } from './directory-state.ts'
import { SealingError } from './error.ts'

/** What a page may rely on: to whom it seals, since when. */
export type CentreKey = {
  readonly centre: string
  readonly month: string
  readonly day: string
  readonly recipient: string
}

/**
 * The entry that names a centre's key, last, and before it those that say why its signers may: the root, the founding
 * keys, and the entries of the people whose signatures are used, in the order of the directory.
 */
export type CentreProof = readonly DirectoryEntry[]

type Expected = {
  readonly register: string
  readonly centre: string
  readonly rootPublicKey: Uint8Array
}
type Trusted = {
  founders: Set<string> | undefined
  recovery: Uint8Array | undefined
  readonly people: Map<
    string,
    { readonly key: Uint8Array; readonly roles: readonly Role[]; readonly centre: string }
  >
}

/** As many people as the path to a key can need, and then some. */
const PROOF_ENTRIES_MAX = 64

/** The proof of the key that takes what arrives on `day`, out of the entries that `directory` was verified from. */
export function proveKeyOfDay(
  directory: Directory,
  entries: readonly DirectoryEntry[],
  centre: string,
  day: string,
): CentreProof | undefined {
  const keys = directory.centres.get(centre)
  const recipient = keys === undefined ? undefined : keyOfDay(keys, day)?.key.recipient
  const seq = entries.findLastIndex(({ body }) => {
    const { change } = parseDirectoryBody(body)
    return change.change === 'centre' && change.recipient === recipient
  })
  return seq === -1 ? undefined : proveCentreEntry(entries, seq)
}

/** Picks from a verified directory what proves its entry number `seq` to a page that does not carry all others. */
export function proveCentreEntry(entries: readonly DirectoryEntry[], seq: number): CentreProof {
  const last = entries[seq]
  if (last === undefined) throw new SealingError('entry_missing', `entry ${seq}`)
  const needed = new Set(signersOf(last))
  const path = [last]
  let recovers = false
  for (const entry of entries.slice(0, seq).toReversed()) {
    const { change } = parseDirectoryBody(entry.body)
    const names = change.change === 'volunteer' && needed.delete(change.id)
    // A recovery founds anew: then it is proven by whoever named its key.
    const authorises = recovers && change.change === 'recovery'
    if (authorises) recovers = false
    if (names || authorises) for (const id of signersOf(entry)) needed.add(id)
    const founds = change.change === 'root' || change.change === 'found'
    if (founds) recovers ||= parseSignatures(entry.signatures).kind === 'recovery'
    if (names || authorises || founds) path.unshift(entry)
  }
  return path
}

/**
 * Proves a centre's key by a path of signatures from the root, for a page that should not carry thousands of entries.
 * Whether one of the signers was suspended before, and whether a later entry replaced this one, only the whole directory
 * tells, and of a chain whose tail may be cut nobody can tell either.
 */
export function verifyCentreEntry(proof: CentreProof, expected: Expected): CentreKey {
  if (proof.length > PROOF_ENTRIES_MAX) throw new SealingError('too_large', 'proof of a key')
  const trusted: Trusted = { founders: undefined, recovery: undefined, people: new Map() }
  for (const [at, entry] of proof.entries()) {
    const body = parseDirectoryBody(entry.body)
    if (body.register !== expected.register) {
      throw new SealingError('wrong_register', `entry ${body.seq} belongs to another register`)
    }
    requireSigned(entry, body, trusted, expected.rootPublicKey)
    const { change, day } = body
    if (at < proof.length - 1) {
      trust(trusted, change)
      continue
    }
    if (change.change === 'centre' && change.id === expected.centre) {
      return { centre: change.id, month: change.month, day, recipient: change.recipient }
    }
  }
  throw new SealingError('unknown_centre', 'the proof ends with no key of this centre')
}

function trust(trusted: Trusted, change: DirectoryChange): void {
  if (change.change === 'found') trusted.founders = new Set(change.founders.map(toBase64))
  if (change.change === 'recovery') trusted.recovery = change.key
  if (change.change === 'volunteer') {
    const { id, signingKey, roles, centre } = change
    trusted.people.set(id, { key: signingKey, roles, centre })
  }
}

function requireSigned(
  { body: text, signatures }: DirectoryEntry,
  { seq, change, register }: DirectoryBody,
  trusted: Trusted,
  rootPublicKey: Uint8Array,
): void {
  const parsed = parseSignatures(signatures)
  const refused = new SealingError('bad_signature', `entry ${seq} is signed by nobody who may`)
  const { signature } = parsed
  const signedBy = (key: Uint8Array) => strictVerify(signature, utf8(text), key)
  switch (parsed.kind) {
    case 'root':
      if (trusted.founders !== undefined || change.change === 'volunteer') throw refused
      if (!signedBy(rootPublicKey)) throw refused
      return
    case 'founder': {
      const founder = [...(trusted.founders ?? [])].find((key) => signedBy(fromBase64(key)))
      if (founder === undefined || change.change !== 'volunteer') throw refused
      trusted.founders?.delete(founder)
      return
    }
    case 'recovery':
      if (change.change !== 'found' || trusted.recovery === undefined) throw refused
      if (!signedBy(trusted.recovery)) throw refused
      trusted.recovery = undefined
      return
    case 'one':
      throw refused
    case 'two': {
      const { proposed, by } = parsed
      const signer = trusted.people.get(by)
      const proposer = trusted.people.get(proposed.by)
      if (change.change === 'found' || change.change === 'root') throw refused
      if (signer === undefined || proposer === undefined || by === proposed.by) throw refused
      const keeps = ({ roles }: typeof proposer) => roles.includes('key-holder')
      const ofCentre = change.change === 'centre' && change.id === proposer.centre
      const coordinates = ofCentre && proposer.roles.includes('coordinator')
      if (!keeps(signer) || !(keeps(proposer) || coordinates)) throw refused
      const { nonce, day } = proposed
      const proposal = proposalMessage({ register, nonce, day, change })
      if (!strictVerify(proposed.signature, proposal, proposer.key)) throw refused
      if (!signedBy(signer.key)) throw refused
      return
    }
  }
}

function signersOf({ signatures }: DirectoryEntry): readonly string[] {
  const parsed = parseSignatures(signatures)
  return parsed.kind === 'two' ? [parsed.proposed.by, parsed.by] : []
}

/** SHA-256 of a recipient as groups of four digits, for people to compare. */
export function recipientFingerprint(recipient: string): string {
  const digits = toHex(sha256(utf8(recipient))).slice(0, 32)
  return (digits.match(/.{4}/g) ?? []).join(' ')
}
