import { useEffect, useState } from 'preact/hooks'

const SETTLE_MS = 400

/** False while a screen has only just come up: the second of two quick presses must not sign what nobody has seen. */
export function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [])
  return isSettled
}
