import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8 } from '../../encoding/bytes.ts'
import { nobleEd25519 } from '../../tlog/ed25519.ts'
import { parsePolicy } from '../../tlog/policy.ts'
import type { LoggedAudit, LoggedBatch } from '../../verify/event-history.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from '../../verify/logged-files.ts'
import { boundedReader, type ReadFile, readRequired } from '../../verify/read-file.ts'
import { registerOrigins } from '../../verify/register-origins.ts'
import { replayEvents } from '../../verify/replay-events.ts'
import type { Trust } from '../../verify/trust.ts'
import { readLatest, type SignedPair, verifyPair } from '../../verify/verify-pair.ts'
import { DeskClientError } from './error.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** The log as an auditor's own browser proved it: signed by the keys of the directory, every event under its root. */
export interface AuditLog {
  readonly trust: Trust
  readonly pair: SignedPair
  readonly batches: readonly LoggedBatch[]
  readonly audits: readonly LoggedAudit[]
}

export async function readAuditLog(desk: UnlockedDesk, read: ReadFile): Promise<AuditLog> {
  try {
    const trust = await readTrust(desk, boundedReader(read))
    const pair = await verifyPair(await readLatest(trust), registerOrigins(trust.policy), trust)
    // Which checkpoints were published in between is what verifiers look at; the events are all read.
    const since = { events: pair.events.size }
    const { history } = await replayEvents(pair, since, new Set(), trust)
    return { trust, pair, batches: [...history.batches.values()], audits: history.audits }
  } catch (cause) {
    if (cause instanceof DeskClientError) throw cause
    throw new DeskClientError('untrusted_log', 'the log does not verify', cause)
  }
}

/** The served policy, as far as it names the keys that the directory does. */
async function readTrust({ directory }: UnlockedDesk, read: ReadFile): Promise<Trust> {
  const text = fromUtf8(await readRequired(read, POLICY_FILE, MAX_POLICY_BYTES))
  const named = text.split('\n').filter((line) => line.startsWith('log '))
  const known = [...directory.logs.values()].map((key) => `log ${key}`)
  if (named.toSorted().join('\n') !== known.toSorted().join('\n')) {
    throw new DeskClientError('untrusted_log', 'the policy names other logs than the directory')
  }
  return {
    read,
    policy: parsePolicy(text),
    sha256,
    ed25519Verify: nobleEd25519.verify,
    onProgress: () => undefined,
  }
}
