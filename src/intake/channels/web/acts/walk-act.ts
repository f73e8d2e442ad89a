import { WebError } from '../error.ts'
import type { ActContext } from './act-context.ts'
import { isActKind } from './act-kinds.ts'
import { carryOut } from './carry-out.ts'
import type { ActPageParts } from './pages/act-frame.ts'
import { drawPositions, newReceiptPage, retypePage } from './pages/new-receipt-page.ts'
import { nextOrganisations, showAct } from './show-act.ts'

/** One press of a button on a page of the receipt, wherever it is pressed; what leads back to the receipt is not among it. */
export async function walkAct(context: ActContext): Promise<ActPageParts> {
  const { state, view, fields } = context
  const { page, heir } = state
  const act = fields.get('act')
  const go = fields.get('go') ?? 'show'
  if (isActKind(act)) return showAct(context, act)
  if (page === 'status') throw new WebError('unsealed', 'no act')
  if (go === 'do') return carryOut(context, page)
  if (view.entry === null) return showAct(context, page)
  if (page === 'organisations' && go === 'next') return nextOrganisations(context)
  if (page === 'rekey' && heir !== null) return walkRekey(context, go)
  return showAct(context, page)
}

/** Whether a press leads to how the receipt stands. */
export function leadsToStatus({ page }: { readonly page: string }, fields: URLSearchParams) {
  if (isActKind(fields.get('act'))) return false
  return page === 'status' || (fields.get('go') ?? 'show') === 'status'
}

/** The new receipt is made once: going back and forth shows the same words. */
function walkRekey(context: ActContext, go: string): ActPageParts {
  const { state, form } = context
  if (go === 'words') return newReceiptPage({ ...context, state: { ...state, retype: [] } })
  if (state.retype.length > 0) return retypePage(context)
  if (go !== 'next') return newReceiptPage(context)
  return retypePage({ ...context, state: { ...state, retype: drawPositions(form.random) } })
}
