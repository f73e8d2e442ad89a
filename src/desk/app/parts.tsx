import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useShortcut } from './shortcut-registry.ts'
import { messageOf, useTexts } from './texts.ts'
import type { Failure } from './use-action.ts'

/** The page's heading; it takes the focus, so that a screen reader starts where the screen changed. */
export function Heading({ children }: { readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <h1 tabIndex={-1} ref={heading}>
      {children}
    </h1>
  )
}

export function FailureNote({ failure }: { readonly failure: Failure | null }) {
  const { t } = useTexts()
  const note = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (failure !== null) note.current?.focus()
  }, [failure])
  if (failure === null) return null
  return (
    <div class="error-summary" role="alert" tabIndex={-1} ref={note} data-code={failure}>
      <h2>{t('error.title')}</h2>
      <p>{messageOf(t, `error.${failure}`, 'error.unexpected')}</p>
    </div>
  )
}

export function Button(props: {
  readonly second?: boolean
  readonly busy?: boolean
  readonly children: ComponentChildren
  readonly label?: string
  /** The key that does the same. */
  readonly shortcut?: string
  readonly onClick: () => void
}) {
  const { second, busy, children, label, shortcut, onClick } = props
  const act = () => {
    if (!busy) onClick()
  }
  useShortcut(shortcut, act)
  return (
    <button
      type="button"
      class={second ? 'button second' : 'button'}
      aria-disabled={busy ?? false}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      onClick={act}
    >
      {children}
      {shortcut !== undefined && (
        <span class="key" aria-hidden="true">
          {shortcut}
        </span>
      )}
    </button>
  )
}

export function Facts({
  rows,
}: {
  readonly rows: readonly (readonly [string, ComponentChildren])[]
}) {
  return (
    <dl class="facts">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
