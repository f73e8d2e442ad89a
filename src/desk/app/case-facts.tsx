import { isLanguage, languageFacts } from '../../i18n/languages.ts'
import type { CaseSummary } from '../read-queue.ts'
import { type AppContext, useApp } from './app-context.ts'
import { messageOf } from './texts.ts'

/** The clear columns of a case in words: all that is known before it is opened. */
export function CaseFacts({ summary }: { readonly summary: CaseSummary }) {
  const { t } = useApp()
  const { language } = summary
  return (
    <p class="case-facts">
      {t('case.facts', {
        channel: messageOf(t, `channel.${summary.channel}`, 'channel.web'),
        language: isLanguage(language) ? languageFacts[language].ownName : language,
        size: sizeOf(t, summary),
      })}
    </p>
  )
}

export function sizeOf(t: AppContext['t'], { sizeClass }: CaseSummary): string {
  return t('queue.size', { size: Math.ceil(sizeClass / 1024) })
}
