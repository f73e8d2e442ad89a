import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import type { DirectoryChange } from './directory-change.ts'
import type { DirectoryBody, DirectoryEntry } from './directory-entry.ts'
import { plusDays } from './directory-months.ts'
import {
  type EntrySignatures,
  type ProposalSignature,
  parseSignatures,
  proposalMessage,
} from './directory-signatures.ts'
import type { Directory, DirectoryDraft, Volunteer } from './directory-state.ts'
import { SealingError } from './error.ts'
import type { Ed25519Verify } from './parameters.ts'

/** A proposal is somebody's word for this long, even if they take it back and another kept a copy. */
export const PROPOSAL_DAYS_MAX = 30

/**
 * Proves that whoever signed `entry` may make this change to `directory` as it stands, or throws. The root begins a
 * directory and names two founding keys; each of these enters one key holder; from then on two key holders sign, and
 * one alone may only suspend. When all are lost, the recovery key that two of them had named names founding keys once more.
 */
export function requireAuthority(
  entry: DirectoryEntry,
  body: DirectoryBody,
  directory: DirectoryDraft,
  verify: Ed25519Verify,
): void {
  const signatures = parseSignatures(entry.signatures)
  const message = utf8(entry.body)
  const signedBy = (key: Uint8Array) => verify(signatures.signature, message, key)
  const refuse = () => new SealingError('bad_signature', `entry ${body.seq}: ${signatures.kind}`)
  switch (signatures.kind) {
    case 'root':
      requireRootMay(directory, body.change)
      if (!signedBy(directory.root)) throw refuse()
      return
    case 'founder': {
      requireFounderMay(directory, body.change)
      const founder = [...(directory.founders ?? [])].find((key) => signedBy(fromBase64(key)))
      if (founder === undefined) throw refuse()
      directory.founders?.delete(founder)
      return
    }
    case 'recovery':
      if (directory.recovery === undefined) throw notEntitled('no recovery key is named')
      if (body.change.change !== 'found') throw notEntitled('a recovery key founds anew')
      if (!signedBy(directory.recovery.key)) throw refuse()
      return
    case 'one':
      requireAloneMay(directory, body.change, signatures.by)
      if (!signedBy(requireKeyHolder(directory, signatures.by).signingKey)) throw refuse()
      return
    case 'two':
      requireTwo(directory, body, signatures, verify)
      if (!signedBy(requireKeyHolder(directory, signatures.by).signingKey)) throw refuse()
      directory.usedNonces.add(signatures.proposed.nonce)
      return
  }
}

/** Proves that a proposal, as it waits, is the word of somebody who may propose this change now. */
export function requireProposal(
  directory: Directory,
  change: DirectoryChange,
  proposed: ProposalSignature,
  day: string,
  verify: Ed25519Verify,
): Volunteer {
  const proposer = requireProposer(directory, change, proposed.by)
  if (directory.usedNonces.has(proposed.nonce)) {
    throw new SealingError('proposal_used', 'the proposal is an entry already')
  }
  if (day < proposed.day || day > plusDays(proposed.day, PROPOSAL_DAYS_MAX)) {
    throw new SealingError('proposal_expired', 'the proposal is not of these days')
  }
  const { register } = directory
  const message = proposalMessage({ register, nonce: proposed.nonce, day: proposed.day, change })
  if (!verify(proposed.signature, message, proposer.signingKey)) {
    throw new SealingError('bad_signature', 'the proposal is not signed by its proposer')
  }
  return proposer
}

/** Whether this person may change the directory alone so: suspend somebody who is no key holder. */
export function mayAlone(directory: Directory, change: DirectoryChange, by: string): boolean {
  if (change.change !== 'suspend' || change.id === by) return false
  return directory.volunteers.get(change.id)?.roles.includes('key-holder') !== true
}

function requireTwo(
  directory: Directory,
  body: DirectoryBody,
  { proposed, by }: Extract<EntrySignatures, { kind: 'two' }>,
  verify: Ed25519Verify,
): void {
  const proposer = requireProposal(directory, body.change, proposed, body.day, verify)
  const signer = requireKeyHolder(directory, by)
  if (signer.id === proposer.id || toBase64(signer.signingKey) === toBase64(proposer.signingKey)) {
    throw new SealingError('one_person', 'two different people have to sign')
  }
  if (['root', 'found'].includes(body.change.change)) throw notEntitled('founding is over')
}

/** A coordinator may propose the keys and the closing of their own centre's months; all else is for key holders. */
function requireProposer(directory: Directory, change: DirectoryChange, id: string): Volunteer {
  const volunteer = directory.volunteers.get(id)
  if (volunteer === undefined) throw notEntitled('the proposer is not in the directory')
  if (volunteer.roles.includes('key-holder')) return volunteer
  const ofCentre =
    change.change === 'centre' ? change.id : change.change === 'close' ? change.centre : undefined
  const known = ofCentre !== undefined && directory.centres.has(ofCentre)
  if (known && volunteer.roles.includes('coordinator') && volunteer.centre === ofCentre) {
    return volunteer
  }
  throw notEntitled('the proposer is no key holder')
}

function requireKeyHolder(directory: Directory, id: string): Volunteer {
  const volunteer = directory.volunteers.get(id)
  if (volunteer?.roles.includes('key-holder') !== true) throw notEntitled('no key holder')
  return volunteer
}

function requireRootMay({ founders }: Directory, { change }: DirectoryChange): void {
  if (founders !== undefined) throw notEntitled('the root signs nothing after the founding keys')
  if (!['root', 'log', 'centre', 'found'].includes(change)) throw notEntitled('not for the root')
}

function requireFounderMay(directory: Directory, change: DirectoryChange): void {
  const enters = change.change === 'volunteer' && change.roles.includes('key-holder')
  if (!enters || directory.volunteers.has(change.id)) throw notEntitled('not for a founding key')
}

function requireAloneMay(directory: Directory, change: DirectoryChange, by: string): void {
  if (!mayAlone(directory, change, by)) throw notEntitled('two people have to sign this')
}

function notEntitled(why: string): SealingError {
  return new SealingError('not_entitled', why)
}
