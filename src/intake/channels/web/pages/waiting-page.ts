import { html } from '../../../../ui/html.ts'
import { relativeLink } from '../../../../ui/links.ts'
import type { Ticket } from '../../../abuse/admission.ts'
import type { WebFrame } from './form-frame.ts'
import { formPage } from './form-page.ts'

export interface WaitingPageParts {
  readonly ticket: Ticket
  readonly waitMs: number
  readonly wantsReceipt: boolean
  readonly state: string
  readonly scriptPath: string
  readonly otherChannels: string
}

/** Waits that the style sheet can count: without a script the page itself says when its time has come. */
const SHOWN_SECONDS = [15, 30, 45, 60, 90, 120, 150]

/**
 * Too many at once: the page holds the whole form and says when to press the button again. A browser with scripts solves
 * the puzzle instead and goes on by itself.
 */
export function waitingPage(frame: WebFrame, parts: WaitingPageParts): string {
  const { t, path } = frame
  const { ticket, waitMs, otherChannels } = parts
  const seconds = shownSeconds(waitMs)
  return formPage(frame, {
    title: t('waitTitle'),
    state: parts.state,
    back: 'none',
    enter: 'send',
    body: html`<h1>${t('waitHeading')}</h1>
<p>${t('waitKept')}</p>
<p class="wait wait-${seconds}">${t('waitSeconds', { seconds })}</p>
<p class="wait-over wait-${seconds}"><strong>${t('waitOver')}</strong></p>
<p id="work" data-bits="${ticket.workBits}" hidden role="status">${t('waitWork')}</p>
${otherChannels !== '' && html`<p>${otherChannels}</p>`}
<input type="hidden" name="receipt" value="${parts.wantsReceipt ? 'yes' : 'no'}">
<p class="actions"><button class="button" id="send" name="go" value="send">${t('send')}</button>
<button class="plain" name="go" value="stay">${t('waitAnswers')}</button></p>
<script type="module" src="${relativeLink(path, parts.scriptPath)}"></script>
`,
  })
}

/** Rounded up: the page must not say "now" before it is time. */
function shownSeconds(waitMs: number): number {
  return SHOWN_SECONDS.find((seconds) => waitMs <= seconds * 1000) ?? 150
}
