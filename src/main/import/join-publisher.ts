import type { Config } from '../../config/config.ts'
import type { Secrets } from '../../config/secrets.ts'
import type { DeskTables } from '../../desk/tables.ts'
import { nodeXChaCha20Poly1305 } from '../../intake/node-aead.ts'
import { openDatabase } from '../../postgres/database.ts'
import { RegisterError } from '../../register/error.ts'
import { type LogKeys, loadLogKeys, loadStagingKey } from '../../register/log-keys.ts'
import { type Publisher, type PublisherDeps, runPublisher } from '../../register/publisher.ts'
import type { RegisterDatabase, RegisterTables } from '../../register/tables.ts'
import { createSite } from '../../site/site.ts'
import { createAssets } from '../../ui/assets.ts'
import { startLocalWitness } from '../local-witness.ts'
import { nativeEd25519Verify } from '../native-ed25519.ts'
import { obtainRoot } from '../obtain-root.ts'
import { openDatabases } from '../open-databases.ts'
import { clock, random, sha256 } from '../world.ts'

export interface JoinedPublisher extends AsyncDisposable {
  readonly db: RegisterDatabase
  /** The key whose signature says who the publisher is. */
  readonly verifierKey: string
  /** `running`: the service has one. `own`: there was none, so this process is it until disposed. */
  readonly kind: 'running' | 'own'
  /** One-time links, when this was the register's first start. */
  readonly invitations: readonly string[]
}

/**
 * Finds the register's publisher, or becomes it: the writer lock decides, so that a service that starts or stops at the
 * same moment makes no second one.
 */
export async function joinPublisher(
  config: Config,
  secrets: Secrets,
  onProblem: (problem: unknown) => void,
): Promise<JoinedPublisher> {
  await using joining = new AsyncDisposableStack()
  const databases = joining.use(await openDatabases(config, secrets))
  const db = joining.use(openDatabase<RegisterTables>(databases.urls.avow_publisher, { max: 6 }))
  const desk = joining.use(openDatabase<DeskTables>(databases.urls.avow_desk, { max: 2 }))
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  const root = await obtainRoot({ config, secrets, db: desk, logKeys })
  const publisher = await becomePublisher(config, {
    db,
    databaseUrl: databases.urls.avow_publisher,
    logKeys,
    rootPublicKey: root.publicKey,
    pins: root.pins,
    onProblem,
  })
  if (publisher !== undefined) joining.use(publisher)
  const joined = joining.move()
  return {
    db,
    verifierKey: logKeys.declarations.verifierKey,
    kind: publisher === undefined ? 'running' : 'own',
    invitations: root.invitations(config.port),
    [Symbol.asyncDispose]: () => joined.disposeAsync(),
  }
}

async function becomePublisher(
  config: Config,
  given: Pick<PublisherDeps, 'db' | 'databaseUrl' | 'rootPublicKey' | 'pins'> & {
    readonly logKeys: LogKeys
    readonly onProblem: (problem: unknown) => void
  },
): Promise<Publisher | undefined> {
  const site = await createSite({
    publicFolder: config.publicFolder,
    scratchFolder: config.stagingFolder,
    registerFolder: config.register.folder,
    form: config.form,
    sample: config.sample,
    assets: await createAssets(),
    clock,
  })
  try {
    return await runPublisher({
      ...given,
      config,
      stagingKey: await loadStagingKey(config.secretsFolder, random),
      // The service's own: an archive needs the same quorum as everything else.
      witnesses: await startLocalWitness(config, given.logKeys, given.onProblem),
      clock,
      random,
      sha256,
      ed25519Verify: nativeEd25519Verify,
      aead: nodeXChaCha20Poly1305,
      onPublished: () => site.render(),
    })
  } catch (error) {
    if (error instanceof RegisterError && error.code === 'second_writer') return undefined
    throw error
  }
}
