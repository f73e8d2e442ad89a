import { utf8 } from '../encoding/bytes.ts'
import { type About, parseAbout } from './values.ts'

// Finer values of few people point at one person, and whatever stands in a public file can be counted
// by anyone. So the record itself is coarsened before it is published, along one fixed ladder.

export type FoldLevel = 0 | 1 | 2 | 3
/** The same about four times, coarser each time; the index is the fold level. */
export type AboutLadder = readonly [About, About, About, About]

/** 0 as it is · 1 without region · 2 without region, position, standing · 3 as 2, and sector `others`. */
export function aboutVariants(about: About): AboutLadder {
  const { region: _region, ...placeless } = about
  const { position: _position, standing: _standing, ...coarse } = placeless
  const coarsest = coarse.sector === undefined ? coarse : { ...coarse, sector: 'others' }
  return [about, placeless, coarse, coarsest]
}

const LADDERS_REMEMBERED = 16_384
const ladders = new Map<string, AboutLadder>()

/** The ladder of a written about, one for all that are written alike. Throws `bad_value`. */
export function ladderOf(written: string): AboutLadder {
  const known = ladders.get(written)
  if (known !== undefined) return known
  const ladder = aboutVariants(parseAbout(utf8(written)))
  if (ladders.size === LADDERS_REMEMBERED) ladders.clear()
  ladders.set(written, ladder)
  return ladder
}

/** How many different statements are visible behind each group key, within the form's window. */
export type GroupCounts = ReadonlyMap<string, number>

/** What `GroupCounts` counts by: a visible about puts its statement behind each of these keys. */
export function groupKeys(about: About): readonly [place: string, post: string, sector: string] {
  const known = knownKeys.get(about)
  if (known !== undefined) return known
  const keys = [placeKey(about), postKey(about), sectorKey(about)] as const
  knownKeys.set(about, keys)
  return keys
}

// A batch asks for the keys of each about several times over.
const knownKeys = new WeakMap<About, readonly [string, string, string]>()

export type FoldCandidate = {
  /** Which statement the declaration belongs to: its persons are one source, not many. */
  readonly statement: string
  readonly about: AboutLadder
  /** The person asked to show position and region although few share them. */
  readonly few: boolean
}

/**
 * The fold level of each candidate of a batch, so that without `few` no written group has fewer than `k`
 * statements behind it. A level is granted to a group, never to one candidate: whoever counted towards
 * it is then written with it too, so what the count promised becomes visible.
 */
export function chooseVariants(
  candidates: readonly FoldCandidate[],
  visible: GroupCounts,
  k: number,
): readonly FoldLevel[] {
  const statements = statementsBehind(
    candidates.map(({ statement, about: [about] }) => ({ statement, about })),
  )
  const isLarge = (key: string) => (visible.get(key) ?? 0) + (statements.get(key)?.size ?? 0) >= k
  return candidates.map(({ about: [about], few }) => {
    const [place, post, sector] = groupKeys(about)
    if (few || hasNothingToFold(about) || isLarge(place)) return 0
    if (isLarge(post)) return 1
    return about.sector === undefined || isLarge(sector) ? 2 : 3
  })
}

/** The different statements behind each group key. */
export function statementsBehind(
  visible: readonly { readonly statement: string; readonly about: About }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const byAbout = new Map<About, Set<string>>()
  for (const { statement, about } of visible) addTo(byAbout, about, statement)
  const byKey = new Map<string, Set<string>>()
  for (const [about, statements] of byAbout) {
    for (const key of groupKeys(about)) {
      for (const statement of statements) addTo(byKey, key, statement)
    }
  }
  return byKey
}

function addTo<Key>(sets: Map<Key, Set<string>>, key: Key, member: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([member]))
  else set.add(member)
}

function hasNothingToFold(about: About): boolean {
  const { sector, standing, position, region } = about
  return [sector, standing, position, region].every((value) => value === undefined)
}

function placeKey(about: About): string {
  return `place ${about.sector ?? '-'} ${about.region ?? '-'}`
}

// The position is free text and stands last, marked, so that no text can pass for another key.
function postKey(about: About): string {
  const position = about.position === undefined ? '-' : `=${about.position}`
  return `post ${about.sector ?? '-'} ${about.standing ?? '-'} ${position}`
}

function sectorKey(about: About): string {
  return `sector ${about.sector ?? '-'}`
}
