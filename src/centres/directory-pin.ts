import type { DirectoryPin } from '../sealing/directory.ts'
import { CentresError } from './error.ts'

/** The newest state of the directory that any process of this installation has verified, kept outside the database. */
export interface DirectoryPins {
  readonly find: () => Promise<DirectoryPin | undefined>
  /** Remembers a newer state; an older one changes nothing. */
  readonly raise: (pin: DirectoryPin) => Promise<void>
}

/** Where a pin lies: one small named text, written whole or not at all. */
export interface PinFile {
  readonly find: (name: string) => Promise<string | undefined>
  readonly store: (name: string, value: string) => Promise<void>
}

export const PIN_FILE = 'directory.pin'
const PIN = /^(\d{1,6}) ([0-9a-f]{64})$/

/** Shared by the rooms of one process, so that writes follow one another. */
export function openDirectoryPins(file: PinFile): DirectoryPins {
  let last: Promise<unknown> = Promise.resolve()
  const raise = async (pin: DirectoryPin) => {
    // Read again each time: another process may have gone further.
    const known = await findPin(file)
    if (known !== undefined && known.size >= pin.size) return
    await file.store(PIN_FILE, `${pin.size} ${pin.head}`)
  }
  return {
    find: () => findPin(file),
    raise: (pin) => {
      const raised = last.then(() => raise(pin))
      last = raised.catch(() => {})
      return raised
    },
  }
}

async function findPin(file: PinFile): Promise<DirectoryPin | undefined> {
  const text = await file.find(PIN_FILE)
  if (text === undefined) return undefined
  const [, size, head] = PIN.exec(text.trim()) ?? []
  if (size === undefined || head === undefined) {
    throw new CentresError('bad_pin', `${PIN_FILE} is not the size and the head of a directory`)
  }
  return { size: Number(size), head }
}
