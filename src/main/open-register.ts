import { type Config, loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { openDatabase } from '../postgres/database.ts'
import { type LogKeys, loadLogKeys } from '../register/log-keys.ts'
import { type RebuildDeps, type Rebuilt, rebuildRegister } from '../register/rebuild-register.ts'
import type { RegisterTables } from '../register/tables.ts'
import { type Witnessing, witnessing } from '../register/witnessing.ts'
import { startLocalWitness } from './local-witness.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { type Databases, openDatabases } from './open-databases.ts'
import { openFolder } from './verify-folder.ts'
import { openSite } from './verify-site.ts'
import type { VerifySource } from './verify-source.ts'
import { clock, random, sha256 } from './world.ts'

/** What a command needs that works on this register's rows and files itself. */
export interface OpenRegister extends AsyncDisposable {
  readonly config: Config
  readonly databases: Databases
  readonly logKeys: LogKeys
  readonly witnessing: Witnessing
}

export async function openRegister(): Promise<OpenRegister> {
  const config = await loadConfig(readEnv(process.env))
  const secrets = await openSecrets(config.secretsFolder)
  const databases = await openDatabases(config, secrets)
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  const witnesses = await startLocalWitness(config, logKeys, () => undefined)
  return {
    config,
    databases,
    logKeys,
    witnessing: witnessing(logKeys, witnesses, { clock, sha256 }),
    [Symbol.asyncDispose]: () => databases[Symbol.asyncDispose](),
  }
}

/** A site's address or a folder that holds a copy of one. */
export function openCopy(from: string): Promise<VerifySource> | VerifySource {
  return /^https?:\/\//.test(from) ? openSite(from) : openFolder(from)
}

/** Makes the opened register continue from a copy of its public files. */
export async function rebuildFrom(
  { config, databases, logKeys, witnessing: { policy, compare } }: OpenRegister,
  { read }: VerifySource,
  restored: Pick<RebuildDeps, 'restoredFrom'> = {},
): Promise<Rebuilt> {
  await using db = openDatabase<RegisterTables>(databases.ownerUrl, { max: 2 })
  return rebuildRegister({
    db,
    databaseUrl: databases.urls.avow_publisher,
    name: config.name,
    folders: config,
    logKeys,
    policy,
    compareWithWitnesses: compare,
    read,
    sha256,
    ed25519Verify: nativeEd25519Verify,
    ...restored,
  })
}
