import { COUNT_MAX } from '../queue-limits.ts'
import { useApp } from './app-context.ts'
import { Button } from './parts.tsx'

/** Where one stands in a run, and the way out of it that loses nothing. */
export function RunBar() {
  const { t, run, go, language } = useApp()
  if (run === null) return null
  const left = new Intl.NumberFormat(language).format(run.left)
  return (
    <section class="note run" aria-label={t('run.title')}>
      <p>
        {t(run.list === 'waiting' ? 'run.waiting' : 'run.to-decide', {
          place: run.place,
          left: run.left >= COUNT_MAX ? t('queue.many', { count: left }) : left,
        })}
      </p>
      <Button second shortcut="s" onClick={() => go({ name: 'queue' })}>
        {t('run.stop')}
      </Button>
    </section>
  )
}
