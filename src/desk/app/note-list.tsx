import type { Note } from '../client/notes.ts'
import { useApp } from './app-context.ts'

/** What colleagues said about the case to whoever has it next. */
export function NoteList({ notes }: { readonly notes: readonly Note[] }) {
  const { t } = useApp()
  if (notes.length === 0) return null
  return (
    <section class="note" aria-label={t('notes.title')}>
      {notes.map(({ by, day, text }, i) => (
        <p key={`note-${i}`}>
          <strong>{t('notes.by', { name: by, day })}</strong>{' '}
          <span dir="auto">{text ?? t('notes.closed')}</span>
        </p>
      ))}
    </section>
  )
}
