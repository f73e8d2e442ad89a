import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toHex } from '../encoding/hex.ts'
import { writeDurably } from '../register/durable-files.ts'
import { TlogError } from '../tlog/error.ts'
import type { Policy } from '../tlog/policy.ts'
import { ForkError } from '../verify/fork.ts'
import {
  formatMonitorState,
  MAX_STATE_BYTES,
  type MonitorState,
  parseMonitorState,
} from '../verify/monitor-state.ts'
import { type Look, verifySince } from '../verify/verify-since.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { progressLine } from './verify-progress.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { type LookIo, lookAgain } from './verify-still.ts'
import { clock, sha256 } from './world.ts'

/** A million declarations of old content each time: some minutes over a network. */
const RECHECK_BUNDLES = 4096

export type MonitorOptions = { readonly stateFile: string; readonly maxAgeHours: number }
export type MonitorIo = LookIo & { readonly clock?: () => Date }

/**
 * One look of a monitor: goes on from the state in the file, or from the beginning where there is none, and writes the
 * state only when all was well. At a fork both notes are kept beside it: they prove it to anybody.
 */
export async function monitorSite(
  source: VerifySource,
  policy: Policy,
  { stateFile, maxAgeHours }: MonitorOptions,
  io: MonitorIo,
): Promise<Look & { readonly isFirst: boolean }> {
  const state = await loadState(stateFile)
  const progress = progressLine(io.stderr)
  const { list } = source
  try {
    const look = await verifySince(state, source.read, {
      policy,
      sha256,
      ed25519Verify: nativeEd25519Verify,
      onProgress: progress.show,
      lookAgain: lookAgain(io, progress.clear),
      now: (io.clock ?? clock)().getTime() / 1000,
      maxAgeSeconds: 3600 * maxAgeHours,
      recheckBundles: RECHECK_BUNDLES,
      ...(list === undefined ? {} : { list }),
    })
    const bytes = formatMonitorState(look.state)
    // Old or new, never half: a run that is ended in the middle leaves what the next one can go on from.
    await writeDurably([{ path: stateFile, bytes }], dirname(stateFile))
    return { ...look, isFirst: state === null }
  } catch (error) {
    if (error instanceof TlogError) {
      const message = `${stateFile} is not a state under this policy: ${error.message}`
      throw new SourceUnreachable(message, { cause: error })
    }
    if (error instanceof ForkError) await keepEvidence(error, stateFile, io)
    throw error
  } finally {
    progress.clear()
  }
}

async function loadState(file: string): Promise<MonitorState | null> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return null
  if (found.size > MAX_STATE_BYTES) throw new SourceUnreachable(`${file} is no state of a monitor`)
  try {
    return parseMonitorState(await readFile(file))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new SourceUnreachable(`${file} is no state of a monitor: ${reason}`, { cause })
  }
}

/** Named by what it holds, so that the same fork seen every hour is kept once. */
async function keepEvidence(fork: ForkError, stateFile: string, { stderr }: LookIo): Promise<void> {
  const { log, kept, served } = fork
  const id = toHex(sha256(Buffer.concat([kept, served]))).slice(0, 16)
  const folder = join(dirname(stateFile), 'evidence', `${log}-${id}`)
  await mkdir(folder, { recursive: true })
  const files = [
    { path: join(folder, 'seen-before'), bytes: kept },
    { path: join(folder, 'served-now'), bytes: served },
  ]
  await writeDurably(files, folder)
  stderr.write(`Two notes that contradict each other are kept in ${folder}. Show them to others.\n`)
}
