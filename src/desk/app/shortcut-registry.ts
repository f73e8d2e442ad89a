import { createContext } from 'preact'
import { useContext, useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Which key does what just now. The screen shown last has the word, so that a list of reasons that opens takes the
 * digits from whatever had them before and gives them back when it closes.
 */
export class ShortcutRegistry {
  readonly #acts = new Map<string, (() => void)[]>()

  add(key: string, act: () => void): () => void {
    this.#acts.set(key, [...(this.#acts.get(key) ?? []), act])
    return () => {
      const others = (this.#acts.get(key) ?? []).filter((other) => other !== act)
      this.#acts.set(key, others)
    }
  }

  /** The act of a key press, if the press is meant for the desk at all. */
  find(event: KeyboardEvent): (() => void) | undefined {
    if (event.defaultPrevented || event.isComposing || isHeld(event)) return undefined
    if (isTyping(event.target)) return undefined
    return this.#acts.get(event.key)?.at(-1)
  }
}

export const ShortcutsContext = createContext<ShortcutRegistry | null>(null)

/** Gives a key to an act while the component stands on the screen. Without a key, or outside the unlocked desk, nothing. */
export function useShortcut(key: string | undefined, act: () => void): void {
  const registry = useContext(ShortcutsContext)
  const latest = useRef(act)
  latest.current = act
  // Before the next key can come: an effect after the paint loses the second of two quick presses.
  useLayoutEffect(() => {
    if (registry === null || key === undefined) return
    return registry.add(key, () => latest.current())
  }, [registry, key])
}

/** A key held down would sign case after case; a key with another belongs to the browser or the screen reader. */
function isHeld({ ctrlKey, metaKey, altKey, repeat, key }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || (repeat && key !== 'j' && key !== 'k')
}

/** Where a letter is text, or chooses from a list: fields, lists, and a dialog in front of everything. */
function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'button'].includes(target.type)
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName)
}
