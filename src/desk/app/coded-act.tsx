import { useRef, useState } from 'preact/hooks'
import { useApp } from './app-context.ts'
import { SelectField } from './fields.tsx'
import { Button, FailureNote } from './parts.tsx'
import { Key } from './shortcut-layer.tsx'
import { useShortcut } from './shortcut-registry.ts'
import { useAction } from './use-action.ts'

interface Reason {
  readonly id: string
  readonly label: string
}

/** An act that needs a reason from a fixed list: its key opens the list, a digit chooses, Enter does it. */
export function CodedAct(props: {
  readonly title: string
  readonly label: string
  readonly hint?: string
  readonly shortcut: string
  readonly options: readonly Reason[]
  readonly act: (code: string) => Promise<void>
}) {
  const { t, lock } = useApp()
  const { title, label, hint, shortcut, options, act } = props
  const [isOpen, setOpen] = useState(false)
  const [code, setCode] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const details = useRef<HTMLDetailsElement>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  useShortcut(shortcut, () => {
    setOpen(true)
    details.current?.querySelector('summary')?.focus()
  })
  const choose = (chosen: string) => {
    setCode(chosen)
    details.current?.querySelector<HTMLElement>('button')?.focus()
  }
  return (
    <details
      class="row"
      name="reasons"
      ref={details}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary aria-keyshortcuts={shortcut}>
        {title} <Key name={shortcut} />
      </summary>
      <FailureNote failure={failure} />
      {isOpen && options.map(({ id }, i) => <Digit key={id} place={i} act={() => choose(id)} />)}
      <SelectField
        label={label}
        {...(hint === undefined ? {} : { hint })}
        error={missing && code === null ? t('case.chooseFirst') : undefined}
        value={code}
        options={options.map((one, i) => ({ ...one, label: numbered(one.label, i) }))}
        empty={t('case.choose')}
        onChange={setCode}
      />
      <Button
        second
        busy={busy}
        onClick={() => {
          setMissing(code === null)
          if (code !== null) run(() => act(code))
        }}
      >
        {title}
      </Button>
    </details>
  )
}

function Digit({ place, act }: { readonly place: number; readonly act: () => void }) {
  useShortcut(place < 9 ? String(place + 1) : undefined, act)
  return null
}

function numbered(label: string, place: number): string {
  return place < 9 ? `${place + 1} · ${label}` : label
}
