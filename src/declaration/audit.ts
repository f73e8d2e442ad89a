import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { AUDIT_DRAWS, drawIndices } from './audit-draw.ts'
import { DeclarationError } from './error.ts'
import { EVENT_MAX_BYTES, type EventOf, encodeEvent, parseEvent, valueLines } from './event.ts'
import type { IndexRange } from './event-lines.ts'
import type { TwoPeopleTrust } from './two-people.ts'

/** An audit as its auditor signs it: day and size are those of the publication that takes it. */
export type Audit = Omit<EventOf<'audit'>, 'day' | 'size'>

const ROLES_THAT_AUDIT = ['auditor', 'key-holder']
const NOT_YET = { day: '1970-01-01', size: 0 }
const NOT_YET_LINES = `day ${NOT_YET.day}\nsize ${NOT_YET.size}\n`

/** Whoever may see who approved what, and say in the log what they found. */
export function mayAudit({ roles }: { readonly roles: readonly string[] }): boolean {
  return roles.some((role) => ROLES_THAT_AUDIT.includes(role))
}

/** What the auditor signs: the event's own lines, for one register. */
export function auditMessage(audit: Omit<Audit, 'signature'>, register: string): Uint8Array {
  const lines = valueLines(audit, ['signature']).map((line) => `${line}\n`)
  return utf8(`avow/audit/v1\nregister ${register}\n${lines.join('')}`)
}

/** As it waits for the publisher: the event without its day and size. */
export function formatAudit(audit: Audit): string {
  return fromUtf8(encodeEvent({ ...audit, ...NOT_YET })).replace(NOT_YET_LINES, '')
}

/** Throws `bad_event`. */
export function parseAudit(written: string): Audit {
  if (written.length > EVENT_MAX_BYTES) throw new DeclarationError('bad_event', 'too long')
  const [version = '', type = '', ...rest] = written.split('\n')
  const event = parseEvent(utf8(`${version}\n${type}\n${NOT_YET_LINES}${rest.join('\n')}`))
  if (event.type !== 'audit') throw new DeclarationError('bad_event', 'not an audit')
  const { day: _day, size: _size, ...audit } = event
  return audit
}

/** Proves that an auditor of the directory signed this audit for this register. Throws `audit_refused`. */
export function verifyAuditor(
  audit: Audit,
  register: string,
  { findVolunteer, ed25519Verify }: TwoPeopleTrust,
): void {
  const auditor = findVolunteer(audit.auditor)
  if (auditor === undefined || !mayAudit(auditor)) throw refused('no auditor of the directory')
  const message = auditMessage(audit, register)
  if (!ed25519Verify(audit.signature, message, auditor.signingKey)) {
    throw refused('signature does not verify')
  }
}

/**
 * Proves that the audit drew what its root says: `range` is what the batch event covers, `root` what the log's own archive
 * has at that size. Throws `audit_refused`.
 */
export function verifyDraw(
  audit: Audit,
  { range, root }: { readonly range: IndexRange; readonly root: string },
  sha256: Sha256,
): void {
  if (audit.root !== root) throw refused('another root than the log had at this size')
  if (audit.rootSize <= range.end) throw refused('its root is not later than the batch')
  const count = audit.drawn.length
  if (count < Math.min(AUDIT_DRAWS, range.end - range.first)) throw refused('too few are drawn')
  const drawn = drawIndices({ ...audit, range, count }, sha256)
  if (drawn.join() !== audit.drawn.join()) throw refused('its root draws other indices')
  const known = new Set(drawn)
  const isSorted = audit.missing.every((index, i) => i === 0 || index > (audit.missing[i - 1] ?? 0))
  if (!isSorted || audit.missing.some((index) => !known.has(index))) {
    throw refused('missing are not among the drawn')
  }
}

function refused(message: string): DeclarationError {
  return new DeclarationError('audit_refused', message)
}
