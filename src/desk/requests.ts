import { z } from 'zod'
import { fromBase64 } from '../encoding/base64.ts'
import { fromHex } from '../encoding/hex.ts'
import { DeskError } from './error.ts'

// Everything a browser may send, bounded. Sealed parts are opaque here: only their size can be judged.

const SMALL_BYTES = 64 * 1024
const KEYRING_BYTES = 1024 * 1024
/** A proposal of 8 MiB, padded and sealed. */
const SEALED_BYTES = 10 * 1024 * 1024
const DRAFT_BYTES = 5 * 1024 * 1024

/** Base64 of the largest sealed part and room for the rest; for volunteers only. */
export const LARGE_BODY_BYTES = 16 * 1024 * 1024
/** What anybody may make the server read: a keyring in base64, an application. */
export const SMALL_BODY_BYTES = 1536 * 1024

const bytes = (max: number) =>
  z
    .string()
    .max(Math.ceil(max / 3) * 4)
    .transform((text, context) => decoded(() => fromBase64(text), context))
const hexBytes = (length: number) =>
  z
    .string()
    .length(2 * length)
    .transform((text, context) => decoded(() => fromHex(text), context))
const volunteerId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/)
const code = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)
const signature = z.string().length(88)
const entry = z.strictObject({ body: z.string().max(8192), signatures: z.string().max(512) })
const month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)

export const lookupRequest = z.strictObject({ lookup: hexBytes(32) })

export const acceptRequest = z.strictObject({
  lookup: hexBytes(32),
  volunteer: volunteerId,
  loginProof: hexBytes(32),
  keyring: bytes(KEYRING_BYTES),
  wish: z.union([
    entry,
    z.strictObject({
      centre: volunteerId,
      roles: z.string().regex(/^[a-z,-]{1,120}$/),
      recipient: z.string().regex(/^age1pq1[a-z0-9]{1952}$/),
      signingKey: z.string().length(44),
    }),
  ]),
})

export const loginRequest = z.strictObject({ volunteer: volunteerId, loginProof: hexBytes(32) })

export const recoveryFileRequest = z.strictObject({
  sealed: bytes(KEYRING_BYTES),
  at: z.int().min(0).max(100_000),
})

export const recoveryOpenRequest = z.strictObject({ signature: bytes(64) })

export const recoverRequest = z.strictObject({
  entry,
  invitations: z
    .array(z.strictObject({ lookup: hexBytes(32), sealed: bytes(KEYRING_BYTES) }))
    .length(2),
})

/** base64url as browsers spell it; the longest is an attestation with its certificates. */
const webAuthn = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/)
const credentialId = webAuthn(1364).transform((text) => ({ text, bytes: fromBase64Url(text) }))

export const passkeyLoginRequest = z.strictObject({
  id: credentialId,
  authenticatorData: webAuthn(4096),
  clientDataJSON: webAuthn(4096),
  signature: webAuthn(4096),
})

export const passkeyAddRequest = z.strictObject({
  id: credentialId,
  attestationObject: webAuthn(65_536),
  clientDataJSON: webAuthn(4096),
  wrapped: bytes(72),
  sealedName: bytes(4096),
})

export const passkeyRemoveRequest = z.strictObject({ credential: credentialId })

export const keyringRequest = z.strictObject({
  keyring: bytes(KEYRING_BYTES),
  at: z.int().min(0).max(100_000),
  taken: z.array(hexBytes(16)).max(100),
})

export const inviteRequest = z.strictObject({
  lookup: hexBytes(32),
  sealed: bytes(SMALL_BYTES),
  renews: volunteerId.nullable(),
})

export const signRequest = z.strictObject({ entry, pending: hexBytes(16).optional() })

const handedKey = z.strictObject({
  volunteer: volunteerId,
  centre: volunteerId,
  month,
  sealed: bytes(SMALL_BYTES),
})

export const proposeChangeRequest = z.strictObject({
  line: z.string().max(8192),
  proposed: z.string().max(512),
  keys: z.array(handedKey).max(2000),
})

export const pendingRequest = z.strictObject({ pending: hexBytes(16) })

export const applicantRequest = z.strictObject({ volunteer: volunteerId })

export const draftRequest = z.strictObject({ sealed: bytes(DRAFT_BYTES) })

export const proposeRequest = z
  .strictObject({
    kind: z.enum(['publish', 'reject']),
    code: code.nullable(),
    hash: hexBytes(32),
    signature,
    sealed: bytes(SEALED_BYTES),
  })
  .refine(({ kind, code: given }) => (kind === 'reject') === (given !== null))

export const decideRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('approve'),
    hash: hexBytes(32),
    signature,
    sealedItem: bytes(SEALED_BYTES),
    recipientHash: hexBytes(32),
  }),
  z.strictObject({ kind: z.literal('return'), hash: hexBytes(32), code }),
  z.strictObject({ kind: z.literal('reject'), hash: hexBytes(32), code }),
])

export const resealRequest = z.strictObject({
  sealed: bytes(SEALED_BYTES),
  recipientHash: hexBytes(32),
})

export const cursorParameter = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}\.[0-9a-f]{32}$/)
  .transform((text) => ({ day: text.slice(0, 10), id: fromHex(text.slice(11)) }))

/** At most as many channels as there are: what a page of the waiting cases hands back. */
export const positionsParameter = z
  .string()
  .max(1200)
  .regex(
    /^[a-z0-9.-]+~\d{4}-\d{2}-\d{2}\.[0-9a-f]{32}(_[a-z0-9.-]+~\d{4}-\d{2}-\d{2}\.[0-9a-f]{32})*$/,
  )
  .transform((text) =>
    text.split('_').map((part) => {
      const [channel = '', place = ''] = part.split('~')
      return { channel, day: place.slice(0, 10), id: fromHex(place.slice(11)) }
    }),
  )

/** A note is a few sentences; padded and sealed it is still small. */
const NOTE_BYTES = 24 * 1024

export const handOverRequest = z.strictObject({ to: volunteerId })

export const escalateRequest = z.strictObject({ code })

export const noteRequest = z.strictObject({ sealed: bytes(NOTE_BYTES) })

export const dummyRequest = z.strictObject({ secret: hexBytes(32) })

export const caseParameter = hexBytes(16)

/** Throws DeskError `bad_request` that names fields, never values. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
  throw new DeskError('bad_request', `does not fit: ${fields}`)
}

function fromBase64Url(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

function decoded(decode: () => Uint8Array, context: z.RefinementCtx): Uint8Array {
  try {
    return decode()
  } catch {
    context.addIssue({ code: 'custom', message: 'encoding' })
    return z.NEVER
  }
}
