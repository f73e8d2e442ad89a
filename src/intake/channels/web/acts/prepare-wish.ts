import { generateAlias } from '../../../../declaration/alias.ts'
import { type ActRefusal, type BuiltAct, buildAct } from '../../../../declaration/build-act.ts'
import { DeclarationError } from '../../../../declaration/error.ts'
import { type KeptOpenings, parseKeptOpenings } from '../../../../declaration/kept-openings.ts'
import type { Wish, WishKind } from '../../../../declaration/possible-acts.ts'
import { WISH_KINDS } from '../../../../declaration/possible-acts.ts'
import { receiptSecrets } from '../../../../declaration/receipt.ts'
import { encodeSignedAct } from '../../../../declaration/signed-act.ts'
import { SealingError } from '../../../../sealing/error.ts'
import type { ActContext } from './act-context.ts'
import type { ActKind } from './act-kinds.ts'
import type { Prepared } from './act-state.ts'

export type PreparedWish =
  | { readonly outcome: 'signed'; readonly prepared: Prepared }
  | { readonly outcome: 'impossible'; readonly why: ActRefusal }

export function isWishKind(kind: ActKind): kind is WishKind {
  return WISH_KINDS.some((one) => one === kind)
}

/** Signs in memory, when the act's page is made: what the person then sends is what they were shown. */
export async function prepareWish(context: ActContext, wish: Wish): Promise<PreparedWish> {
  const { host, view, state } = context
  const { entry } = view
  const kept = await openKept(context)
  if (entry === null || kept === undefined) return { outcome: 'impossible', why: 'not_offered' }
  const request = {
    origin: host.origin,
    view: entry,
    receipt: receiptSecrets(state.receipt),
    kept,
    wish,
    when: 'batch' as const,
  }
  const built = await orRefused(() => buildAct(request, host.crypto))
  if (built.outcome === 'impossible') return built
  return {
    outcome: 'signed',
    prepared: { message: encodeSignedAct(built.act), after: built.after },
  }
}

/** Undefined where there is none, or where what is kept was sealed to somebody else. */
export async function openKept({
  host,
  view,
  state,
}: ActContext): Promise<KeptOpenings | undefined> {
  if (view.kept === null) return undefined
  try {
    const { ageSeed } = receiptSecrets(state.receipt)
    return parseKeptOpenings(await host.openWithSeed(ageSeed, view.kept))
  } catch (error) {
    if (error instanceof SealingError || error instanceof DeclarationError) return undefined
    throw error
  }
}

export function newAlias({ form }: ActContext): Wish {
  return { kind: 'alias', alias: generateAlias(form.aliasWords, form.language, form.random) }
}

/** What the desk sealed for this receipt may be wrong; then there is nothing to be done with it. */
async function orRefused(build: () => Promise<BuiltAct>): Promise<BuiltAct> {
  try {
    return await build()
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error
    return { outcome: 'impossible', why: 'not_offered' }
  }
}
