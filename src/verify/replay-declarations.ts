import { LEAF_MAX_BYTES, type Leaf } from '../declaration/leaf.ts'
import { partKey, type Tally, tallyOf } from '../declaration/tally.ts'
import { startContentPass } from './content-pass.ts'
import { VerifyError } from './error.ts'
import type { EventHistory } from './event-history.ts'
import { flaggedLookup } from './flagged-ranges.ts'
import { followActs } from './leaf-fate.ts'
import { createLeafReader, type ReadLeaf } from './leaf-reader.ts'
import type { PartRules } from './part-rules.ts'
import { replayEntries } from './replay-entries.ts'
import { eventFile } from './replay-events.ts'
import type { Trust } from './trust.ts'
import type { OpenedParts } from './verify-content.ts'
import type { PublishedForm, PublishedForms } from './verify-forms.ts'
import type { SignedPair } from './verify-pair.ts'

export type ReplayedDeclarations = {
  readonly tally: Tally
  readonly opened: OpenedParts
  readonly archived: number
  readonly isReferencedText: (textId: string) => boolean
}

/** What all leaves with the same first lines have in common. */
type Kind = {
  readonly form: PublishedForm
  /** The keys of the parts of the tally it belongs to, unless an act moves it. */
  readonly standing: string
  readonly flagged: string
}

/**
 * Every leaf reads, names a published form and its organisations, and came to what the acts on it say; content
 * shows of each what it must and nothing else. Counts them on the way.
 */
export async function replayDeclarations(
  { declarations, events }: SignedPair,
  history: EventHistory,
  forms: PublishedForms,
  listedSizes: ReadonlySet<number>,
  trust: Trust,
): Promise<ReplayedDeclarations> {
  const acts = { origin: declarations.origin, ...trust }
  const fileOf = (position: number) => eventFile(position, events.size)
  const isFlagged = flaggedLookup(history.flaggings)
  const counts = new Map<string, number>()
  const content = startContentPass(trust)
  let at = { position: 0, file: '' }
  const readLeaf = createLeafReader((leaf) => judgeKind(leaf, at, forms))
  const tree = { ...declarations, folder: 'log/declarations', signedIn: declarations.file }
  const archived = await replayEntries(
    'declarations',
    { ...tree, maxEntryBytes: LEAF_MAX_BYTES },
    {
      accept: (position, entry, { file }) => {
        at = { position, file }
        const leaf = read(readLeaf, entry, at)
        const actsOnLeaf = history.acts.get(position)
        const flagged = isFlagged(position)
        if (actsOnLeaf === undefined) {
          content.addRules(rulesOf(leaf))
          count(counts, flagged ? leaf.known.flagged : leaf.known.standing)
        } else {
          const check = { form: leaf.known.form, trust: acts, fileOf }
          const { state, rules } = followActs(entry, actsOnLeaf, check)
          content.addRules(rules)
          count(counts, partKey({ ...state, flagged }))
        }
        return leaf.head.day
      },
      onAhead: content.readAhead,
      afterBundle: ({ index }) => content.verifyBundle(index),
      isArchived: (size) => listedSizes.has(size) || history.talliedSizes.has(size),
    },
    trust,
  )
  const eventsCounted = history.lastTally?.events ?? 0
  const tally = tallyOf(declarations.size, eventsCounted, counts)
  const { openedParts, isReferencedText } = content
  return { tally, opened: openedParts(), archived, isReferencedText }
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
  const untouched = { leaf, rekeyed: null, seq: 0, withdrawn: false, confirmed: false }
  return {
    form,
    standing: partKey({ ...untouched, flagged: false }),
    flagged: partKey({ ...untouched, flagged: true }),
  }
}

function rulesOf({ head: { shown }, body, name, about }: ReadLeaf<Kind>): PartRules {
  return {
    body: { commitment: body, visible: shown.text ? 'must' : 'never' },
    name: { commitment: name, visible: shown.name ? 'must' : 'never' },
    about: { commitment: about, visible: 'must' },
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
