import { useRef, useState } from 'preact/hooks'
import { findParticulars } from '../../declaration/particulars/find-particulars.ts'
import type { Particular } from '../../declaration/particulars/particular.ts'
import { redactRange } from '../client/redaction.ts'
import { useApp } from './app-context.ts'
import { Button } from './parts.tsx'

/**
 * What may tell who somebody is, each with its reason. One key takes it out, one leaves it; what is left is not
 * suggested again in this text.
 */
export function Suggestions(props: {
  readonly text: string
  readonly onChange: (text: string) => void
}) {
  const { t } = useApp()
  const { text, onChange } = props
  const [left, setLeft] = useState<readonly string[]>([])
  const list = useRef<HTMLUListElement>(null)
  const suggestions = findParticulars(text).filter((one) => !left.includes(wordsOf(text, one)))
  if (suggestions.length === 0) return null
  // The item that follows takes the place of the one that goes, and with it the keys.
  const goOn = (place: number) =>
    requestAnimationFrame(() => {
      const items = list.current?.querySelectorAll<HTMLElement>('[data-suggestion]') ?? []
      items[Math.min(place, items.length - 1)]?.focus()
    })
  const takeOut = (one: Particular, place: number) => {
    onChange(redactRange(text, one))
    goOn(place)
  }
  const leave = (one: Particular, place: number) => {
    setLeft([...left, wordsOf(text, one)])
    goOn(place)
  }
  return (
    <div class="warning">
      <p id="suggestions-title">{t('case.identifying', { count: suggestions.length })}</p>
      <p class="hint">{t('case.suggestionKeys')}</p>
      <ul class="cases" ref={list} aria-labelledby="suggestions-title">
        {suggestions.map((one, place) => {
          const found = wordsOf(text, one)
          return (
            <li
              key={`${one.start}-${found}`}
              data-suggestion
              // biome-ignore lint/a11y/noNoninteractiveTabindex: the item itself takes the two keys.
              tabIndex={0}
              onKeyDown={(event) => {
                if (event.ctrlKey || event.metaKey || event.altKey) return
                if (event.key === 'x' || event.key === 'Delete') takeOut(one, place)
                else if (event.key === 'k') leave(one, place)
                else return
                event.preventDefault()
              }}
            >
              <div>
                <bdi class="mono">{found}</bdi>
                <p class="hint">
                  {t(`particular.${one.kind}`)} · {t(`reason.${one.reason}`)}
                </p>
              </div>
              <div class="actions">
                <Button
                  second
                  label={`${t('case.takeOut')} ${found}`}
                  onClick={() => takeOut(one, place)}
                >
                  {t('case.takeOut')}
                </Button>
                <Button
                  second
                  label={`${t('case.leave')} ${found}`}
                  onClick={() => leave(one, place)}
                >
                  {t('case.leave')}
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function wordsOf(text: string, { start, end }: Particular): string {
  return text.slice(start, end)
}
