import { isAct, parseEvent } from '../declaration/event.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import { type ActTrust, applyAct, type LeafState, startState } from '../declaration/leaf-state.ts'
import { digestOf } from './digest-text.ts'
import { VerifyError } from './error.ts'
import type { LoggedAct } from './event-history.ts'
import type { PartRule, PartRules } from './part-rules.ts'
import type { PublishedForm } from './verify-forms.ts'

/** What became of a declaration by the acts logged on it. */
export type LeafFate = { readonly state: LeafState; readonly rules: PartRules }

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
  let cameBack = false
  let aboutReplaced = false
  for (const act of acts) {
    const event = parseEvent(act.entry)
    if (!isAct(event)) throw new RangeError('only acts are kept for a declaration')
    try {
      state = applyAct(state, event, check.trust)
    } catch (cause) {
      throw refusedAct(act, cause instanceof Error ? cause.message : '', check, cause)
    }
    checkValues(act, state, event.by, check)
    cameBack ||= event.type === 'restore'
    aboutReplaced ||= event.type === 'redact' && event.about !== null
  }
  return { state, rules: rulesOf(state, cameBack, aboutReplaced) }
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

function rulesOf(
  { leaf, withdrawn }: LeafState,
  cameBack: boolean,
  aboutReplaced: boolean,
): PartRules {
  const rule = (
    commitment: Uint8Array | undefined,
    shown: boolean,
    optional: boolean,
  ): PartRule => ({
    commitment: commitment === undefined ? null : digestOf(commitment),
    visible: withdrawn || !shown ? 'never' : optional ? 'may' : 'must',
  })
  return {
    body: rule(leaf.body, leaf.shown.text, cameBack),
    name: rule(leaf.name, leaf.shown.name, cameBack),
    about: rule(leaf.about, true, cameBack || aboutReplaced),
  }
}
