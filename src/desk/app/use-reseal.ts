import { useEffect } from 'preact/hooks'
import type { Desk } from '../client/desk-client.ts'

const EVERY_MS = 60_000

/**
 * Right after unlocking and every minute: approved items whose publisher key is gone are sealed again. A
 * failure is no concern of the volunteer's work; the next minute, or the next browser, tries again.
 */
export function useReseal(desk: Desk): void {
  useEffect(() => {
    if (!desk.state.volunteer.roles.some((role) => role === 'reviewer' || role === 'key-holder')) {
      return
    }
    const reseal = () => void desk.resealItems().catch(() => {})
    reseal()
    const timer = setInterval(reseal, EVERY_MS)
    return () => clearInterval(timer)
  }, [desk])
}
