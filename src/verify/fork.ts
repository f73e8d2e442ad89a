import { equalBytes } from '../encoding/bytes.ts'
import { verifyCheckpoint } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { archiveFile } from './archive.ts'
import { VerifyError } from './error.ts'
import { verifyContinues } from './growth-proof.ts'
import { LOGS, type LogName, type Pair } from './latest.ts'
import { readRequired } from './read-file.ts'
import type { RegisterOrigins } from './register-origins.ts'
import type { Trust } from './trust.ts'
import { verifyNote } from './verify-note.ts'

/** Two notes that one log signed and that cannot both be true. Whoever holds both can show them to anybody. */
export class ForkError extends VerifyError {
  readonly log: LogName
  readonly kept: Uint8Array
  readonly served: Uint8Array
  constructor(
    log: LogName,
    notes: { readonly kept: Uint8Array; readonly served: Uint8Array },
    file: string,
    message: string,
    cause?: unknown,
  ) {
    super('forked', file, message, { cause })
    this.log = log
    this.kept = notes.kept
    this.served = notes.served
  }
}

/** What both logs serve now continues what they signed before. */
export async function requireNoFork(
  kept: Readonly<Record<LogName, Uint8Array>>,
  from: Pair,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<void> {
  for (const log of LOGS) {
    await requireArchived(log, kept[log], from, trust)
    await requireContinued(log, kept[log], from, origins, trust)
  }
}

/** The plainest fork: another root for a size of which there is a note already. */
async function requireArchived(log: LogName, kept: Uint8Array, from: Pair, trust: Trust) {
  const { size, root } = from[log]
  const file = archiveFile(log, size)
  const served = await trust.read(file, MAX_NOTE_BYTES)
  if (served === undefined) return
  const signed = tryOpen(served, trust)
  if (signed === undefined || signed.origin !== tryOpen(kept, trust)?.origin) return
  if (signed.size === size && !equalBytes(signed.root, root)) {
    const message = `${log} signed two histories of ${size} entries`
    throw new ForkError(log, { kept, served }, file, message)
  }
}

function tryOpen(note: Uint8Array, { policy, ed25519Verify }: Trust) {
  try {
    return verifyCheckpoint(note, policy, ed25519Verify).checkpoint
  } catch {
    return undefined
  }
}

async function requireContinued(
  log: LogName,
  kept: Uint8Array,
  from: Pair,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<void> {
  const file = `log/${log}/checkpoint`
  const { checkpoint } = await verifyNote(file, origins[log], trust)
  const served = await readRequired(trust.read, file, MAX_NOTE_BYTES)
  const { size } = from[log]
  if (checkpoint.size < size) {
    const message = `it is of ${checkpoint.size} entries, and ${size} were signed before`
    throw new ForkError(log, { kept, served }, file, message)
  }
  try {
    await verifyContinues(log, from[log], checkpoint, file, trust)
  } catch (cause) {
    const message = `what ${log} signs now does not continue the ${size} entries it signed before`
    throw new ForkError(log, { kept, served }, file, message, cause)
  }
}
