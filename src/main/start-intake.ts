import { Hono } from 'hono'
import type { Kysely } from 'kysely'
import { FIRST_CENTRE } from '../centres/bootstrap.ts'
import type { Config } from '../config/config.ts'
import { type Language, languages } from '../i18n/languages.ts'
import { Admission } from '../intake/abuse/admission.ts'
import { DiskReserve } from '../intake/abuse/disk-reserve.ts'
import { createActDoor } from '../intake/act-door.ts'
import { type ActRecipient, followActRecipient } from '../intake/act-recipient.ts'
import { followCentreEntry } from '../intake/centre-entry.ts'
import { followCentreRecipients, type IntakeNotice } from '../intake/centre-recipient.ts'
import { createInPage, type InPage } from '../intake/channels/web/in-page/create-in-page.ts'
import type { PageDataOptions } from '../intake/channels/web/in-page/make-page-data.ts'
import { createReceiptInPage } from '../intake/channels/web/receipt-in-page/create-receipt-in-page.ts'
import { WebChannel } from '../intake/channels/web/web-channel.ts'
import { Dummies } from '../intake/dummies.ts'
import { IntakeError } from '../intake/error.ts'
import { receiveCiphertext } from '../intake/receive-ciphertext.ts'
import { EnvelopeCommits, receiveEnvelope } from '../intake/receive-envelope.ts'
import type { IntakeTables } from '../intake/tables.ts'
import { makeOfflineForms } from '../offline-form/make-offline-form.ts'
import { offlineFormPath, offlineFormRoutes } from '../offline-form/offline-routes.ts'
import type { CentreProof } from '../sealing/centre-entry.ts'
import type { Assets } from '../ui/assets.ts'
import type { Root } from './obtain-root.ts'
import { formDataOf } from './standalone-form.ts'
import { clock, random, sha256 } from './world.ts'

export interface Intake extends AsyncDisposable {
  readonly routes: Hono
  /** The scripts that browsers run, for the event log. */
  readonly files: InPage['files']
}

export interface IntakeDependencies {
  readonly config: Config
  readonly db: Kysely<IntakeTables>
  readonly root: Pick<Root, 'publicKey' | 'pins'>
  readonly assets: Assets
  /** The declaration log's key in its text form, as this installation has it. */
  readonly declarationsKey: string
  /** Signs the hash of the offline form with the declaration log's key. */
  readonly signOfflineForm: (sha256: string) => Uint8Array
  /** By its code: what was not stored, and why. */
  readonly onFault: (code: string) => void
}

const WORK_SCRIPT = new URL('../intake/abuse/page/solve-while-waiting.ts', import.meta.url)

/** What a person alone sends over the web: a text of some length, and a receipt. */
const USUAL_ENVELOPE = {
  line: 'web',
  channel: 'web',
  sizeClass: 4096,
  sealing: 'epoch',
  receipts: 1,
} as const

/** The web channel on the line `web`, owned by the first centre. */
export async function startIntake(dependencies: IntakeDependencies): Promise<Intake> {
  const { config, db, root, assets, declarationsKey, onFault } = dependencies
  const { publicKey: rootPublicKey, pins } = root
  const { budgets, diskReserve, otherChannels } = config.intake
  const workScript = await assets.bundle(WORK_SCRIPT)
  const findRecipient = followCentreRecipients({
    db,
    register: config.name,
    findRootPublicKey: async () => rootPublicKey,
    clock,
    pins,
    onNotice: (told) => onFault(noticeCode(told)),
  })
  const commits = new EnvelopeCommits({
    db,
    clock,
    random,
    reserve: new DiskReserve({ ...diskReserve, folder: config.dataFolder, clock }),
    findRecipient,
    onStored: (envelopes) => dummies.notice(envelopes),
  })
  const dummies = new Dummies({
    ...commits,
    perHour: config.intake.dummiesPerHour ?? (config.pace === 'production' ? 12 : 0),
    findRecipient,
    random,
    usual: { ...USUAL_ENVELOPE, centre: FIRST_CENTRE, language: config.form.languages[0] ?? 'en' },
    onFault: (fault) => onFault(fault instanceof IntakeError ? fault.code : 'dummy'),
  })
  dummies.start()
  const words = await formDataOf(config, rootPublicKey)
  const followed = { db, register: config.name, centre: FIRST_CENTRE, rootPublicKey, pins, clock }
  const findCentreEntry = followCentreEntry(followed)
  const inPage = await createInPage({ ...words, assets, findCentreEntry })
  const origin = `${config.name}/log/declarations`
  const actRecipient = followActRecipient({ db, register: config.name, rootPublicKey })
  const receiptInPage = await createReceiptInPage({
    ...words,
    assets,
    origin,
    actTiming: config.acts,
    logKey: declarationsKey,
    findActRecipientNote: () => noteOrNull(actRecipient),
  })
  const offline = await offlineForms(dependencies, words, await findCentreEntry())
  const channel = new WebChannel({
    ...words,
    inPage,
    ...(offline === null ? {} : { offlineForm: offline.offer }),
    receiveSealed: (input, meta) => noting(onFault, () => receiveCiphertext(input, meta, commits)),
    assets,
    sample: config.sample,
    line: 'web',
    clock,
    random,
    admission: new Admission({ budgets, clock, random }),
    workScriptPath: workScript.path,
    otherChannels,
    acts: createActDoor({ db, actRecipient, sha256 }),
    actTiming: config.acts,
    origin,
    receiptInPage,
  })
  await channel.start(async (plaintext, meta, ack) => {
    await noting(onFault, () => receiveEnvelope({ ...meta, plaintext }, commits))
    await ack()
  })
  return {
    routes: new Hono().route('/', channel.routes).route('/', offline?.routes ?? new Hono()),
    files: [...inPage.files, ...receiptInPage.files, ...(offline?.files ?? [])],
    async [Symbol.asyncDispose]() {
      await channel.stop()
      await dummies[Symbol.asyncDispose]()
      await commits[Symbol.asyncDispose]()
    },
  }
}

/** Made once at start, like every script: a centre's new key is in them after the next start. */
async function offlineForms(
  { config, assets, signOfflineForm }: IntakeDependencies,
  words: PageDataOptions,
  entry: CentreProof | null,
) {
  if (entry === null) return null
  const { sample, publicUrl } = config
  const forms = await makeOfflineForms(
    { ...words, entry, sample, siteUrl: `${publicUrl}/` },
    assets,
  )
  const signed = (language: Language) => ({
    ...forms[language],
    note: signOfflineForm(forms[language].sha256),
  })
  return {
    routes: offlineFormRoutes({
      en: signed('en'),
      'zh-hans': signed('zh-hans'),
      'zh-hant': signed('zh-hant'),
    }),
    offer: (language: Language) => ({
      path: offlineFormPath(language),
      sha256: forms[language].sha256,
    }),
    files: languages.map((language) => ({
      name: offlineFormPath(language).slice(1),
      hash: forms[language].sha256,
    })),
  }
}

/** Where there is none yet, or none that verifies, the receipt's page works without scripts. */
async function noteOrNull(actRecipient: () => Promise<ActRecipient>): Promise<string | null> {
  try {
    return (await actRecipient()).note
  } catch (error) {
    if (error instanceof IntakeError) return null
    throw error
  }
}

async function noting<T>(onFault: (code: string) => void, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    onFault(error instanceof IntakeError ? error.code : 'unexpected')
    throw error
  }
}

/** One word for the log; names of centres and months are public. */
function noticeCode(told: IntakeNotice): string {
  return told.notice === 'key_late'
    ? `key_late ${told.centre} ${told.month}`
    : `directory_row ${told.code}`
}
