import { html, type MarkupValue } from '../../../../../ui/html.ts'
import type { ReceiptView } from '../../../../receipt-state.ts'
import { offeredActs } from '../act-kinds.ts'
import type { ActTranslate } from '../catalogue.ts'

/** Exactly what this receipt can do now, each with the sentence that tells it from its neighbours. */
export function offerList(view: ReceiptView, t: ActTranslate): MarkupValue {
  const offers = offeredActs(view)
  if (offers.length === 0) return null
  const { refused } = view
  const waiting = view.entry?.waiting ?? 0
  return html`${
    refused !== null &&
    html`<p class="warning">${t(refused === 'act_refused' ? 'refusedStands' : 'refusedUnread')}</p>
`
  }<h2>${t('offersHeading')}</h2>
${waiting > 0 && html`<p class="note">${t('pendingNote', { count: waiting })}</p>`}
<p>${t('offersNote')}</p>
<ul class="offers">${offers.map(
    (kind) =>
      html`<li><button class="plain" name="act" value="${kind}">${t(`${kind}-label`)}</button> <span class="hint">${t(`${kind}-hint`)}</span></li>
`,
  )}</ul>
`
}
