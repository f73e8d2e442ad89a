import { useRef, useState } from 'preact/hooks'
import { type ClientRefusal, DeskClientError } from '../client/error.ts'

export type Failure = ClientRefusal | 'unexpected'

export interface Action {
  readonly busy: boolean
  readonly failure: Failure | null
  /** Runs one thing at a time: a second click while it runs does nothing. */
  readonly run: (work: () => Promise<void>) => void
  readonly clear: () => void
}

/** What the volunteer asked for, while it runs and when it did not work. `onLocked` hears of an ended session. */
export function useAction(onLocked?: () => void): Action {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef(false)
  const attempt = async (work: () => Promise<void>) => {
    running.current = true
    setBusy(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      const code = failureOf(error)
      if (code === 'locked' && onLocked !== undefined) onLocked()
      else setFailure(code)
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return {
    busy,
    failure,
    run: (work) => {
      if (!running.current) void attempt(work)
    },
    clear: () => setFailure(null),
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof DeskClientError ? error.code : 'unexpected'
}
