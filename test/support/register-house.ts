import { hash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import { type Kysely, sql } from 'kysely'
import {
  type ApprovedItem,
  approveMessage,
  encodeApprovedItem,
  proposeMessage,
} from '../../src/declaration/approved-item.ts'
import { commit, newSalt } from '../../src/declaration/commitment.ts'
import { formHash, parseFormDefinition } from '../../src/declaration/form-definition.ts'
import { aboutVariants } from '../../src/declaration/minimum-group.ts'
import type { Proposal, ProposedDeclaration } from '../../src/declaration/proposal.ts'
import { proposalHash } from '../../src/declaration/proposal-hash.ts'
import {
  type About,
  encodeAbout,
  encodeBody,
  encodeName,
  type StatementText,
} from '../../src/declaration/values.ts'
import { toBase64 } from '../../src/encoding/base64.ts'
import { fromUtf8, utf8 } from '../../src/encoding/bytes.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import type { NotBefore } from '../../src/register/approved-item-store.ts'
import { RegisterError } from '../../src/register/error.ts'
import { loadLogKeys, loadStagingKey } from '../../src/register/log-keys.ts'
import { type PublisherDeps, runPublisher } from '../../src/register/publisher.ts'
import type { RegisterTables } from '../../src/register/tables.ts'
import { generateIdentity, recipientOf, sealTo } from '../../src/sealing/age.ts'
import { extendDirectory } from '../../src/sealing/directory.ts'
import type { DirectoryChange } from '../../src/sealing/directory-change.ts'
import type { DirectoryEntry } from '../../src/sealing/directory-entry.ts'
import { signFounding, signPending, signProposal } from '../../src/sealing/directory-signing.ts'
import { type Directory, emptyDirectory } from '../../src/sealing/directory-state.ts'
import { pad } from '../../src/sealing/padding.ts'
import { checkLog } from './check-log.ts'
import { startTestDatabase, type TestDatabase } from './test-database.ts'
import type { TestReceipt } from './test-receipt.ts'

export const REGISTER = 'localhost/test'
export const CENTRE = 'global'
export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer')
export const random = (length: number) => new Uint8Array(randomBytes(length))
const formPath = new URL('../../registers/quit-ccp/form.json', import.meta.url)
const ACTS_AT_ONCE = { minActs: 1, maxDays: 0, withdrawHours: 0 }
const AT_ONCE: NotBefore = { minHours: 0, maxHours: 0, minStatements: 1, maxDays: 0 }

export type TestPerson = {
  readonly name?: string
  readonly about?: Partial<About>
  readonly hideText?: boolean
  readonly hideName?: boolean
  readonly lookup?: string
  /** Owns the declaration; what stays hidden is remembered in it. */
  readonly receipt?: TestReceipt
}
export type TestStatement = {
  readonly id?: string
  readonly text: StatementText | null
  readonly persons: readonly TestPerson[]
}
export type Signer = { readonly id: string; readonly seed: Uint8Array }

/** A register with a real database and real files, a signed directory and two volunteers who approve what a test hands in. */
export interface RegisterHouse extends AsyncDisposable {
  readonly database: TestDatabase
  readonly owner: Kysely<RegisterTables>
  readonly folder: string
  readonly publicFolder: string
  readonly stagingFolder: string
  readonly rootPublicKey: Uint8Array
  readonly identity: string
  readonly signers: readonly [Signer, Signer]
  clockAt: Date
  readonly deps: (changed?: Partial<PublisherDeps>) => PublisherDeps
  /** A publisher that looks only when told. */
  readonly start: (changed?: Partial<PublisherDeps>) => ReturnType<typeof runPublisher>
  /** The code with which a start is refused. A start that succeeds is stopped again, and fails the test. */
  readonly refusal: (changed?: Partial<PublisherDeps>) => Promise<string>
  /** Verifies everything that is served, with the keys of this house. */
  readonly check: (witnessLines?: string) => ReturnType<typeof checkLog>
  /** As a failover would: every connection of the publisher is ended by the server. */
  readonly cutConnections: () => Promise<void>
  readonly changeDirectory: (change: DirectoryChange) => Promise<void>
  /** Files an approved case with these statements; returns its id. */
  readonly approve: (
    statements: readonly TestStatement[],
    change?: (item: ApprovedItem) => ApprovedItem,
  ) => Promise<Uint8Array>
  readonly file: (caseId: Uint8Array, sealed: Uint8Array) => Promise<void>
  readonly sealed: (item: ApprovedItem) => Promise<Uint8Array>
  readonly signed: (proposal: Proposal) => ApprovedItem
}

export async function openRegisterHouse(): Promise<RegisterHouse> {
  const database = await startTestDatabase()
  const owner = openDatabase<RegisterTables>(database.ownerUrl, { max: 2 })
  const db = openDatabase<RegisterTables>(database.urls.avow_publisher, { max: 4 })
  const folder = await mkdtemp(join(tmpdir(), 'avow-register-'))
  const form = parseFormDefinition(await readFile(formPath, 'utf8'))
  const formId = formHash(form, sha256)
  const logKeys = await loadLogKeys(join(folder, 'secrets'), REGISTER, random)
  const stagingKey = await loadStagingKey(join(folder, 'secrets'), random)
  const identity = await generateIdentity()
  const recipient = await recipientOf(identity)
  const rootSeed = random(32)
  const day = '2026-01-01'
  let directory: Directory = emptyDirectory(REGISTER, ed25519.getPublicKey(rootSeed))
  const append = async (entry: DirectoryEntry) => {
    await owner
      .insertInto('avow.directory_change')
      .values({ seq: directory.size, ...entry })
      .execute()
    directory = extendDirectory(directory, [entry])
  }
  const founders = ['founder-one', 'founder-two'].map((id) => ({ id, seed: random(32) }))
  const changeDirectory = async (change: DirectoryChange) => {
    const [first, second] = founders
    if (first === undefined || second === undefined) throw new RangeError('two founders')
    const pending = signProposal(REGISTER, day, change, first, random(16))
    await append(signPending(directory, day, pending, second))
  }
  const byRoot = (change: DirectoryChange) =>
    append(signFounding('root', directory, day, change, rootSeed))
  const invite = async (id: string): Promise<Signer> => {
    const seed = random(32)
    await changeDirectory({
      change: 'volunteer',
      id,
      roles: ['key-holder', 'reviewer'],
      centre: CENTRE,
      recipient: await recipientOf(await generateIdentity()),
      signingKey: ed25519.getPublicKey(seed),
    })
    return { id, seed }
  }
  await byRoot({ change: 'root', root: ed25519.getPublicKey(rootSeed) })
  await byRoot({
    change: 'centre',
    id: CENTRE,
    month: '2026-01',
    recipient: await recipientOf(await generateIdentity()),
  })
  const foundingSeeds = [random(32), random(32)]
  const [one, two] = foundingSeeds.map((seed) => ed25519.getPublicKey(seed))
  if (one === undefined || two === undefined) throw new RangeError('two founders')
  await byRoot({ change: 'found', founders: [one, two] })
  for (const [i, { id, seed }] of founders.entries()) {
    const change: DirectoryChange = {
      change: 'volunteer',
      id,
      roles: ['key-holder'],
      centre: CENTRE,
      recipient: await recipientOf(await generateIdentity()),
      signingKey: ed25519.getPublicKey(seed),
    }
    await append(signFounding('founder', directory, day, change, foundingSeeds[i] ?? seed))
  }
  const signers = [await invite('plum-otter'), await invite('blue-heron')] as const

  const signed = (proposal: Proposal): ApprovedItem => {
    const digest = proposalHash(proposal, sha256)
    const [proposer, decider] = signers
    return {
      proposal,
      proposedBy: proposer.id,
      proposedSignature: toBase64(ed25519.sign(proposeMessage(digest), proposer.seed)),
      approvedBy: decider.id,
      approvedSignature: toBase64(ed25519.sign(approveMessage(digest), decider.seed)),
    }
  }
  const sealed = (item: ApprovedItem) => sealTo([recipient], pad(encodeApprovedItem(item)))
  const file = async (caseId: Uint8Array, ciphertext: Uint8Array) => {
    await sql`
      INSERT INTO avow."case" (id, centre, line, channel, language, day, size_class, state)
      VALUES (${caseId}, ${CENTRE}, 'web', 'web', 'en', '2026-01-01', 2048, 'approved')`.execute(
      owner,
    )
    await owner
      .insertInto('avow.approved_item')
      .values({
        case_id: caseId,
        kind: 'desk',
        centre: CENTRE,
        recipient_hash: sha256(utf8(recipient)),
        sealed: ciphertext,
        due_hour: null,
        last_hour: null,
        state: 'waiting',
      })
      .execute()
  }
  const house: RegisterHouse = {
    database,
    owner,
    folder,
    rootPublicKey: ed25519.getPublicKey(rootSeed),
    publicFolder: join(folder, 'data/public'),
    stagingFolder: join(folder, 'data/staging'),
    identity,
    signers,
    clockAt: new Date('2026-03-01T10:00:00Z'),
    changeDirectory,
    signed,
    sealed,
    file,
    deps: (changed = {}) => ({
      db,
      databaseUrl: database.urls.avow_publisher,
      config: {
        name: REGISTER,
        publicFolder: house.publicFolder,
        stagingFolder: house.stagingFolder,
        form,
        formHash: formId,
        notBefore: AT_ONCE,
        acts: ACTS_AT_ONCE,
        sample: false,
      },
      rootPublicKey: house.rootPublicKey,
      identity,
      logKeys,
      stagingKey,
      clock: () => house.clockAt,
      random,
      sha256,
      pollMs: 3_600_000,
      ...changed,
    }),
    start: (changed) => runPublisher(house.deps(changed)),
    async refusal(changed) {
      try {
        await using _started = await house.start(changed)
      } catch (error) {
        if (error instanceof RegisterError) return error.code
        throw error
      }
      throw new Error('the publisher started')
    },
    check: (witnessLines = 'quorum none\n') => {
      const { declarations, events } = logKeys
      const keys = `log ${declarations.verifierKey}\nlog ${events.verifierKey}\n`
      return checkLog(house.publicFolder, `${keys}${witnessLines}`)
    },
    async cutConnections() {
      await sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'avow_publisher'`.execute(owner)
    },
    async approve(statements, change = (item) => item) {
      const caseId = random(16)
      const proposal: Proposal = {
        format: 'avow/proposal/v1',
        register: REGISTER,
        form: formId,
        case: toHex(caseId),
        centre: CENTRE,
        claimed: 0,
        keptOut: [],
        statements: proposedStatements(statements),
      }
      await file(caseId, await sealed(change(signed(proposal))))
      return caseId
    },
    async [Symbol.asyncDispose]() {
      await owner.destroy()
      await db.destroy()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return house
}

/** One statement of one person who shows everything. */
export function ownStatement(text: string, about: Partial<About> = {}): TestStatement {
  return { text: { kind: 'own', language: 'en', text }, persons: [{ name: `by ${text}`, about }] }
}

function proposedStatements(statements: readonly TestStatement[]): Proposal['statements'] {
  let person = 0
  return statements.map(({ id, text, persons }) => ({
    id: id ?? toHex(random(16)),
    text: persons.some(({ hideText }) => hideText !== true) ? text : null,
    declarations: persons.map((each) => proposedDeclaration(person++, text, each)),
  }))
}

function proposedDeclaration(
  person: number,
  text: StatementText | null,
  { name, about, hideText = false, hideName = false, receipt, ...given }: TestPerson,
): ProposedDeclaration {
  const finest: About = { language: 'en', voice: 'own', channel: 'web', few: false, ...about }
  const showsText = text !== null && !hideText
  const showsName = name !== undefined && !hideName
  const lookup = receipt?.lookup ?? given.lookup
  const body = text === null ? null : committed('body', encodeBody(text), showsText)
  const shownName = name === undefined ? null : committed('name', encodeName(name), showsName)
  const author = committed('author', receipt?.author ?? random(32), false)
  receipt?.remember({ author, body, name: shownName })
  return {
    person,
    orgs: ['party'],
    evidence: 'self',
    key: 'own',
    shown: { name: showsName, text: showsText },
    body: body === null ? null : { commitment: body.commitment, salt: body.salt },
    name:
      shownName === null || name === undefined
        ? null
        : {
            commitment: shownName.commitment,
            salt: shownName.salt,
            value: showsName ? name : null,
          },
    about: aboutVariants(finest).map((variant) => {
      const { commitment, salt } = committed('about', encodeAbout(variant), true)
      return { commitment, salt: salt ?? '', value: fromUtf8(encodeAbout(variant)) }
    }),
    few: finest.few,
    author: { commitment: author.commitment },
    sealed: lookup === undefined ? null : toBase64(utf8(`kept openings of ${lookup}`)),
    lookup: lookup ?? null,
    bulletin: false,
    broadcast: false,
  }
}

function committed(field: 'body' | 'name' | 'about' | 'author', value: Uint8Array, shown: boolean) {
  const salt = newSalt(random)
  return {
    commitment: toBase64(commit(field, salt, value, sha256)),
    salt: shown ? toBase64(salt) : null,
    opening: { salt, value },
  }
}
