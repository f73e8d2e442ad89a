import { armourAgeFile } from '../../../../../sealing/age-armour.ts'
import { html } from '../../../../../ui/html.ts'
import type { ActContext } from '../act-context.ts'
import type { ActPageParts } from './act-frame.ts'
import { savedText } from './result-page.ts'

/** The kept file as it is stored: sealed, so that the page may show it. */
export function keepPage(context: ActContext): ActPageParts {
  const { t, state, view } = context
  return {
    title: t('titleAct', { act: t('keep-label') }),
    state,
    enter: 'status',
    back: 'receipt',
    body: html`<h1>${t('keep-label')}</h1>
${savedText(context, {
  heading: 'fileHeading',
  what: 'keep-what',
  file: 'kept.age',
  text: armourAgeFile(view.kept ?? new Uint8Array()),
})}<p class="warning">${t('keepWarn')}</p>
`,
  }
}
