import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { LOG_IDS, type LogKeys } from '../register/log-keys.ts'
import type { WitnessConfig } from '../register/witnessing.ts'
import { ownWitnessName } from '../tlog/independent-witnesses.ts'
import { watchedLogs } from '../witness/log-list.ts'
import { createWitnessRoutes } from '../witness/routes.ts'
import { openWitness } from '../witness/witness.ts'
import { clock, random, sha256 } from './world.ts'

const LOCAL = 'http://local-witness'

/**
 * A witness of our own in this process, so that every checkpoint goes the way it will go with others. It proves nothing to
 * anybody else, and site and verifier say so. With other operators in the configuration, theirs is the quorum.
 */
export async function startLocalWitness(
  config: Config,
  logKeys: LogKeys,
  onFault: (code: string) => void,
): Promise<WitnessConfig> {
  const local = await openWitness({
    // Beside the keys, not with the data: a backup of the data that is put back must not take its memory back with it.
    folder: join(config.secretsFolder, 'witness'),
    name: ownWitnessName(config.name),
    logs: watchedLogs(LOG_IDS.map((id) => ({ vkey: logKeys[id].verifierKey, origin: null }))),
    clock,
    random,
    sha256,
  })
  const routes = createWitnessRoutes(local, onFault)
  const members = config.witnesses?.members ?? []
  return {
    addresses: [
      { url: LOCAL, vkey: local.vkey },
      ...members.map(({ url, vkey }) => ({ url, vkey })),
    ],
    policyLines: policyLines(local.vkey, config.witnesses),
    fetch: async (url, init) =>
      String(url).startsWith(`${LOCAL}/`) ? routes.request(String(url), init) : fetch(url, init),
  }
}

/** Addresses stay out of the policy: its hash is an event, and an address may change without one. */
function policyLines(local: string, others: Config['witnesses']): string {
  const lines = [`witness local ${local}`]
  if (others === undefined) return `${[...lines, 'quorum local'].join('\n')}\n`
  lines.push(...others.members.map(({ name, vkey }) => `witness ${name} ${vkey}`))
  const names = others.members.map(({ name }) => name).join(' ')
  return `${[...lines, `group others ${others.quorum} ${names}`, 'quorum others'].join('\n')}\n`
}
