import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import { type Kysely, sql } from 'kysely'
import { bootstrap } from '../../src/centres/bootstrap.ts'
import { parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { formatPublisherRecipient } from '../../src/declaration/publisher-recipient.ts'
import { encodeSubmission, type Submission } from '../../src/declaration/submission.ts'
import { createAppPage } from '../../src/desk/app-page.ts'
import { keepCookies } from '../../src/desk/client/connection.ts'
import { createDeskClient, type Desk, type DeskClient } from '../../src/desk/client/desk-client.ts'
import { createDeskRoutes } from '../../src/desk/routes.ts'
import type { DeskTables } from '../../src/desk/tables.ts'
import { fromUtf8, utf8 } from '../../src/encoding/bytes.ts'
import { followCentreRecipients } from '../../src/intake/centre-recipient.ts'
import { type CiphertextOutcome, receiveCiphertext } from '../../src/intake/receive-ciphertext.ts'
import { EnvelopeCommits, receiveEnvelope } from '../../src/intake/receive-envelope.ts'
import type { IntakeTables } from '../../src/intake/tables.ts'
import { serve } from '../../src/main/serve.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { generateIdentity, recipientOf } from '../../src/sealing/age.ts'
import type { Role } from '../../src/sealing/directory-change.ts'
import { ED25519, formatVerifierKey, signingKey } from '../../src/tlog/note-key.ts'
import { createAssets } from '../../src/ui/assets.ts'
import { startTestDatabase, type TestDatabase } from './test-database.ts'

export const REGISTER = 'localhost/test'
export const PUBLIC_URL = 'http://127.0.0.1:8080'
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const random = (length: number) => new Uint8Array(randomBytes(length))
const formPath = new URL('../../registers/quit-ccp/form.json', import.meta.url)

/** Changes an answer on its way to the volunteer's browser. */
export type Tamper = (path: string, answer: Record<string, unknown>) => unknown

/** A desk over a real database with its first start behind it: what a test of volunteers at work needs. */
export interface DeskHouse extends AsyncDisposable {
  readonly database: TestDatabase
  readonly owner: Kysely<unknown>
  readonly deskDb: Kysely<DeskTables>
  readonly rootPublicKey: Uint8Array
  readonly faults: Error[]
  readonly invitations: readonly string[]
  /** A browser of its own: own cookie, same server. `tamper` is a server that has been taken over. */
  readonly newClient: (tamper?: Tamper) => DeskClient
  /** Makes an account by an invitation link and says with what words it opens. */
  readonly join: (link: string, volunteer: string) => Promise<string>
  /** One of the two first volunteers, signed in. */
  readonly keyHolder: (name: string) => Promise<Desk>
  /** The other key holder, who comes by the second link if nobody has yet, signs whatever waits. */
  readonly signAll: (proposer: Desk) => Promise<void>
  /** A further volunteer, invited by `by`, admitted by both key holders, signed in. */
  readonly admitted: (
    by: Desk,
    name: string,
    centre?: string,
    roles?: readonly Role[],
  ) => Promise<Desk>
  /** Anybody who joined this house, signed in again. */
  readonly signIn: (name: string) => Promise<Desk>
  readonly send: (submission: Submission, centre?: string) => Promise<void>
  /** What a sender sealed, as any channel hands it over. */
  readonly sendSealed: (input: Uint8Array | string) => Promise<CiphertextOutcome>
  /** The publisher's unsealing identity; called again it is a restart, the old one is gone. */
  readonly startPublisher: () => Promise<string>
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
  /** The page and the API on a port of their own; returns their address. */
  readonly serve: () => Promise<string>
  clockAt: Date
}

export async function openDeskHouse(): Promise<DeskHouse> {
  const database = await startTestDatabase()
  const owner = openDatabase<unknown>(database.ownerUrl, { max: 2 })
  const deskDb = openDatabase<DeskTables>(database.urls.avow_desk, { max: 4 })
  const intakeDb = openDatabase<IntakeTables>(database.urls.avow_intake, { max: 2 })
  const form = parseFormDefinition(await readFile(formPath, 'utf8'))
  const faults: Error[] = []
  const joined = new Map<string, string>()
  const founders: { link: string; volunteer: string; passphrase: string }[] = []
  const clock = () => house.clockAt
  const logKey = signingKey(`${REGISTER}/log/declarations`, ED25519, random(32))
  const eventKey = signingKey(`${REGISTER}/log/events`, ED25519, random(32))
  const { rootPublicKey, links } = await bootstrap({
    db: deskDb,
    register: REGISTER,
    logKeys: {
      declarations: formatVerifierKey(logKey.key),
      events: formatVerifierKey(eventKey.key),
    },
    publicUrl: PUBLIC_URL,
    clock: () => new Date('2026-03-01T10:00:00Z'),
    random,
    sha256,
    storeRootPublicKey: async () => {},
  })
  const routes = createDeskRoutes({
    db: deskDb,
    register: REGISTER,
    rootPublicKey,
    clock,
    random,
    sha256,
    wait: async () => {},
    secure: false,
    publicUrl: PUBLIC_URL,
    onFault: (error) => faults.push(error),
    form,
    sample: true,
  })
  const commits = new EnvelopeCommits({
    db: intakeDb,
    clock,
    random,
    findRecipient: followCentreRecipients({
      db: intakeDb,
      register: REGISTER,
      findRootPublicKey: async () => rootPublicKey,
      clock,
    }),
  })
  const request = async (path: string, init?: RequestInit) =>
    routes.request(path.replace(/^\/desk/, ''), init)
  const newClient = (tamper?: Tamper) =>
    createDeskClient({
      transport: keepCookies(PUBLIC_URL, async (url, init) => {
        const headers = new Headers(init.headers)
        headers.set('host', new URL(url).host)
        const path = new URL(url).pathname
        const response = await request(path, { ...init, headers })
        if (tamper === undefined || !response.ok) return response
        const answer = tamper(path.replace('/desk/api/', ''), await response.json())
        return new Response(JSON.stringify(answer), response)
      }),
      random,
      clock,
    })
  const join = async (link: string, volunteer: string) => {
    const client = newClient()
    const passphrase = client.newPassphrase()
    const opened = await client.openInvitation(new URL(link).hash)
    await client.acceptInvitation(opened, { volunteer, passphrase })
    const isFounder = opened.invitation.founderSeed !== null
    joined.set(volunteer, passphrase)
    if (isFounder) founders.push({ link, volunteer, passphrase })
    return passphrase
  }
  const otherFounder = async (than: string) => {
    const known = founders.find(({ volunteer }) => volunteer !== than)
    if (known !== undefined) return newClient().unlock(known.volunteer, known.passphrase)
    const used = founders.map(({ link }) => link)
    const link = links.find((one) => !used.includes(one)) ?? ''
    return newClient().unlock('second-key', await join(link, 'second-key'))
  }
  const signAll = async (proposer: Desk) => {
    const other = await otherFounder(proposer.state.volunteer.id)
    for (const change of await other.listPending()) {
      if (change.refusal === null) await other.sign(change)
    }
    await proposer.refreshDirectory()
  }
  const serving = new AsyncDisposableStack()
  const house: DeskHouse = {
    database,
    owner,
    deskDb,
    rootPublicKey,
    faults,
    invitations: links,
    newClient,
    join,
    signAll,
    signIn: (name) => newClient().unlock(name, joined.get(name) ?? ''),
    keyHolder: async (name) => {
      const used = founders.map(({ link }) => link)
      const passphrase = await join(links.find((one) => !used.includes(one)) ?? '', name)
      return newClient().unlock(name, passphrase)
    },
    admitted: async (by, name, centre = 'global', roles = ['reviewer']) => {
      const link = await by.invite(PUBLIC_URL, { roles, centre })
      const passphrase = await join(link, name)
      const applicant = (await by.listApplicants()).find(({ volunteer }) => volunteer === name)
      if (applicant === undefined) throw new Error('the applicant did not arrive')
      // Only now are there two key holders, if the test has let just one in.
      await otherFounder(by.state.volunteer.id)
      await by.refreshDirectory()
      await by.admit(applicant)
      await signAll(by)
      return newClient().unlock(name, passphrase)
    },
    send: (submission, centre = 'global') =>
      receiveEnvelope(
        {
          plaintext: encodeSubmission(submission),
          id: random(32),
          centre,
          line: 'web',
          channel: 'web',
          language: submission.language,
          receipts: [],
        },
        commits,
      ),
    sendSealed: (input) =>
      receiveCiphertext(
        input,
        { centre: 'global', line: 'web', channel: 'web', language: 'en' },
        commits,
      ),
    startPublisher: async () => {
      const identity = await generateIdentity()
      const recipient = await recipientOf(identity)
      const note = fromUtf8(formatPublisherRecipient({ register: REGISTER, recipient }, logKey))
      await sql`UPDATE avow.publisher_recipient SET current = false`.execute(owner)
      await sql`INSERT INTO avow.publisher_recipient (recipient_hash, note, current)
        VALUES (${sha256(utf8(recipient))}, ${note}, true)`.execute(owner)
      return identity
    },
    request,
    serve: async () => {
      const assets = await createAssets()
      const app = new Hono()
      app.route('/desk', routes)
      app.route('/desk', (await createAppPage(assets)).routes)
      app.route('/', assets.routes)
      const { port } = serving.use(await serve(app, { host: '127.0.0.1', port: 0 }))
      return `http://127.0.0.1:${port}`
    },
    clockAt: new Date('2026-03-02T10:00:00Z'),
    async [Symbol.asyncDispose]() {
      await serving.disposeAsync()
      await commits[Symbol.asyncDispose]()
      await Promise.all([owner.destroy(), deskDb.destroy(), intakeDb.destroy()])
      await database[Symbol.asyncDispose]()
    },
  }
  return house
}

/** A plain submission of made-up persons; change what a test is about. */
export function exampleSubmission(changes: Partial<Submission> = {}): Submission {
  return {
    format: 'avow/submission/v1',
    form: 'ab'.repeat(32),
    language: 'en',
    channel: 'web',
    who: 'self',
    replaces: null,
    claimed: 0,
    statement: { kind: 'own', language: 'en', text: 'A made-up text of a made-up person.' },
    persons: [examplePerson()],
    ...changes,
  }
}

export type Person = Submission['persons'][number]

export function examplePerson(changes: Partial<Person> = {}): Person {
  return {
    name: { kind: 'alias', value: 'Example Person' },
    organisations: ['league'],
    about: { sector: 'education', voice: 'own' },
    consents: {
      text: true,
      name: true,
      position: false,
      few: false,
      bulletin: false,
      broadcast: false,
    },
    evidence: 'self',
    key: 'served',
    receipt: null,
    ...changes,
  }
}
