import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Checkbox } from './fields.tsx'
import { SHORTCUTS } from './shortcut-keys.ts'
import { ShortcutRegistry, ShortcutsContext, useShortcut } from './shortcut-registry.ts'
import { useTexts } from './texts.ts'

/** Listens for the keys of the desk and shows them on `?`. They can be switched off, for those whose voice or reader types letters. */
export function ShortcutLayer({ children }: { readonly children: ComponentChildren }) {
  const [registry] = useState(() => new ShortcutRegistry())
  const [isOn, setOn] = useState(true)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && leaveField(event)) return
      const act = registry.find(event)
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [registry])
  return (
    <ShortcutsContext.Provider value={isOn ? registry : null}>
      {children}
      <ShortcutHelp isOn={isOn} onChange={setOn} />
    </ShortcutsContext.Provider>
  )
}

/** The first Escape leaves the field, so that the letters are keys again; the next one leaves the screen. */
function leaveField({ target }: KeyboardEvent): boolean {
  const isField = target instanceof Element && target.matches('input, textarea, select')
  if (!isField || document.querySelector('dialog[open]') !== null) return false
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  return true
}

function ShortcutHelp(props: {
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}) {
  const { t } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const open = () => dialog.current?.showModal()
  useShortcut('?', open)
  return (
    <>
      <p class="wrap keys-hint">
        <button type="button" class="plain" aria-keyshortcuts="?" onClick={open}>
          {t('keys.title')} <Key name="?" />
        </button>
      </p>
      <dialog ref={dialog} class="keys" aria-labelledby="keys-title">
        <h2 id="keys-title">{t('keys.title')}</h2>
        <p class="hint">{t('keys.intro')}</p>
        <div class="pairs">
          {SHORTCUTS.map(({ place, rows }) => (
            <section key={place}>
              <h3>{t(place)}</h3>
              <dl>
                {rows.map(({ keys, does }) => (
                  <div key={does}>
                    <dt>
                      {keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dt>
                    <dd>{t(does)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <Checkbox label={t('keys.on')} checked={props.isOn} onChange={props.onChange} />
        <form method="dialog">
          <button type="submit" class="button second">
            {t('keys.close')}
          </button>
        </form>
      </dialog>
    </>
  )
}

/** The key beside what it does, for the eye: a screen reader says it from the button. */
export function Key({ name }: { readonly name: string }) {
  return (
    <span class="key" aria-hidden="true">
      {name}
    </span>
  )
}
