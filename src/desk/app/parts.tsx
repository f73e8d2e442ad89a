import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
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

export function Field(props: {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly children: (ids: {
    readonly id: string
    readonly 'aria-describedby'?: string
    readonly 'aria-invalid'?: boolean
  }) => ComponentChildren
}) {
  const id = useId()
  const { label, hint, error, children } = props
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {children({
        id,
        ...(described === '' ? {} : { 'aria-describedby': described }),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
    </div>
  )
}

export function TextField(props: {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly value: string
  readonly maxLength?: number
  readonly hidden?: boolean
  readonly onInput: (value: string) => void
}) {
  const { label, hint, error, value, maxLength, hidden, onInput } = props
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          dir="auto"
          class={hidden ? 'covered' : undefined}
          value={value}
          maxLength={maxLength ?? 1000}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

export interface Option {
  readonly id: string
  readonly label: string
}

/** `empty` is the words for "none"; without it one of the options is always chosen. */
export function SelectField(props: {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly value: string | null
  readonly options: readonly Option[]
  readonly empty?: string
  readonly onChange: (value: string | null) => void
}) {
  const { label, hint, error, value, options, empty, onChange } = props
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      {(ids) => (
        <select
          {...ids}
          value={value ?? ''}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === '' ? null : currentTarget.value)
          }
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map((option) => (
            <option value={option.id} key={option.id}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Checkbox(props: {
  readonly label: string
  readonly hint?: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}) {
  const id = useId()
  const { label, hint, checked, disabled, onChange } = props
  return (
    <div class="choice">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>
        {label}
        {hint && <span class="hint">{hint}</span>}
      </label>
    </div>
  )
}

export function Button(props: {
  readonly second?: boolean
  readonly busy?: boolean
  readonly children: ComponentChildren
  readonly label?: string
  readonly onClick: () => void
}) {
  const { second, busy, children, label, onClick } = props
  return (
    <button
      type="button"
      class={second ? 'button second' : 'button'}
      aria-disabled={busy ?? false}
      aria-label={label}
      onClick={() => {
        if (!busy) onClick()
      }}
    >
      {children}
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
