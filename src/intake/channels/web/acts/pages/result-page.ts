import { toBase64 } from '../../../../../encoding/base64.ts'
import { utf8 } from '../../../../../encoding/bytes.ts'
import { html, type MarkupValue } from '../../../../../ui/html.ts'
import type { ActContext } from '../act-context.ts'
import type { ActKey } from '../messages.en.ts'
import type { ActPageParts } from './act-frame.ts'

/** What was done, or why it was not; the same words whoever asks twice. */
export function resultPage(
  context: Pick<ActContext, 't' | 'state'>,
  parts: {
    readonly heading: ActKey
    readonly sentences: readonly ActKey[]
    readonly more?: MarkupValue
  },
): ActPageParts {
  const { t, state } = context
  return {
    title: t('titleDone'),
    state,
    enter: 'status',
    back: 'none',
    body: html`<h1>${t(parts.heading)}</h1>
${parts.sentences.map((sentence) => html`<p>${t(sentence)}</p>`)}
${parts.more}<p class="actions"><button class="button" name="go" value="status">${t('back')}</button></p>
`,
  }
}

type Written = Pick<ActContext, 't' | 'state'>

/** The service stored nothing. */
export function failedPage(context: Written): ActPageParts {
  return resultPage(context, { heading: 'failedHeading', sentences: ['failedMore'] })
}

/** Nobody knows whether the service stored it. */
export function lostPage(context: Written): ActPageParts {
  return resultPage(context, { heading: 'lostHeading', sentences: ['lostMore', 'doneOnce'] })
}

/**
 * A text to keep: a link that saves it without asking the service again, and the text itself for browsers that save
 * nothing. The link holds the file, so no address names it.
 */
export function savedText(
  context: ActContext,
  parts: {
    readonly heading: ActKey
    readonly what: ActKey
    readonly file: string
    readonly text: string
  },
): MarkupValue {
  const { t } = context
  const base64 = toBase64(utf8(parts.text))
  return html`<h2>${t(parts.heading)}</h2>
<p>${t(parts.what)}</p>
<p><a download="${parts.file}" href="data:application/octet-stream;base64,${base64}">${t('messageSave')}</a></p>
<div class="field"><label for="saved">${t('fileCopy')}</label>
<textarea id="saved" class="short mono" readonly spellcheck="false" dir="ltr">
${parts.text}</textarea></div>
`
}
