import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Config, loadConfig } from '../../config/config.ts'
import type { Environment } from '../../config/env.ts'

/** The demonstration's own folders, so that it can never be mistaken for, or mixed with, a register of people. */
export async function demoConfig(env: Environment): Promise<Config> {
  const dataFolder = resolve(env.AVOW_DATA ?? 'demo-data')
  const file = join(dataFolder, 'avow.json')
  if (!existsSync(file)) {
    await mkdir(dataFolder, { recursive: true, mode: 0o755 })
    await writeFile(file, '{ "name": "localhost/sample", "pace": "development", "sample": true }\n')
  }
  return loadConfig({
    ...env,
    AVOW_DATA: dataFolder,
    AVOW_SECRETS: env.AVOW_SECRETS ?? 'demo-secrets',
    AVOW_CONFIG: file,
  })
}
