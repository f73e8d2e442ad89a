import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../../encoding/bytes.ts'
import { canonicalJson } from '../../encoding/canonical-json.ts'
import { toHex } from '../../encoding/hex.ts'

/** What a volunteer signs who proposes that a case is not published. */
export function encodeRejection(caseId: string, code: string): Uint8Array {
  return utf8(canonicalJson({ format: 'avow/rejection/v1', case: caseId, code }))
}

export function rejectionHash(caseId: string, code: string): string {
  return toHex(sha256(encodeRejection(caseId, code)))
}
