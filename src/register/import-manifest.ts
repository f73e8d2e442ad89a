import { BASE64_64_BYTES, HEX_32_BYTES, whole } from '../declaration/grammar.ts'
import {
  integer,
  listOf,
  object,
  oneOf,
  parseCanonicalJson,
  text,
} from '../declaration/json-shape.ts'
import { registerName } from '../declaration/proposal-shape.ts'
import { fromBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import type { Directory } from '../sealing/directory-state.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { RegisterError } from './error.ts'

/** 500 statements a part: enough for 50 million statements in one archive. */
const PARTS_MAX = 100_000
const MANIFEST_MAX_BYTES = 16 * 1024 * 1024

/** What two key holders sign of an archive before it may enter the register. */
export type ImportManifest = {
  readonly format: 'avow/import-manifest/v1'
  readonly register: string
  /** Hash of the form definition its declarations are made under. */
  readonly form: string
  /** SHA-256 of the archive. */
  readonly file: string
  /** SHA-256 of the survey the signers read: samples, counts, words that were not understood. */
  readonly survey: string
  readonly statements: number
  readonly persons: number
  readonly claimed: number
  readonly mismatches: number
  /** SHA-256 of each part, in order. */
  readonly parts: readonly string[]
}

export type ImportSignature = { readonly by: string; readonly signature: string }
export type SignedManifest = {
  readonly manifest: ImportManifest
  readonly signatures: readonly ImportSignature[]
}

const hex = text(64, whole(HEX_32_BYTES))
const count = integer(0, Number.MAX_SAFE_INTEGER)
const manifestShape = object({
  format: oneOf(['avow/import-manifest/v1']),
  register: registerName,
  form: hex,
  file: hex,
  survey: hex,
  statements: count,
  persons: count,
  claimed: count,
  mismatches: count,
  parts: listOf(hex, 0, PARTS_MAX),
})
const signedShape = object({
  manifest: manifestShape,
  signatures: listOf(object({ by: text(64), signature: text(88, whole(BASE64_64_BYTES)) }), 0, 2),
})

export function encodeSignedManifest(signed: SignedManifest): Uint8Array {
  return utf8(canonicalJson(signed))
}

/** Throws DeclarationError `bad_proposal`: wrong shape or another spelling. Proves nothing before `verifyManifest`. */
export function parseSignedManifest(bytes: Uint8Array): SignedManifest {
  return parseCanonicalJson(bytes, MANIFEST_MAX_BYTES, signedShape, 'bad_proposal')
}

export function manifestHash(manifest: ImportManifest, sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(manifest))))
}

/** What a key holder signs. */
export function importMessage(hash: string): Uint8Array {
  return utf8(`avow/import/v1\n${hash}\n`)
}

export type ManifestTrust = {
  readonly register: string
  readonly formHash: string
  readonly directory: Directory
  /** Only in a register marked as a sample. */
  readonly mayBeUnreviewed: boolean
  readonly ed25519Verify: Ed25519Verify
  readonly sha256: Sha256
}

/** Two different key holders signed exactly this manifest, or the register is a sample. Returns its hash or throws `bad_import`. */
export function verifyManifest(
  { manifest, signatures }: SignedManifest,
  trust: ManifestTrust,
): string {
  if (manifest.register !== trust.register || manifest.form !== trust.formHash) {
    throw refused('made for another register or form definition')
  }
  const hash = manifestHash(manifest, trust.sha256)
  if (signatures.length === 0 && trust.mayBeUnreviewed) return hash
  const keys = signatures.map(({ by, signature }) => {
    const volunteer = trust.directory.volunteers.get(by)
    if (volunteer === undefined || !volunteer.roles.includes('key-holder')) {
      throw refused('a signer is no key holder')
    }
    if (!trust.ed25519Verify(fromBase64(signature), importMessage(hash), volunteer.signingKey)) {
      throw refused('a signature does not verify')
    }
    return toHex(volunteer.signingKey)
  })
  if (new Set(keys).size !== 2) throw refused('two key holders have to sign')
  return hash
}

function refused(message: string): RegisterError {
  return new RegisterError('bad_import', message)
}
