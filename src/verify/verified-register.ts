import { ContentPass } from './content-pass.ts'
import { createDigestSet, type DigestSet } from './digest-set.ts'
import type { EventHistory } from './event-history.ts'
import { verifyContinues } from './growth-proof.ts'
import type { Pair } from './latest.ts'
import type { RegisterOrigins } from './register-origins.ts'
import { changedSince, type DeclarationBase, replayDeclarations } from './replay-declarations.ts'
import { replayEvents } from './replay-events.ts'
import type { ArchivedSizes } from './served-files.ts'
import { EMPTY_BASE } from './tally-replay.ts'
import type { Trust } from './trust.ts'
import { verifyAudits } from './verify-audits.ts'
import { type PublishedForms, verifyForms } from './verify-forms.ts'
import { type SignedPair, verifyPair } from './verify-pair.ts'
import { requireClosingTally } from './verify-tally.ts'

/** One pair of which both logs were verified, and what has to be known to go on to the next. */
export type VerifiedLogs = {
  readonly pair: SignedPair
  readonly history: EventHistory
  readonly forms: PublishedForms
  readonly base: DeclarationBase
  readonly archived: { readonly declarations: number; readonly events: number }
  readonly hiddenTexts: ReadonlySet<number>
  readonly content: ContentPass
  readonly authors: DigestSet
}

export const NOTHING_BEFORE: DeclarationBase = { ...EMPTY_BASE, events: 0, lastDay: '' }

/** Both logs of a pair from their first entries on. */
export async function verifyLogs(
  named: Pair,
  origins: RegisterOrigins,
  listed: ArchivedSizes,
  trust: Trust,
): Promise<VerifiedLogs> {
  const pair = await verifyPair(named, origins, trust)
  const { history, archived } = await replayEvents(pair, NOTHING_BEFORE, listed.events, trust)
  requireClosingTally(pair, history)
  await verifyAudits(pair, history, trust)
  const forms = await verifyForms(history, pair.events.size, trust)
  const content = new ContentPass(trust)
  const authors = newAuthors(pair)
  const listedSizes = listed.declarations
  const common = { pair, history, forms, content, authors }
  const pass = { ...common, listedSizes, base: NOTHING_BEFORE, contentMayLag: false }
  const replayed = await replayDeclarations(pass, trust)
  return {
    ...common,
    base: baseOf(pair, history, replayed),
    archived: { declarations: replayed.archived, events: archived },
    hiddenTexts: replayed.hiddenTexts,
  }
}

/** What a verification goes on from: the last one of this run, or one of an earlier run that was written down. */
export type Before = {
  readonly pair: Pair
  readonly base: DeclarationBase
  readonly content: ContentPass
  /** Undefined where the earlier declarations are not known any more. */
  readonly authors?: DigestSet
  readonly archived: VerifiedLogs['archived']
  readonly hiddenTexts: ReadonlySet<number>
}

/**
 * The pair after one that was verified: both logs continue it, and only the bundles are read again of which new events
 * speak, or where something was not settled. `contentMayLag` as long as `log/latest` still names the older pair.
 */
export async function verifyGrowth(
  before: Before,
  named: Pair,
  contentMayLag: boolean,
  origins: RegisterOrigins,
  trust: Trust,
  also: Iterable<number> = [],
): Promise<VerifiedLogs> {
  const { base, content } = before
  const pair = await verifyPair(named, origins, trust)
  for (const log of ['declarations', 'events'] as const) {
    await verifyContinues(log, before.pair[log], pair[log], pair[log].file, trust)
  }
  const { history, archived } = await replayEvents(pair, base, new Set(), trust)
  requireClosingTally(pair, history)
  await verifyAudits(pair, history, trust)
  const forms = await verifyForms(history, pair.events.size, trust)
  const authors = before.authors ?? newAuthors(pair)
  const common = { pair, history, forms, content, authors }
  const wanted = changedSince(base, history, [...content.unsettled.keys(), ...also])
  const pass = { ...common, listedSizes: new Set<number>(), base, wanted, contentMayLag }
  const replayed = await replayDeclarations(pass, trust)
  return {
    ...common,
    base: baseOf(pair, history, replayed),
    archived: {
      declarations: before.archived.declarations + replayed.archived,
      events: before.archived.events + archived,
    },
    hiddenTexts: new Set([...before.hiddenTexts, ...replayed.hiddenTexts]),
  }
}

function newAuthors({ declarations }: SignedPair): DigestSet {
  return createDigestSet(declarations.size, declarations.root)
}

function baseOf(
  { declarations, events }: SignedPair,
  { tallies }: EventHistory,
  { counts, lastDay }: Pick<DeclarationBase, 'counts' | 'lastDay'>,
): DeclarationBase {
  return {
    declarations: declarations.size,
    events: events.size,
    counts,
    lastDay,
    tallies: tallies.length,
  }
}
