import type { Kysely } from 'kysely'
import { bootstrap } from '../centres/bootstrap.ts'
import { type DirectoryPins, openDirectoryPins, PIN_FILE } from '../centres/directory-pin.ts'
import { CentresError } from '../centres/error.ts'
import { readDirectoryEntries } from '../centres/load-directory.ts'
import type { Config } from '../config/config.ts'
import type { Secrets } from '../config/secrets.ts'
import { fromHex, toHex } from '../encoding/hex.ts'
import type { LogKeys } from '../register/log-keys.ts'
import { MainError } from './error.ts'
import { clock, random, sha256 } from './world.ts'

const ROOT_KEY = 'root.pub'

export interface Root {
  readonly publicKey: Uint8Array
  /** What is known of the directory, beside the root key and outside the database. */
  readonly pins: DirectoryPins
  /** The first start's links; nobody can print them again. The port is known only once it is bound. */
  readonly invitations: (port: number) => readonly string[]
}

export interface RootDependencies<Tables> {
  readonly config: Config
  readonly secrets: Secrets
  readonly db: Kysely<Tables>
  readonly logKeys: LogKeys
}

/** The pinned root key of the directory. Without a directory this is the first start, which makes one. */
export async function obtainRoot<Tables>(dependencies: RootDependencies<Tables>): Promise<Root> {
  const { config, secrets, db, logKeys } = dependencies
  const pinned = await secrets.find(ROOT_KEY)
  const pins = openDirectoryPins(secrets)
  const entries = await readDirectoryEntries(db)
  if (entries.length > 0) {
    if (pinned === undefined) {
      throw new MainError(
        'no_root_key',
        `the database holds a directory, but ${secrets.folder} holds no ${ROOT_KEY}: give the secrets folder that belongs to it`,
      )
    }
    return { publicKey: fromHex(pinned), pins, invitations: () => [] }
  }
  if ((await pins.find()) !== undefined) {
    throw new MainError(
      'directory_gone',
      `the database holds no directory, but ${PIN_FILE} in ${secrets.folder} remembers one: restore the database, or remove that file to begin a new directory`,
    )
  }
  try {
    const { rootPublicKey, links, pin } = await bootstrap({
      db,
      register: config.name,
      logKeys: {
        declarations: logKeys.declarations.verifierKey,
        events: logKeys.events.verifierKey,
      },
      publicUrl: config.publicUrl,
      clock,
      random,
      sha256,
      storeRootPublicKey: (key) => secrets.store(ROOT_KEY, toHex(key)),
    })
    await pins.raise(pin)
    return {
      publicKey: rootPublicKey,
      pins,
      invitations: (port) => links.map((link) => link.replace(/:0\//, `:${port}/`)),
    }
  } catch (error) {
    // Another process made it between our look and our try: its key is the pinned one now.
    if (!(error instanceof CentresError) || error.code !== 'directory_exists') throw error
    return obtainRoot(dependencies)
  }
}
