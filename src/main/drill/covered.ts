import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfigFile } from '../../config/config-file.ts'
import type { Environment } from '../../config/env.ts'

/** The ways in that the drill walks. A way that exists and is not here fails the drill: nobody looked at its disk. */
export const COVERED_CHANNELS: readonly string[] = ['web']

/** What else a configuration may start and the drill starts too. A database elsewhere has a disk that is not here. */
const COVERED_PARTS = new Set([
  'listener plain',
  'listener onion',
  'listener station',
  'bucket',
  // Are sent checkpoints, which are public, and nothing else.
  'witnesses',
  'database here',
])
/** Keys of avow.json that start nothing. */
const WORDS_ONLY = new Set(['register', 'name', 'pace', 'sample', 'intake'])
const CHANNELS = fileURLToPath(new URL('../../intake/channels', import.meta.url))

/** What the configuration of this machine starts and the drill does not look at. Any of it fails the drill. */
export async function findUncovered(env: Environment): Promise<readonly string[]> {
  const channels = readdirSync(CHANNELS).filter((name) => !COVERED_CHANNELS.includes(name))
  const parts = await partsStarted(env)
  return [
    ...channels.map((name) => `channel ${name}`),
    ...parts.filter((part) => !COVERED_PARTS.has(part)),
  ]
}

async function partsStarted(env: Environment): Promise<readonly string[]> {
  const file = await readConfigFile(resolve(env.AVOW_CONFIG ?? 'avow.json'))
  const started = Object.entries(file).filter(([, value]) => value !== undefined)
  return [
    ...file.intake.listeners.map(({ path }) => `listener ${path}`),
    ...started.map(([key]) => key).filter((key) => !WORDS_ONLY.has(key)),
    env.DATABASE_URL === undefined ? 'database here' : 'database elsewhere',
  ]
}
