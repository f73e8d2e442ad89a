import { type Tally, tallyOf } from '../declaration/tally.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import type { Policy } from '../tlog/policy.ts'
import { VerifyError } from './error.ts'
import { type Pair, samePair } from './latest.ts'
import { findPairBeyond } from './newest-pair.ts'
import { boundedReader, type ReadFile } from './read-file.ts'
import { type RegisterOrigins, registerOrigins } from './register-origins.ts'
import { type ListFiles, listArchivedSizes } from './served-files.ts'
import type { Progress, Trust } from './trust.ts'
import { type VerifiedLogs, verifyGrowth, verifyLogs } from './verified-register.ts'
import type { OpenedParts } from './verify-content.ts'
import { readLatest, type SignedPair, verifyPair } from './verify-pair.ts'
import { type PublicFiles, verifyPublicFiles } from './verify-public-files.ts'

export type VerifyOptions = {
  /** From a source other than the site: it is what the site is judged by. */
  readonly policy: Policy
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
  readonly onProgress?: (progress: Progress) => void
  /** Where files can be listed, those that the register does not have are found too. */
  readonly list?: ListFiles
  /**
   * Called before another look at what a publication under way can explain; says whether there is one. Without it the
   * first look is the last: right for files that nobody writes to.
   */
  readonly lookAgain?: (finding: VerifyError) => Promise<boolean>
}

/** What was proven about a whole register. */
export type RegisterEvidence = {
  readonly register: string
  readonly pair: SignedPair
  /** Of the last event: the register is shown as it was then. */
  readonly lastDay: string
  readonly tally: Tally
  readonly tallySha256: string
  /** How many tallies were counted again, each at its place in the logs. */
  readonly tallies: number
  /** Visible parts that opened the commitments of their leaves. */
  readonly opened: OpenedParts
  /** Translations that opened the commitments of their events. */
  readonly translations: number
  /** One leaf in so many was compared with all others: in most registers every one. */
  readonly comparedOneIn: number
  /** Archived checkpoints that were found to be of this very history. */
  readonly archived: { readonly declarations: number; readonly events: number }
  readonly forms: readonly string[]
  /** SHA-256 by path of the files that are served as an event names them. */
  readonly logged: ReadonlyMap<string, string>
  /** Files in which the site states the count, and states it right. */
  readonly numbers: readonly string[]
  /** Files of entries for which there is no checkpoint yet: a publication under way, or cut short. */
  readonly ahead: number
  readonly quorum: string
  /** Witnesses of other operators without whom the quorum is not reached; empty while the register witnesses itself. */
  readonly independent: readonly string[]
  readonly listed: boolean
}

/**
 * Replays a whole register from its served files, in memory that does not grow with its declarations. Throws
 * VerifyError at the first lie, naming the file that tells it.
 */
export async function verifyRegister(
  read: ReadFile,
  options: VerifyOptions,
): Promise<RegisterEvidence> {
  const trust = trustFrom(read, options)
  // The trusted policy says which two logs speak for the register.
  const origins = registerOrigins(options.policy)
  const { logs, files } = await verifyAll(origins, options, trust)
  return evidenceOf(logs, files, origins, options)
}

/** Both logs from their first entries, and the files that belong to them. */
export async function verifyAll(
  origins: RegisterOrigins,
  options: VerifyOptions,
  trust: Trust,
): Promise<Settled> {
  const latest = await readLatest(trust)
  const listed = await listArchivedSizes(options.list)
  const logs = await verifyLogs(latest, origins, listed, trust)
  return settle(logs, origins, options, trust)
}

/** `from`: the pair that was verified by an earlier run, where there was one. */
export type Settled = {
  readonly logs: VerifiedLogs
  readonly files: PublicFiles
  readonly from: Pair | null
}

/**
 * Content and numbers are of the pair, or of the next one as soon as that is there. What is neither is looked at again as
 * long as the caller waits for it: a publication is many files, and an erasure comes before its event.
 */
export async function settle(
  verified: VerifiedLogs,
  origins: RegisterOrigins,
  { list, lookAgain }: Pick<VerifyOptions, 'list' | 'lookAgain'>,
  trust: Trust,
): Promise<Settled> {
  let at: Look = { logs: verified, older: undefined }
  for (;;) {
    const found = await tryFiles(at, list, trust)
    if (!(found instanceof VerifyError)) return { logs: at.logs, files: found, from: null }
    const { pair } = at.logs
    at = await lookOn(at, origins, trust)
    if (at.logs.pair.events.size > pair.events.size) continue
    const again = await tryFiles(at, list, trust)
    if (!(again instanceof VerifyError)) return { logs: at.logs, files: again, from: null }
    if ((await lookAgain?.(again)) !== true) throw again
  }
}

/** `older` is the pair that `log/latest` names while the newer one is not named yet. */
type Look = { readonly logs: VerifiedLogs; readonly older: VerifiedLogs | undefined }

/** On to the pair that is named now or is about to be named, or once more to the same one. */
async function lookOn(
  { logs, older }: Look,
  origins: RegisterOrigins,
  trust: Trust,
): Promise<Look> {
  const latest = await readLatest(trust)
  if (latest.events.size > logs.pair.events.size) {
    return { logs: await verifyGrowth(logs, latest, false, origins, trust), older: undefined }
  }
  if (older !== undefined && samePair(latest, older.pair)) {
    return { logs: await verifyGrowth(older, logs.pair, true, origins, trust), older }
  }
  const beyond = await findPairBeyond(logs.pair, origins, trust)
  if (beyond !== undefined && samePair(latest, logs.pair)) {
    try {
      return { logs: await verifyGrowth(logs, beyond, true, origins, trust), older: logs }
    } catch (finding) {
      // Nobody has named that pair yet: what is missing of it may still come.
      if (!(finding instanceof VerifyError)) throw finding
    }
  }
  if (logs.content.unsettled.size > 0) {
    return { logs: await verifyGrowth(logs, logs.pair, false, origins, trust), older: undefined }
  }
  return { logs: { ...logs, pair: await verifyPair(logs.pair, origins, trust) }, older: undefined }
}

/** The files that belong to a pair, or the first thing that is wrong with them. */
async function tryFiles(
  { logs, older }: Look,
  list: ListFiles | undefined,
  trust: Trust,
): Promise<PublicFiles | VerifyError> {
  const [unsettled] = logs.content.unsettled.values()
  if (unsettled !== undefined) return unsettled
  try {
    return await verifyPublicFiles(logs, older, list, trust)
  } catch (finding) {
    if (finding instanceof VerifyError) return finding
    throw finding
  }
}

export function evidenceOf(
  { pair, history, forms, base, archived, content, authors }: VerifiedLogs,
  files: PublicFiles,
  { register }: RegisterOrigins,
  { policy, list }: VerifyOptions,
): RegisterEvidence {
  return {
    register,
    pair,
    lastDay: history.lastDay,
    tally: tallyOf(pair.declarations.size, pair.events.size - 1, base.counts),
    tallies: history.tallies.length,
    opened: content.openedParts(),
    comparedOneIn: authors.oneIn,
    archived,
    forms: [...forms.keys()],
    ...files,
    quorum: policy.quorum,
    independent: independentWitnesses(policy, pair.declarations.cosignatures),
    listed: list !== undefined,
  }
}

export function trustFrom(read: ReadFile, options: VerifyOptions): Trust {
  return {
    read: boundedReader(read),
    policy: options.policy,
    sha256: options.sha256,
    ed25519Verify: options.ed25519Verify ?? nobleEd25519.verify,
    onProgress: options.onProgress ?? (() => undefined),
  }
}
