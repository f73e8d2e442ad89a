import { TlogError } from './error.ts'
import { type Cosignature, checkQuorum, type Policy } from './policy.ts'

/** The name of a witness that a register's own operator runs: below the name that both log origins begin with. */
export function ownWitnessName(registerName: string): string {
  return `${registerName}/witness`
}

/**
 * The witnesses of other operators among those that cosigned, provided that no quorum is reached without one of them;
 * otherwise none. Whose a witness is, is told by its key's name and by nothing else: it is the policy's word, and as good
 * as the place where the policy was got.
 */
export function independentWitnesses(
  policy: Policy,
  cosignatures: readonly Pick<Cosignature, 'name'>[],
): string[] {
  const own = new Set(policy.logs.map(({ key }) => ownPrefix(key.name)))
  const isOwn = (keyName: string) => [...own].some((prefix) => keyName.startsWith(prefix))
  const others = policy.witnesses.filter(({ key }) => !isOwn(key.name)).map(({ name }) => name)
  const ours = policy.witnesses.map(({ name }) => name).filter((name) => !others.includes(name))
  if (isQuorum(policy, ours)) return []
  return cosignatures.map(({ name }) => name).filter((name) => others.includes(name))
}

/** `<register>/` of `<register>/log/<id>`; a log of another kind has its whole name for itself. */
function ownPrefix(logName: string): string {
  return `${logName.replace(/\/log\/[^/]+$/, '')}/`
}

function isQuorum(policy: Policy, names: readonly string[]): boolean {
  try {
    checkQuorum(policy, names)
    return true
  } catch (error) {
    if (error instanceof TlogError && error.code === 'quorum_not_met') return false
    throw error
  }
}
