import { useEffect, useRef } from 'preact/hooks'

const IDLE_MS = 30 * 60_000
const CHECK_MS = 20_000

/** Locks after half an hour without a touch or a key. A sleeping laptop is noticed at the first check after it wakes. */
export function useIdleLock(active: boolean, lock: () => void): void {
  const latest = useRef(lock)
  latest.current = lock
  useEffect(() => {
    if (!active) return
    let lastMs = Date.now()
    const touched = () => {
      lastMs = Date.now()
    }
    const check = setInterval(() => {
      if (Date.now() - lastMs > IDLE_MS) latest.current()
    }, CHECK_MS)
    const events = ['pointerdown', 'keydown', 'scroll'] as const
    for (const name of events) addEventListener(name, touched, { passive: true })
    return () => {
      clearInterval(check)
      for (const name of events) removeEventListener(name, touched)
    }
  }, [active])
}
