import { radios } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import { offered, type Step } from '../form-context.ts'

/** The consent script. Without every answer the declaration is relayed: counted and nothing else. */
export const scriptStep: Step = {
  id: 'script',
  appliesTo: ({ who }) => who === 'asked',
  title: ({ t }) => t('scriptTitle'),
  read: (fields, answers) => ({
    ...answers,
    scriptAnswered: offered(fields.get('script'), ['yes', 'no']),
  }),
  check: ({ scriptAnswered }, { t }) =>
    scriptAnswered === '' ? [{ field: 'script', message: t('scriptMissing') }] : [],
  view: ({ scriptAnswered }, { t }, problems) => html`<h1>${t('scriptHeading')}</h1>
<p>${t('scriptLead')}</p>
<ol>
<li>${t('scriptLeave')}</li>
<li>${t('scriptErase')}</li>
<li>${t('scriptText')}</li>
<li>${t('scriptName')}</li>
<li>${t('scriptPosition')}</li>
<li>${t('scriptOutward')}</li>
</ol>
${radios({
  name: 'script',
  label: t('scriptQuestion'),
  problems,
  choices: [
    { value: 'yes', label: t('scriptYes'), checked: scriptAnswered === 'yes' },
    {
      value: 'no',
      label: t('scriptNo'),
      hint: t('scriptNoHint'),
      checked: scriptAnswered === 'no',
    },
  ],
})}`,
}
