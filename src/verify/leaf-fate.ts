import { type ActEvent, isAct, parseEvent } from '../declaration/event.ts'
import { parseLeaf, type Shown } from '../declaration/leaf.ts'
import { type ActTrust, applyAct, type LeafState, startState } from '../declaration/leaf-state.ts'
import { digestOf } from './digest-text.ts'
import { VerifyError } from './error.ts'
import type { LoggedAct } from './event-history.ts'
import { PARTS, type Part, type PartRule, type PartRules } from './part-rules.ts'
import type { PublishedForm } from './verify-forms.ts'

/** What became of a declaration by the acts logged on it: each state with the position of the act that led to it. */
export type LeafFate = {
  readonly states: readonly { readonly position: number; readonly state: LeafState }[]
  readonly rules: PartRules
}

export type ActCheck = {
  readonly form: PublishedForm
  readonly trust: ActTrust
  /** Where an event stands, to name it in a finding. */
  readonly fileOf: (position: number) => string
}

/** Every act is one that this declaration allows, in order. Throws `event_refused` naming the first that is not. */
export function followActs(
  entry: Uint8Array,
  acts: readonly LoggedAct[],
  check: ActCheck,
): LeafFate {
  let state = startState(parseLeaf(entry), check.trust.sha256)
  const states = [{ position: -1, state }]
  const explained = new Set<Part>()
  for (const act of acts) {
    const event = parseEvent(act.entry)
    if (!isAct(event)) throw new RangeError('only acts are kept for a declaration')
    const { shown } = state.leaf
    try {
      state = applyAct(state, event, check.trust)
    } catch (cause) {
      throw refusedAct(act, cause instanceof Error ? cause.message : '', check, cause)
    }
    checkValues(act, state, event.by, check)
    states.push({ position: act.position, state })
    for (const part of touchedParts(event, shown, state.leaf.shown)) explained.add(part)
  }
  return { states, rules: rulesOf(state, explained) }
}

/** The parts that an act took down or promised anew: after it their absence is explained. */
function touchedParts(event: ActEvent, before: Shown, after: Shown): readonly Part[] {
  if (event.type === 'withdraw' || event.type === 'restore') return PARTS
  if (event.type !== 'correct' && event.type !== 'redact') return []
  const { body, name, about } = event
  return [
    ...(body !== null || before.text !== after.text ? (['body'] as const) : []),
    ...(name !== null || before.name !== after.name ? (['name'] as const) : []),
    ...(about !== null ? (['about'] as const) : []),
  ]
}

function checkValues(
  act: LoggedAct,
  state: LeafState,
  by: { readonly kind: string; readonly reason?: string },
  check: ActCheck,
): void {
  const { organisations, operatorReasons } = check.form
  if (state.leaf.orgs.some((id) => !organisations.has(id))) {
    throw refusedAct(act, 'an organisation that its form does not have', check)
  }
  if (by.kind === 'operator' && !operatorReasons.has(by.reason ?? '')) {
    throw refusedAct(act, 'a reason that its form does not have', check)
  }
}

function refusedAct(
  { position }: LoggedAct,
  reason: string,
  { fileOf }: ActCheck,
  cause?: unknown,
) {
  const message = `event ${position} is not counted: ${reason}`
  return new VerifyError('event_refused', fileOf(position), message, { cause })
}

function rulesOf({ leaf, withdrawn }: LeafState, explained: ReadonlySet<Part>): PartRules {
  const rule = (part: Part, commitment: Uint8Array | undefined, shown: boolean): PartRule => ({
    commitment: commitment === undefined ? null : digestOf(commitment),
    visible: withdrawn || !shown ? 'never' : explained.has(part) ? 'may' : 'must',
  })
  return {
    body: rule('body', leaf.body, leaf.shown.text),
    name: rule('name', leaf.name, leaf.shown.name),
    about: rule('about', leaf.about, true),
  }
}
