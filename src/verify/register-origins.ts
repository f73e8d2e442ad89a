import type { Policy } from '../tlog/policy.ts'
import { VerifyError } from './error.ts'
import { LOGS, type LogName } from './latest.ts'

export const TRUSTED_POLICY = 'the policy'

export type RegisterOrigins = { readonly register: string } & Readonly<Record<LogName, string>>

/** The names under which the two logs of one register sign, as the trusted policy gives them. */
export function registerOrigins(policy: Policy): RegisterOrigins {
  const [declarations, events] = LOGS.map((log) => {
    const names = policy.logs.map(({ key }) => key.name)
    const ofLog = new Set(names.filter((name) => name.endsWith(`/log/${log}`)))
    const [name = '', another] = ofLog
    if (ofLog.size === 0 || another !== undefined) {
      throw new VerifyError('bad_policy', TRUSTED_POLICY, `it does not name one log of ${log}`)
    }
    return name.slice(0, -`/log/${log}`.length)
  })
  if (declarations === undefined || declarations !== events) {
    throw new VerifyError('bad_policy', TRUSTED_POLICY, 'its two logs are of two registers')
  }
  return {
    register: declarations,
    declarations: `${declarations}/log/declarations`,
    events: `${declarations}/log/events`,
  }
}
