import type { Tally } from '../declaration/tally.ts'
import type { Ed25519Verify } from '../tlog/ed25519.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import type { Policy } from '../tlog/policy.ts'
import { type LoggedFiles, verifyLoggedFiles } from './logged-files.ts'
import { boundedReader, type ReadFile } from './read-file.ts'
import { registerOrigins } from './register-origins.ts'
import { replayDeclarations } from './replay-declarations.ts'
import { replayEvents } from './replay-events.ts'
import {
  type ListFiles,
  listArchivedSizes,
  probeBeyond,
  verifyServedFiles,
} from './served-files.ts'
import type { Progress, Trust } from './trust.ts'
import type { OpenedParts } from './verify-content.ts'
import { verifyForms } from './verify-forms.ts'
import { verifyNumbers } from './verify-numbers.ts'
import { type SignedPair, verifyPair } from './verify-pair.ts'
import { requireClosingTally, verifyTally } from './verify-tally.ts'

export type VerifyOptions = {
  /** From a source other than the site: it is what the site is judged by. */
  readonly policy: Policy
  readonly sha256: Sha256
  readonly ed25519Verify?: Ed25519Verify
  readonly onProgress?: (progress: Progress) => void
  /** Where files can be listed, those that the register does not have are found too. */
  readonly list?: ListFiles
}

/** What was proven about a whole register. */
export type RegisterEvidence = {
  readonly register: string
  readonly pair: SignedPair
  /** Of the last event: the register is shown as it was then. */
  readonly lastDay: string
  readonly tally: Tally
  readonly tallySha256: string
  /** Visible parts that opened the commitments of their leaves. */
  readonly opened: OpenedParts
  /** Archived checkpoints that were found to be of this very history. */
  readonly archived: { readonly declarations: number; readonly events: number }
  readonly forms: readonly string[]
  readonly logged: LoggedFiles
  /** Files in which the site states the count, and states it right. */
  readonly numbers: readonly string[]
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
  const { policy, list } = options
  const trust = trustFrom(read, options)

  // 1. The trusted policy says which two logs speak for the register.
  const origins = registerOrigins(policy)

  // 2. Both checkpoints of the pair are signed by them and witnessed as the policy asks.
  const pair = await verifyPair(origins, trust)

  // 3. Every event lies under the signed root and follows from those before it.
  const listed = await listArchivedSizes(list)
  const { declarations, events } = pair
  const replayed = await replayEvents(events, declarations.size, listed.events, trust)
  const { history } = replayed
  const logged = requireClosingTally(pair, history)

  // 4. What events name by hash is served as it was named.
  const forms = await verifyForms(history, events.size, trust)
  const loggedFiles = await verifyLoggedFiles(history, trust)

  // 5. Every declaration lies under the signed root; acts on it are valid; content shows what it must and no more.
  const counted = await replayDeclarations(pair, history, forms, listed.declarations, trust)

  // 6. The numbers are those of the two logs.
  const tallySha256 = await verifyTally(counted.tally, logged, events.size, trust)
  const languages = new Set([...forms.values()].flatMap(({ definition }) => definition.languages))
  const numbers = await verifyNumbers(pair, counted.tally, tallySha256, languages, trust.read)

  // 7. Nothing else is served.
  if (list === undefined) await probeBeyond(pair, trust.read)
  else {
    const { isReferencedText } = counted
    await verifyServedFiles(list, { pair, forms, archived: listed, isReferencedText })
  }

  return {
    register: origins.register,
    pair,
    lastDay: history.lastDay,
    tally: counted.tally,
    tallySha256,
    opened: counted.opened,
    archived: { declarations: counted.archived, events: replayed.archived },
    forms: [...forms.keys()],
    logged: loggedFiles,
    numbers,
    quorum: policy.quorum,
    independent: independentWitnesses(policy, pair.declarations.cosignatures),
    listed: list !== undefined,
  }
}

function trustFrom(read: ReadFile, options: VerifyOptions): Trust {
  return {
    read: boundedReader(read),
    policy: options.policy,
    sha256: options.sha256,
    ed25519Verify: options.ed25519Verify ?? nobleEd25519.verify,
    onProgress: options.onProgress ?? (() => undefined),
  }
}
