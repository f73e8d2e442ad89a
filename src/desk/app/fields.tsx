import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Option {
  readonly id: string
  readonly label: string
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
