import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { parseAgeRecipient } from './age-recipient.ts'
import { SealingError } from './error.ts'

export const ROLES = [
  'key-holder',
  'reviewer',
  'translator',
  'hotline',
  'station',
  'collector',
  'coordinator',
  'bulletin-editor',
  'auditor',
  'operator',
] as const
export type Role = (typeof ROLES)[number]
export type LogName = 'declarations' | 'events'

export type DirectoryChange =
  | { readonly change: 'root'; readonly root: Uint8Array }
  | { readonly change: 'log'; readonly log: LogName; readonly verifierKey: string }
  | {
      readonly change: 'centre'
      readonly id: string
      readonly month: string
      readonly recipient: string
    }
  | { readonly change: 'found'; readonly founders: readonly [Uint8Array, Uint8Array] }
  | {
      readonly change: 'volunteer'
      readonly id: string
      readonly roles: readonly Role[]
      readonly centre: string
      readonly recipient: string
      readonly signingKey: Uint8Array
    }
  | { readonly change: 'recovery'; readonly recipient: string; readonly key: Uint8Array }
  | { readonly change: 'suspend'; readonly id: string }
  | { readonly change: 'revoke'; readonly id: string }
  | { readonly change: 'close'; readonly centre: string; readonly month: string }

const ID = '[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?'
const MONTH = '\\d{4}-(?:0[1-9]|1[0-2])'
const KEY = '[A-Za-z0-9+/]{43}='
// 1216 bytes in bech32: 1946 characters and six of checksum.
const HYBRID = 'age1pq1[02-9ac-hj-np-z]{1952}'

const GRAMMAR = {
  root: new RegExp(`^root (${KEY})$`),
  log: /^log (declarations|events) ([\x21-\x2a\x2c-\x7e]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{4,100}={0,2})$/,
  centre: new RegExp(`^centre (${ID}) (${MONTH}) (${HYBRID})$`),
  found: new RegExp(`^found (${KEY}) (${KEY})$`),
  volunteer: new RegExp(`^volunteer (${ID}) ([a-z,-]{1,120}) (${ID}) (${HYBRID}) (${KEY})$`),
  recovery: new RegExp(`^recovery (${HYBRID}) (${KEY})$`),
  suspend: new RegExp(`^suspend (${ID})$`),
  revoke: new RegExp(`^revoke (${ID})$`),
  close: new RegExp(`^close (${ID}) (${MONTH})$`),
}

/** The sixth line of an entry. Throws SealingError `bad_entry` for a value that would not come back the same. */
export function formatChange(change: DirectoryChange): string {
  const line = draftLine(change)
  parseChange(line)
  return line
}

function draftLine(change: DirectoryChange): string {
  switch (change.change) {
    case 'root':
      return `root ${toBase64(change.root)}`
    case 'log':
      return `log ${change.log} ${change.verifierKey}`
    case 'centre':
      return `centre ${change.id} ${change.month} ${change.recipient}`
    case 'found':
      return `found ${change.founders.map(toBase64).join(' ')}`
    case 'volunteer': {
      const { id, roles, centre, recipient, signingKey } = change
      return `volunteer ${id} ${roles.join(',')} ${centre} ${recipient} ${toBase64(signingKey)}`
    }
    case 'recovery':
      return `recovery ${change.recipient} ${toBase64(change.key)}`
    case 'suspend':
    case 'revoke':
      return `${change.change} ${change.id}`
    case 'close':
      return `close ${change.centre} ${change.month}`
  }
}

export function parseChange(line: string): DirectoryChange {
  const root = GRAMMAR.root.exec(line)
  if (root) return { change: 'root', root: publicKey(root[1]) }
  const log = GRAMMAR.log.exec(line)
  if (log) return { change: 'log', log: logName(log[1]), verifierKey: log[2] ?? '' }
  const centre = GRAMMAR.centre.exec(line)
  if (centre) {
    const [, id = '', month = '', recipient = ''] = centre
    return { change: 'centre', id, month, recipient: goodRecipient(recipient) }
  }
  const found = GRAMMAR.found.exec(line)
  if (found) return { change: 'found', founders: [publicKey(found[1]), publicKey(found[2])] }
  const volunteer = GRAMMAR.volunteer.exec(line)
  if (volunteer) {
    const [, id = '', roles = '', centreId = '', recipient = '', key] = volunteer
    return {
      change: 'volunteer',
      id,
      roles: parseRoles(roles),
      centre: centreId,
      recipient: goodRecipient(recipient),
      signingKey: publicKey(key),
    }
  }
  const recovery = GRAMMAR.recovery.exec(line)
  if (recovery) {
    const [, recipient = '', key] = recovery
    return { change: 'recovery', recipient: goodRecipient(recipient), key: publicKey(key) }
  }
  const suspend = GRAMMAR.suspend.exec(line)
  if (suspend) return { change: 'suspend', id: suspend[1] ?? '' }
  const revoke = GRAMMAR.revoke.exec(line)
  if (revoke) return { change: 'revoke', id: revoke[1] ?? '' }
  const close = GRAMMAR.close.exec(line)
  if (close) return { change: 'close', centre: close[1] ?? '', month: close[2] ?? '' }
  throw new SealingError('bad_entry', 'unknown change')
}

function publicKey(text: string | undefined): Uint8Array {
  try {
    return fromBase64(text ?? '')
  } catch (cause) {
    throw new SealingError('bad_entry', 'public key', cause)
  }
}

function logName(text: string | undefined): LogName {
  return text === 'events' ? 'events' : 'declarations'
}

function goodRecipient(text: string): string {
  try {
    parseAgeRecipient(text)
  } catch (cause) {
    throw new SealingError('bad_entry', 'recipient', cause)
  }
  return text
}

/** Known roles, each once, in alphabetical order: one set has one spelling. */
function parseRoles(text: string): Role[] {
  const names = text.split(',')
  const roles = ROLES.filter((role) => names.includes(role)).toSorted()
  if (roles.join(',') !== text) throw new SealingError('bad_entry', 'roles')
  return roles
}
