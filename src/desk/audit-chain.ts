import { equalBytes, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import type { AuditTable } from './tables.ts'

/** A row of the audit as docs/formats/desk-audit.md writes it down. */
export type AuditRow = AuditTable

export type AuditFault = 'place' | 'previous' | 'hash' | 'head'

/** What follows from a whole chain, or the first row that does not follow. */
export type AuditFinding =
  | { readonly outcome: 'whole'; readonly rows: number; readonly head: Uint8Array }
  | { readonly outcome: 'broken'; readonly place: number; readonly fault: AuditFault }

type Sha256 = (bytes: Uint8Array) => Uint8Array

const FIRST_PREVIOUS = new Uint8Array(32)

export function auditHash(row: Omit<AuditRow, 'hash'>, sha256: Sha256): Uint8Array {
  const lines = [
    'avow/desk-audit/v1',
    `centre ${row.centre}`,
    `place ${row.place}`,
    `day ${row.day}`,
    `volunteer ${row.volunteer}`,
    `act ${row.act}`,
    `case ${row.case_id === null ? '-' : toHex(row.case_id)}`,
    `previous ${toHex(row.previous)}`,
    '',
  ]
  return sha256(utf8(lines.join('\n')))
}

/** Follows one centre's rows, in the order of their places, to the head that is said to be theirs. */
export async function checkAuditChain(
  rows: AsyncIterable<AuditRow> | Iterable<AuditRow>,
  head: { readonly place: number; readonly hash: Uint8Array } | undefined,
  sha256: Sha256,
): Promise<AuditFinding> {
  let previous: Uint8Array = FIRST_PREVIOUS
  let place = 0
  for await (const row of rows) {
    if (row.place !== place) return { outcome: 'broken', place, fault: 'place' }
    if (!equalBytes(row.previous, previous)) return { outcome: 'broken', place, fault: 'previous' }
    if (!equalBytes(row.hash, auditHash(row, sha256))) {
      return { outcome: 'broken', place, fault: 'hash' }
    }
    previous = row.hash
    place++
  }
  const isHead = head === undefined ? place === 0 : isSame(head, place - 1, previous)
  return isHead
    ? { outcome: 'whole', rows: place, head: previous }
    : { outcome: 'broken', place, fault: 'head' }
}

function isSame(
  head: { readonly place: number; readonly hash: Uint8Array },
  place: number,
  hash: Uint8Array,
): boolean {
  return head.place === place && equalBytes(head.hash, hash)
}
