import { recipientFingerprint } from '../../../../sealing/centre-entry.ts'
import { headingLabel, radios } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import { offered, type PageHost, type Step } from '../form-context.ts'
import type { WebKey } from '../messages.en.ts'

const howSafeKeys: Readonly<Record<PageHost, WebKey>> = {
  site: 'howSafePage',
  partner: 'howSafePartner',
  offline: 'howSafeOffline',
}

/** The first page: what this is, then the first question. */
export const whoStep: Step = {
  id: 'who',
  appliesTo: () => true,
  title: ({ t }) => t('whoTitle'),
  read: (fields, answers) => ({
    ...answers,
    who: offered(fields.get('who'), ['self', 'group', 'asked']),
  }),
  check: ({ who }, { t }) => (who === '' ? [{ field: 'who', message: t('whoMissing') }] : []),
  view: ({ who }, { t }, problems) =>
    radios({
      name: 'who',
      label: headingLabel(t('whoHeading')),
      problems,
      choices: [
        { value: 'self', label: t('whoSelf'), checked: who === 'self' },
        {
          value: 'group',
          label: t('whoGroup'),
          hint: t('whoGroupHint'),
          checked: who === 'group',
        },
        {
          value: 'asked',
          label: t('whoAsked'),
          hint: t('whoAskedHint'),
          checked: who === 'asked',
        },
      ],
    }),
  note: ({ t, texts, centreKey, host = 'site' }) => html`<div class="note"><h2>${t('whoIntro')}</h2>
${texts.introduction.map((paragraph) => html`<p>${paragraph}</p>`)}
<p>${t(centreKey === null ? 'howSafe' : howSafeKeys[host])}</p>
${centreKey && html`<p class="hint">${t('howKey', { month: centreKey.month })} <span class="mono">${recipientFingerprint(centreKey.recipient)}</span></p>`}
<p>${t('howRecord')}</p></div>
`,
}
