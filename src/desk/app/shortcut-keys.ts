import type { DeskKey } from './messages.en.ts'

/** One row of the help: a key and what it does there. */
export interface ShortcutRow {
  readonly keys: readonly string[]
  readonly does: DeskKey
}

export interface ShortcutPlace {
  readonly place: DeskKey
  readonly rows: readonly ShortcutRow[]
}

const row = (does: DeskKey, ...keys: readonly string[]): ShortcutRow => ({ keys, does })

/** Every key of the desk, as the help shows them; the components that act name the same keys. */
export const SHORTCUTS: readonly ShortcutPlace[] = [
  {
    place: 'keys.everywhere',
    rows: [row('keys.help', '?'), row('keys.back', 'Esc'), row('keys.undo', 'u')],
  },
  {
    place: 'keys.queue',
    rows: [
      row('keys.down', 'j', '↓'),
      row('keys.up', 'k', '↑'),
      row('keys.enter', 'Enter'),
      row('keys.next', 'n'),
      row('keys.decideNext', 'd'),
      row('keys.continue', 'c'),
      row('keys.refresh', 'g'),
    ],
  },
  {
    place: 'keys.case',
    rows: [
      row('keys.propose', 'p'),
      row('keys.rejectCase', 'r'),
      row('keys.release', 'b'),
      row('pass.hand', 'h'),
      row('pass.escalate', 'e'),
      row('pass.recuse', 'w'),
      row('keys.suggestions', 'i'),
      row('keys.takeOut', 'x'),
      row('keys.keep', 'k'),
      row('keys.stop', 's'),
    ],
  },
  {
    place: 'keys.review',
    rows: [
      row('keys.approve', 'a'),
      row('keys.return', 'r'),
      row('keys.rejectReview', 'x'),
      row('pass.recuse', 'w'),
      row('keys.reason', '1–9'),
      row('keys.stop', 's'),
    ],
  },
]
