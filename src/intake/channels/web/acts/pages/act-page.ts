import type { ActTiming } from '../../../../../declaration/form-definition.ts'
import { MAY_BE_URGENT } from '../../../../../declaration/possible-acts.ts'
import { type FieldProblem, problemSummary, radios } from '../../../../../ui/form.ts'
import { html, type MarkupValue } from '../../../../../ui/html.ts'
import type { ActContext } from '../act-context.ts'
import type { ActKind } from '../act-kinds.ts'
import type { ActTranslate } from '../catalogue.ts'
import type { ActPageParts } from './act-frame.ts'

export interface OneActParts {
  readonly kind: ActKind
  /** Between what happens and when. */
  readonly middle?: MarkupValue
  /** What becomes of it for ever, and when: for acts that the register shows. */
  readonly lasting: MarkupValue
  readonly button: string
  /** What the button asks for. */
  readonly go: 'do' | 'next'
  readonly problems?: readonly FieldProblem[]
}

/** One act in plain words, and the one button that does it. */
export function oneActPage(context: ActContext, parts: OneActParts): ActPageParts {
  const { frame, t, state } = context
  const { kind, middle, lasting, button, go, problems = [] } = parts
  const title = t('titleAct', { act: t(`${kind}-label`) })
  return {
    title: problems.length === 0 ? title : frame.t('titleError', { title }),
    state,
    enter: go,
    back: 'receipt',
    body: html`${problemSummary(frame.t('problems'), problems)}<h1>${t(`${kind}-label`)}</h1>
<p>${t(`${kind}-what`)}</p>
${middle}${lasting}<p class="actions"><button class="button" name="go" value="${go}">${button}</button> <button class="plain" name="go" value="status" formnovalidate>${t('cancel')}</button></p>
`,
  }
}

/** What every entry of the log has in common: when it appears, and that it stays. */
export function lastingNote(context: ActContext, kind: ActKind): MarkupValue {
  const { t, host, view } = context
  // An act that waits is sealed: whether it changes the receipt only its sender and the publisher know.
  const isWaiting = (view.entry?.waiting ?? 0) > 0
  const isUrgent = MAY_BE_URGENT.some((urgent) => urgent === kind)
  return html`${
    isWaiting &&
    html`<p class="warning">${t('rekeyWaits')}</p>
`
  }${isUrgent ? whenChoice(context) : html`<p>${whenBatch(t, host.actTiming)}</p>`}
<p class="warning">${t('never')}${isUrgent && html` ${t('copies')}`}</p>
`
}

/** Haste has a price that only the person can weigh. */
function whenChoice({ t, host: { actTiming }, fields }: ActContext): MarkupValue {
  const now = fields.get('when') === 'now'
  return radios({
    name: 'when',
    label: t('whenHeading'),
    problems: [],
    choices: [
      {
        value: 'batch',
        label: t('whenBatch'),
        hint:
          actTiming.maxDays === 0
            ? t('whenBatchSoon')
            : t('whenBatchHint', { days: actTiming.maxDays, hours: actTiming.withdrawHours }),
        checked: !now,
      },
      { value: 'now', label: t('whenNow'), checked: now },
    ],
  })
}

function whenBatch(t: ActTranslate, { maxDays }: Pick<ActTiming, 'maxDays'>): string {
  return maxDays === 0 ? t('willBeSoon') : t('willBe', { days: maxDays })
}
