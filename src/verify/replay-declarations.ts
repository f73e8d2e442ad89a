import type { Leaf } from '../declaration/leaf.ts'
import type { LeafState } from '../declaration/leaf-state.ts'
import { partKey } from '../declaration/tally.ts'
import { toHex } from '../encoding/hex.ts'
import { HASH_BYTES } from '../tlog/hash.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import type { ContentPass } from './content-pass.ts'
import type { DigestSet } from './digest-set.ts'
import { VerifyError } from './error.ts'
import { type EventHistory, type LoggedAct, tallyAfter } from './event-history.ts'
import { type FlagChange, flagTimelines } from './flagged-ranges.ts'
import { type ActCheck, followActs, type LeafFate } from './leaf-fate.ts'
import { createLeafReader, type ReadLeaf } from './leaf-reader.ts'
import { NOTHING_SHOWN, type PartRules } from './part-rules.ts'
import { replayEntries } from './replay-entries.ts'
import { eventFile } from './replay-events.ts'
import { declarationTree } from './signed-tree.ts'
import { lowerBound } from './sorted.ts'
import { type PartFrom, type TallyBase, TallyReplay } from './tally-replay.ts'
import type { Trust } from './trust.ts'
import type { PublishedForm, PublishedForms } from './verify-forms.ts'
import type { SignedPair } from './verify-pair.ts'

/** What was verified before, of the same history; a pass goes on from there. */
export type DeclarationBase = TallyBase & { readonly events: number; readonly lastDay: string }

export type DeclarationPass = {
  readonly pair: SignedPair
  readonly history: EventHistory
  readonly forms: PublishedForms
  readonly listedSizes: ReadonlySet<number>
  readonly base: DeclarationBase
  /** Which bundles are read; undefined for all. */
  readonly wanted?: (first: number, end: number) => boolean
  /** Whether content may still be as the base has it. */
  readonly contentMayLag: boolean
  readonly content: ContentPass
  readonly authors: DigestSet
}

export type ReplayedDeclarations = {
  /** Translated declarations whose text is not shown, or not any more. */
  readonly hiddenTexts: ReadonlySet<number>
  readonly counts: ReadonlyMap<string, number>
  readonly lastDay: string
  readonly archived: number
}

/** What all leaves with the same first lines have in common. */
type Kind = {
  readonly leaf: Leaf
  readonly form: PublishedForm
  /** The part of the tally it belongs to, unless an act or a flag moves it. */
  readonly standing: string
}

/**
 * Every leaf reads, names a published form and its organisations, is nobody else's, and came to what the acts on it say;
 * content shows of each what it must and nothing else. Counts them on the way, tally by tally.
 */
export async function replayDeclarations(
  pass: DeclarationPass,
  trust: Trust,
): Promise<ReplayedDeclarations> {
  const { pair, history, forms, base, content, authors } = pass
  const fileOf = (position: number) => eventFile(position, pair.events.size)
  const actTrust = { origin: pair.declarations.origin, ...trust }
  const flagChanges = flagTimelines(history.flaggings)
  const tallies = new TallyReplay(history.tallies, base, trust.sha256, fileOf)
  const hiddenTexts = new Set<number>()
  let at = { position: 0, file: '' }
  let lastDay = base.lastDay
  const readLeaf = createLeafReader((leaf) => judgeKind(leaf, at, forms))
  const archived = await replayEntries(
    'declarations',
    declarationTree(pair.declarations),
    {
      accept: (position, entry, { file, first, hashes }) => {
        at = { position, file }
        const leaf = read(readLeaf, entry, at)
        if (position >= base.declarations) {
          lastDay = leaf.head.day
          if (authors.add(position, leaf.author) === 'again') {
            const message = `declaration ${position} has the author commitment of an earlier one`
            throw new VerifyError('repeated_leaf', file, message)
          }
        }
        const acts = history.acts.get(position)
        const flags = flagChanges(position)
        let rules: PartRules
        if (acts === undefined) {
          rules = rulesOf(leaf)
          content.addRules(rules, olderRules(rules, position, pass))
          if (flags.length === 0) tallies.addUntouched(position, leaf.known.standing)
          else tallies.add(position, partsOfFlags(leaf.known, flags))
        } else {
          const check = { form: leaf.known.form, trust: actTrust, fileOf }
          const fate = followActs(entry, acts, check)
          rules = fate.rules
          content.addRules(rules, olderFate(entry, acts, check, fate, position, pass))
          tallies.add(position, partsOf(fate, flags, history))
        }
        if (history.translations.has(position)) {
          const at = (position - first) * HASH_BYTES
          requireLeafOf(position, hashes.subarray(at, at + HASH_BYTES), history, fileOf)
          if (rules.body.visible === 'never') hiddenTexts.add(position)
        }
        return leaf.head.day
      },
      onAhead: (bundle) => content.readAhead(bundle),
      afterBundle: ({ index }) => content.verifyBundle(index),
      isArchived: (size) => pass.listedSizes.has(size) || history.talliedSizes.has(size),
      since: { size: base.declarations, lastDay: base.lastDay },
      ...(pass.wanted === undefined ? {} : { wanted: pass.wanted }),
    },
    trust,
  )
  return { counts: tallies.finish(), lastDay, archived, hiddenTexts }
}

function requireLeafOf(
  index: number,
  leafHash: Uint8Array,
  { translations }: EventHistory,
  fileOf: (position: number) => string,
): void {
  for (const { leaf, position } of translations.get(index)?.values() ?? []) {
    if (leaf === toHex(leafHash)) continue
    const message = `event ${position} (translation): another leaf is meant`
    throw new VerifyError('event_refused', fileOf(position), message)
  }
}

type Place = { readonly position: number; readonly file: string }

function read(readLeaf: (entry: Uint8Array) => ReadLeaf<Kind>, entry: Uint8Array, at: Place) {
  try {
    return readLeaf(entry)
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause
    const reason = cause instanceof Error ? cause.message : ''
    const message = `declaration ${at.position} does not read: ${reason}`
    throw new VerifyError('bad_leaf', at.file, message, { cause })
  }
}

function judgeKind(leaf: Leaf, { position, file }: Place, forms: PublishedForms): Kind {
  const form = forms.get(leaf.form)
  if (form === undefined || form.from > position) {
    const message = `declaration ${position} names a form that was not published before it`
    throw new VerifyError('unknown_form', file, message)
  }
  const unknown = leaf.orgs.find((id) => !form.organisations.has(id))
  if (unknown !== undefined) {
    const message = `declaration ${position} names ${unknown}, which its form does not have`
    throw new VerifyError('unknown_organisation', file, message)
  }
  return { leaf, form, standing: partKey({ ...UNTOUCHED, leaf, flagged: false }) }
}

const UNTOUCHED = { rekeyed: null, seq: 0, withdrawn: false, confirmed: false } as const

function partsOfFlags({ leaf, standing }: Kind, flags: readonly FlagChange[]): PartFrom[] {
  const flagged = partKey({ ...UNTOUCHED, leaf, flagged: true })
  return [
    { from: 0, key: standing },
    ...flags.map((change) => ({ from: change.from, key: change.flagged ? flagged : standing })),
  ]
}

/** The parts a declaration went through by acts and flags: where it was when each tally was made. */
function partsOf({ states }: LeafFate, flags: readonly FlagChange[], history: EventHistory) {
  const moves = states.map(({ position, state }) => ({
    from: position < 0 ? 0 : tallyAfter(history, position),
    state,
  }))
  const at = new Set([...moves, ...flags].map(({ from }) => from))
  return [...at]
    .toSorted((a, b) => a - b)
    .map((from) => {
      const state: LeafState | undefined = moves.findLast((move) => move.from <= from)?.state
      if (state === undefined) throw new RangeError('a declaration begins with its leaf')
      const flagged = flags.findLast((change) => change.from <= from)?.flagged ?? false
      return { from, key: partKey({ ...state, flagged }) }
    })
}

function rulesOf({ head: { shown }, body, name, about }: ReadLeaf<Kind>): PartRules {
  return {
    body: { commitment: body, visible: shown.text ? 'must' : 'never' },
    name: { commitment: name, visible: shown.name ? 'must' : 'never' },
    about: { commitment: about, visible: 'must' },
  }
}

/** What the base said about a declaration that nothing touched: all of it, or nothing because it was not there. */
function olderRules(rules: PartRules, position: number, { base, contentMayLag }: DeclarationPass) {
  if (!contentMayLag) return undefined
  return position < base.declarations ? rules : NOTHING_SHOWN
}

function olderFate(
  entry: Uint8Array,
  acts: readonly LoggedAct[],
  check: ActCheck,
  newest: LeafFate,
  position: number,
  { base, contentMayLag }: DeclarationPass,
): PartRules | undefined {
  if (!contentMayLag) return undefined
  if (position >= base.declarations) return NOTHING_SHOWN
  const before = acts.filter((act) => act.position < base.events)
  return before.length === acts.length ? newest.rules : followActs(entry, before, check).rules
}

/** The bundles in which the base no longer tells the whole: new declarations, and those that new events are about. */
export function changedSince(
  base: DeclarationBase,
  history: EventHistory,
  recheck: Iterable<number>,
): (first: number, end: number) => boolean {
  const bundles = new Set(recheck)
  for (const [index, acts] of history.acts) {
    if (acts.some(({ position }) => position >= base.events)) {
      bundles.add(Math.floor(index / TILE_WIDTH))
    }
  }
  const ranges = history.flagged
    .filter(({ position }) => position >= base.events)
    .flatMap((flagging) => flagging.ranges)
  const firstNew = Math.floor(base.declarations / TILE_WIDTH)
  const sorted = Float64Array.from(bundles).sort()
  return (first, end) =>
    end > firstNew ||
    (sorted[lowerBound(sorted, first)] ?? Number.POSITIVE_INFINITY) < end ||
    ranges.some((range) => range.first < end * TILE_WIDTH && range.end > first * TILE_WIDTH)
}
