import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { verifyApprovalsRoot, verifyLeafApproval } from '../../declaration/approval.ts'
import { type ApprovalOpening, parseApprovalOpening } from '../../declaration/approval-opening.ts'
import { auditMessage, formatAudit, mayAudit } from '../../declaration/audit.ts'
import { AUDIT_DRAWS, drawIndices } from '../../declaration/audit-draw.ts'
import { DeclarationError } from '../../declaration/error.ts'
import { fromBase64 } from '../../encoding/base64.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { fromHex, toHex } from '../../encoding/hex.ts'
import { openWith } from '../../sealing/age.ts'
import { verifyDirectory } from '../../sealing/directory.ts'
import type { DirectoryEntry } from '../../sealing/directory-entry.ts'
import type { Directory } from '../../sealing/directory-state.ts'
import { SealingError } from '../../sealing/error.ts'
import { unpad } from '../../sealing/padding.ts'
import type { LoggedAudit, LoggedBatch } from '../../verify/event-history.ts'
import { readProvenEntry } from '../../verify/read-declaration.ts'
import type { ReadFile } from '../../verify/read-file.ts'
import { type AuditLog, readAuditLog } from './audit-log.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** A batch as the log has it, and what auditors said of it so far. */
export interface AuditableBatch {
  readonly batch: LoggedBatch
  readonly audits: readonly LoggedAudit[]
  /** Whether a later root is there to draw by. */
  readonly isDrawable: boolean
}

export interface AuditDesk {
  readonly log: AuditLog
  readonly batches: readonly AuditableBatch[]
}

/** `fits`: two people approved exactly this leaf. The others cannot be told to have been approved. */
export interface AuditedLeaf {
  readonly index: number
  readonly result: 'fits' | 'missing' | 'differs'
  readonly signedBy: readonly string[]
}

export interface OpenedAudit {
  readonly batch: LoggedBatch
  readonly rootSize: number
  readonly root: string
  readonly leaves: readonly AuditedLeaf[]
}

/** Every batch of volunteers' approvals, newest first. The log is proven first; the server's word counts for nothing. */
export async function readBatches(desk: UnlockedDesk, read: ReadFile): Promise<AuditDesk> {
  const log = await readAuditLog(desk, read)
  const batches = log.batches.map((batch) => ({
    batch,
    audits: log.audits.filter((audit) => audit.batch === batch.position),
    isDrawable: log.pair.declarations.size > batch.range.end,
  }))
  return { log, batches: batches.toReversed() }
}

/** Draws by the newest root, opens what is kept of the batch and checks each drawn leaf as it is served. */
export async function drawAudit(
  desk: UnlockedDesk,
  { trust, pair }: AuditLog,
  batch: LoggedBatch,
): Promise<OpenedAudit> {
  const { range, position } = batch
  const { size: rootSize, origin } = pair.declarations
  const root = toHex(pair.declarations.root)
  const count = Math.min(AUDIT_DRAWS, range.end - range.first)
  const drawn = drawIndices({ root, rootSize, batch: position, range, count }, sha256)
  const directory = await directoryAt(desk, batch)
  const opening = await openApprovals(desk, batch, directory)
  const leaves: AuditedLeaf[] = []
  for (const index of drawn) {
    const entry = await provenEntry(index, { ...trust, pair, origin })
    leaves.push(auditLeaf(index, entry, opening, directory))
  }
  return { batch, rootSize, root, leaves }
}

/** Signs what was found. The publisher logs it when it has held it to the directory, the batch and the root. */
export async function publishAudit(
  desk: UnlockedDesk,
  { batch, rootSize, root, leaves }: OpenedAudit,
): Promise<void> {
  const audit = {
    type: 'audit',
    batch: batch.position,
    rootSize,
    root,
    auditor: desk.volunteer.id,
    drawn: leaves.map(({ index }) => index),
    missing: leaves.filter(({ result }) => result !== 'fits').map(({ index }) => index),
  } as const
  const message = auditMessage(audit, desk.keyring.register)
  const signature = ed25519.sign(message, desk.keyring.signingSeed)
  await desk.connection.post('audits', { written: formatAudit({ ...audit, signature }) })
}

function auditLeaf(
  index: number,
  entry: Uint8Array,
  opening: ApprovalOpening | undefined,
  { volunteers }: Directory,
): AuditedLeaf {
  const shown = opening?.leaves[index - opening.first]
  const proposal = opening?.proposals[shown?.proposal ?? -1]
  if (opening === undefined || proposal === undefined) {
    return { index, result: 'missing', signedBy: [] }
  }
  const signedBy = [proposal.proposedBy, proposal.approvedBy]
  try {
    const trust = { findVolunteer: (id: string) => volunteers.get(id), ed25519Verify, sha256 }
    verifyLeafApproval(index, entry, opening, trust)
    return { index, result: 'fits', signedBy }
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    return { index, result: 'differs', signedBy }
  }
}

/**
 * What is kept of the batch; undefined where it is gone, cannot be opened or is not what the event commits to. Throws
 * `not_for_you` where it was never sealed to this auditor.
 */
async function openApprovals(
  desk: UnlockedDesk,
  { range, approvals }: LoggedBatch,
  directory: Directory,
): Promise<ApprovalOpening | undefined> {
  const then = directory.volunteers.get(desk.volunteer.id)
  if (then === undefined || !mayAudit(then)) {
    throw new DeskClientError('not_for_you', 'no auditor when the batch was published')
  }
  const path = `audits/${range.first}/open`
  const { sealed } = await desk.connection.post<{ sealed: string | null }>(path, {})
  if (sealed === null) return undefined
  try {
    const bytes = await openWith([desk.keyring.identity], fromBase64(sealed))
    const opening = parseApprovalOpening(unpad(bytes))
    verifyApprovalsRoot(opening, fromHex(approvals), sha256)
    return opening.first === range.first ? opening : undefined
  } catch (error) {
    if (error instanceof DeclarationError || error instanceof SealingError) return undefined
    throw error
  }
}

/** The directory as the event log named it last before the batch: who counted then, whatever was said of them since. */
async function directoryAt(
  { connection, directory }: UnlockedDesk,
  batch: LoggedBatch,
): Promise<Directory> {
  const { entries } = await connection.get<{ entries: readonly DirectoryEntry[] }>('directory')
  const hash = sha256.create()
  for (const [i, { body, signatures }] of entries.entries()) {
    hash.update(utf8(`${JSON.stringify({ body, signatures })}\n`))
    if (toHex(hash.clone().digest()) !== batch.directory) continue
    return verifyDirectory(entries.slice(0, i + 1), directory.register, directory.root)
  }
  throw new DeskClientError('untrusted_directory', 'not the directory that the log names')
}

async function provenEntry(
  index: number,
  options: Parameters<typeof readProvenEntry>[1],
): Promise<Uint8Array> {
  try {
    return await readProvenEntry(index, options)
  } catch (cause) {
    throw new DeskClientError('untrusted_log', 'an entry is not in the log', cause)
  }
}

/** Strict Ed25519, the same line the directory and the publisher draw. */
function ed25519Verify(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  return ed25519.verify(signature, message, key, { zip215: false })
}
