import { equalBytes } from '../encoding/bytes.ts'
import type { Cosignature } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { archiveFile } from './archive.ts'
import { VerifyError } from './error.ts'
import { verifyContinues } from './growth-proof.ts'
import {
  LATEST_FILE,
  LATEST_MAX_BYTES,
  type LogName,
  type Pair,
  parseLatest,
  type TreeHead,
} from './latest.ts'
import { readRequired } from './read-file.ts'
import type { RegisterOrigins } from './register-origins.ts'
import type { Trust } from './trust.ts'
import { type NoteTrust, verifyNote } from './verify-note.ts'

const DAY_SECONDS = 24 * 60 * 60

export type SignedHead = TreeHead & {
  readonly origin: string
  readonly file: string
  readonly cosignatures: readonly Cosignature[]
  /** What is served as the log's checkpoint: of this size, with newer cosignatures, or of a larger one. */
  readonly served: { readonly size: number; readonly cosignatures: readonly Cosignature[] }
  /** Size of a checkpoint that is signed already but not yet part of a pair. */
  readonly newerSize: number | null
}
export type SignedPair = Readonly<Record<LogName, SignedHead>>

/** The pair that `log/latest` names. Unsigned: only `verifyPair` makes something of it. */
export async function readLatest({ read }: Pick<Trust, 'read'>): Promise<Pair> {
  return parseLatest(await readRequired(read, LATEST_FILE, LATEST_MAX_BYTES))
}

/** The pair is signed, and neither log shows another history beside it. */
export async function verifyPair(
  pair: Pair,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<SignedPair> {
  const declarations = await verifyHead('declarations', pair, origins, trust)
  const events = await verifyHead('events', pair, origins, trust)
  checkCosignedTogether(declarations, events)
  return { declarations, events }
}

async function verifyHead(
  log: LogName,
  pair: Pair,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<SignedHead> {
  const { size, root } = pair[log]
  const origin = origins[log]
  const file = archiveFile(log, size)
  if ((await trust.read(file, MAX_NOTE_BYTES)) === undefined) {
    throw await findMissingHead(log, size, origin, trust)
  }
  const { checkpoint, cosignatures } = await verifyNote(file, origin, trust)
  if (checkpoint.size !== size) {
    throw new VerifyError(
      'checkpoint_mismatch',
      file,
      `the checkpoint is of size ${checkpoint.size}`,
    )
  }
  if (!equalBytes(checkpoint.root, root)) {
    throw new VerifyError('bad_latest', LATEST_FILE, `its root of ${log} is not the signed one`)
  }
  const head = { size, root, origin, file, cosignatures }
  const served = await verifyServed(log, head, trust)
  return { ...head, served, newerSize: served.size === size ? null : served.size }
}

/** The pair names a size without an archived checkpoint: which of the two files is to blame? */
async function findMissingHead(log: LogName, size: number, origin: string, trust: NoteTrust) {
  const served = await verifyNote(`log/${log}/checkpoint`, origin, trust)
  return served.checkpoint.size === size
    ? new VerifyError('missing_file', archiveFile(log, size), 'the file is missing')
    : new VerifyError('bad_latest', LATEST_FILE, `no checkpoint of ${log} has its size ${size}`)
}

/**
 * `checkpoint` is what other tools read first. It may be ahead of the pair while a batch is being
 * published, never behind it and never of another tree.
 */
async function verifyServed(
  log: LogName,
  paired: TreeHead & { readonly origin: string },
  trust: Trust,
): Promise<SignedHead['served']> {
  const file = `log/${log}/checkpoint`
  const { checkpoint, cosignatures } = await verifyNote(file, paired.origin, trust)
  const { size, root } = checkpoint
  if (size < paired.size) {
    throw new VerifyError('checkpoint_mismatch', file, 'the checkpoint is older than log/latest')
  }
  await verifyContinues(log, paired, { size, root }, file, trust)
  return { size, cosignatures }
}

/** Otherwise withdrawals could be held back behind a fresh count. Without witnesses there are no times to compare. */
function checkCosignedTogether(declarations: SignedHead, events: SignedHead): void {
  const counted = declarations.cosignatures.map(({ time }) => time)
  const recorded = events.cosignatures.map(({ time }) => time)
  if (counted.length === 0 || recorded.length === 0) return
  if (Math.max(...recorded) < Math.min(...counted) - DAY_SECONDS) {
    throw new VerifyError(
      'checkpoints_far_apart',
      events.file,
      'the events were witnessed more than 24 hours before the declarations they belong to',
    )
  }
}
