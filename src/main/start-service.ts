import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Config } from '../config/config.ts'
import type { Secrets } from '../config/secrets.ts'
import { parseAliasWords } from '../declaration/alias.ts'
import { createAppPage } from '../desk/app-page.ts'
import { createDeskRoutes } from '../desk/routes.ts'
import type { DeskTables } from '../desk/tables.ts'
import { problem } from '../http/error-response.ts'
import { nodeXChaCha20Poly1305 } from '../intake/node-aead.ts'
import type { IntakeTables } from '../intake/tables.ts'
import { formatOfflineNote } from '../offline-form/offline-note.ts'
import { openDatabase } from '../postgres/database.ts'
import { announceApp } from '../register/announce-app.ts'
import { loadLogKeys, loadStagingKey } from '../register/log-keys.ts'
import { runPublisher } from '../register/publisher.ts'
import type { RegisterTables } from '../register/tables.ts'
import { createSite, type Site } from '../site/site.ts'
import { createAssets } from '../ui/assets.ts'
import { boundWal } from './bound-wal.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { eraseDaily } from './erase-daily.ts'
import { FaultCounters } from './fault-counters.ts'
import { startLocalWitness } from './local-witness.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { obtainRoot } from './obtain-root.ts'
import { openDatabases } from './open-databases.ts'
import { serve } from './serve.ts'
import { startBucket } from './start-bucket.ts'
import { startIntake } from './start-intake.ts'
import { clock, random, sha256 } from './world.ts'

export interface AvowService extends AsyncDisposable {
  readonly url: string
  /** One-time links, at the first start only. */
  readonly invitations: readonly string[]
  /** Where the data lives, in words. */
  readonly database: string
}

const ABORTED = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_ABORTED']
const DAY_MS = 24 * 60 * 60_000

/**
 * Every process of Avow in one: publisher, site, intake and desk, each with its own database role. What is disposed last was
 * opened first, so the web server stops taking requests before the rooms behind it close.
 */
export async function startService(
  config: Config,
  secrets: Secrets,
  write: (line: string) => void,
): Promise<AvowService> {
  await using starting = new AsyncDisposableStack()
  const counters = starting.use(new FaultCounters({ write, clock }))
  const onFault = (room: string, code: string) => counters.count(room, code)
  const databases = starting.use(await openDatabases(config, secrets))
  if (config.database.kind === 'embedded') {
    starting.use(boundWal(databases.ownerUrl, (fault) => onFault('database', codeOf(fault))))
  } else {
    const { state, says } = await checkDatabase(config)
    if (state === 'wrong') write(`The database keeps traces or may lose what it took: ${says}\n`)
  }
  const desk = starting.use(openDatabase<DeskTables>(databases.urls.avow_desk, { max: 12 }))
  const intake = starting.use(openDatabase<IntakeTables>(databases.urls.avow_intake, { max: 8 }))
  const register = starting.use(
    openDatabase<RegisterTables>(databases.urls.avow_publisher, { max: 6 }),
  )
  const logKeys = await loadLogKeys(config.secretsFolder, config.name, random)
  const root = await obtainRoot({ config, secrets, db: desk, logKeys })
  const assets = await createAssets()
  const site = await createSite({
    publicFolder: config.publicFolder,
    scratchFolder: config.stagingFolder,
    registerFolder: config.register.folder,
    form: config.form,
    sample: config.sample,
    assets,
    clock,
    ed25519Verify: nativeEd25519Verify,
  })
  const bucket = await startBucket(config, secrets, (fault) => onFault('bucket', codeOf(fault)))
  if (bucket !== undefined) starting.use(bucket)
  const show = async () => {
    await site.render()
    bucket?.wake()
  }
  starting.use(
    await runPublisher({
      db: register,
      databaseUrl: databases.urls.avow_publisher,
      config,
      logKeys,
      stagingKey: await loadStagingKey(config.secretsFolder, random),
      rootPublicKey: root.publicKey,
      pins: root.pins,
      witnesses: await startLocalWitness(config, logKeys, (code) => onFault('witness', code)),
      clock,
      random,
      sha256,
      ed25519Verify: nativeEd25519Verify,
      aead: nodeXChaCha20Poly1305,
      aliasWords: parseAliasWords(
        await readFile(join(config.register.folder, 'alias.json'), 'utf8'),
      ),
      onErased: show,
      onPublished: show,
      onProblem: (fault) => onFault('publisher', codeOf(fault)),
    }),
  )
  starting.use(eraseDaily(databases.ownerUrl, (fault) => onFault('erasure', codeOf(fault))))
  starting.use(renderDaily(site, (fault) => onFault('site', codeOf(fault))))
  const web = starting.use(
    await startIntake({
      config,
      db: intake,
      root,
      assets,
      declarationsKey: logKeys.declarations.verifierKey,
      signOfflineForm: (hash) =>
        formatOfflineNote({ register: config.name, sha256: hash }, logKeys.declarations.signer),
      onFault: (code) => onFault('intake', code),
    }),
  )
  const appPage = await createAppPage(assets)
  await announceApp(
    register,
    [
      { name: 'desk.js', hash: appPage.scriptSha256 },
      { name: 'verify.js', hash: site.checkerSha256 },
      ...web.files,
    ],
    random,
  )
  const deskRoutes = createDeskRoutes({
    db: desk,
    register: config.name,
    rootPublicKey: root.publicKey,
    pins: root.pins,
    form: config.form,
    sample: config.sample,
    secure: config.publicUrl.startsWith('https:'),
    publicUrl: config.publicUrl,
    clock,
    random,
    sha256,
    wait: sleep,
    onFault: (fault) => onFault('desk', codeOf(fault)),
  })
  const app = new Hono()
  app.get('/desk/', (c) => c.redirect('/desk', 301))
  app.route('/desk', deskRoutes)
  app.route('/desk', appPage.routes)
  app.route('/', assets.routes)
  app.route('/', web.routes)
  app.route('/', site.routes)
  app.notFound((c) => site.notFound(c))
  app.onError((fault) => {
    onFault('http', isAborted(fault) ? 'aborted' : codeOf(fault))
    return problem('unexpected', 500)
  })
  const server = starting.use(await serve(app, { host: config.host, port: config.port }))
  for (const { path, ...address } of config.intake.listeners) {
    starting.use(await serve(app, { ...address, arrival: path }))
  }
  const running = starting.move()
  return {
    url: `http://${config.host}:${server.port}/`,
    invitations: root.invitations(server.port),
    database: databases.described,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A count that stands still has to say so, even when nothing is published any more. */
function renderDaily(site: Site, onFault: (fault: unknown) => void): Disposable {
  const timer = setInterval(() => {
    site.render().catch(onFault)
  }, DAY_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** A visitor who closes the page in the middle of sending is no fault of ours. */
function isAborted(fault: Error): boolean {
  return fault.name === 'AbortError' || ABORTED.includes(codeOf(fault))
}

/** A fault is named by its code alone: a message could quote what somebody typed. */
function codeOf(fault: unknown): string {
  if (fault instanceof Error && 'code' in fault && typeof fault.code === 'string') return fault.code
  return fault instanceof Error ? fault.name : 'unknown'
}
