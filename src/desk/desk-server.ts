import type { Context, Handler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { DirectoryPins } from '../centres/directory-pin.ts'
import { CentresError } from '../centres/error.ts'
import { type DirectoryReader, followDirectory } from '../centres/load-directory.ts'
import { HttpError, problem } from '../http/error-response.ts'
import { readBody } from '../http/read-body.ts'
import { inCentre } from '../postgres/transaction.ts'
import type { Volunteer } from '../sealing/directory-state.ts'
import { SealingError, type SealingErrorCode } from '../sealing/error.ts'
import type { DeskDatabase, DeskRequest } from './desk-context.ts'
import { DESK_REFUSALS, DeskError, type DeskRefusal } from './error.ts'
import { LoginDelay } from './login-delay.ts'
import { PasskeyChallenges } from './passkey-challenges.ts'
import { Sessions } from './sessions.ts'

export interface DeskDependencies {
  readonly db: DeskDatabase
  readonly register: string
  readonly rootPublicKey: Uint8Array
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly wait: (ms: number) => Promise<void>
  /** Keeps what was verified of the directory from being taken back over a restart. */
  readonly pins?: DirectoryPins
  /** Whether people reach the desk over TLS; on a loopback address the cookie has its plain name. */
  readonly secure: boolean
  /** The address people use, for what browsers bind passkeys to. */
  readonly publicUrl: string
  /** Told of errors that are no refusals; it must not log what they carry. */
  readonly onFault: (error: Error) => void
}

/** What the handlers of the desk's API share: one process's sessions, its directory, its ways to answer. */
export interface DeskServer extends DeskDependencies {
  readonly sessions: Sessions
  readonly loginDelay: LoginDelay
  /** For signing in, which anybody may begin, and for adding a passkey, apart: a flood of the one must not end the other. */
  readonly loginChallenges: PasskeyChallenges
  readonly addChallenges: PasskeyChallenges
  readonly directory: DirectoryReader
  readonly cookie: string
}

export function createDeskServer(dependencies: DeskDependencies): DeskServer {
  const { db, register, rootPublicKey, secure, wait, pins, onFault } = dependencies
  const onRubbish = (code: SealingErrorCode) =>
    onFault(new SealingError(code, 'a directory row does not verify and is left out'))
  return {
    ...dependencies,
    sessions: new Sessions(dependencies),
    loginDelay: new LoginDelay(wait),
    loginChallenges: new PasskeyChallenges(50_000, dependencies),
    addChallenges: new PasskeyChallenges(1_000, dependencies),
    directory: followDirectory(db, register, rootPublicKey, {
      onRubbish,
      ...(pins === undefined ? {} : { pins }),
    }),
    cookie: secure ? '__Host-avow-desk' : 'avow-desk',
  }
}

export function today(server: Pick<DeskServer, 'clock'>): string {
  return server.clock().toISOString().slice(0, 10)
}

/**
 * Who asks. A session ends here, whatever the server remembers, when the directory says something new of its owner:
 * suspended, gone, other tasks, another centre, other keys.
 */
export async function authenticate(server: DeskServer, c: Context): Promise<Volunteer> {
  const token = getCookie(c, server.cookie)
  const owner = server.sessions.ownerOf(token)
  const volunteer = (await server.directory.current()).volunteers.get(owner.volunteer)
  if (volunteer === undefined || volunteer.since !== owner.since) {
    if (token !== undefined) server.sessions.close(token)
    throw new DeskError('locked', 'the directory says something else of them now')
  }
  return volunteer
}

/** Authentication comes before the body is read, so that only volunteers can make us read a large one. */
export async function requireReviewer(server: DeskServer, c: Context): Promise<Volunteer> {
  const volunteer = await authenticate(server, c)
  if (!volunteer.roles.some((role) => role === 'reviewer' || role === 'key-holder')) {
    throw new DeskError('not_allowed', 'not a reviewer')
  }
  return volunteer
}

/** Key holders, and coordinators for the keys of their own centre: the directory judges which change is whose. */
export async function requirePeopleKeeper(server: DeskServer, c: Context): Promise<Volunteer> {
  const volunteer = await authenticate(server, c)
  if (!volunteer.roles.some((role) => role === 'key-holder' || role === 'coordinator')) {
    throw new DeskError('not_allowed', 'neither key holder nor coordinator')
  }
  return volunteer
}

export async function requireKeyHolder(server: DeskServer, c: Context): Promise<Volunteer> {
  const volunteer = await authenticate(server, c)
  if (!volunteer.roles.includes('key-holder')) throw new DeskError('not_allowed', 'no key holder')
  return volunteer
}

/** One request is one transaction that sees the volunteer's own centre only. */
export function inTransaction<Result>(
  server: DeskServer,
  volunteer: Volunteer,
  work: (request: DeskRequest) => Promise<Result>,
): Promise<Result> {
  const { db, random } = server
  return inCentre(db, volunteer.centre, (tx) => work({ tx, volunteer, day: today(server), random }))
}

/**
 * For every request that changes something. A page of another site can make a browser send a form, but
 * neither our content type nor our Origin.
 */
export const requireOwnOrigin: Handler = async (c, next) => {
  if (c.req.method !== 'GET') {
    const origin = c.req.header('origin')
    const host = c.req.header('host') ?? new URL(c.req.url).host
    if (origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host) {
      throw new DeskError('wrong_origin', 'sent by another page')
    }
    if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) {
      throw new DeskError('bad_request', 'not JSON')
    }
  }
  await next()
}

export async function readJson(c: Context, maxBytes: number): Promise<unknown> {
  const bytes = await readBody(c.req.raw, maxBytes)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // No cause: the parser's message quotes what it read.
    throw new DeskError('bad_request', 'not JSON')
  }
}

/** Every error becomes a code. What is no refusal of ours is a fault: main hears of it, the volunteer sees `unavailable`. */
export function answerError(server: Pick<DeskServer, 'onFault'>, error: Error): Response {
  const code = refusalOf(error)
  if (code === 'unavailable') server.onFault(error)
  return problem(code, DESK_REFUSALS[code])
}

function refusalOf(error: Error): DeskRefusal {
  if (error instanceof DeskError) return error.code
  if (error instanceof HttpError) return error.code === 'too_large' ? 'too_large' : 'bad_request'
  if (error instanceof SealingError) return 'directory_refused'
  if (error instanceof CentresError) return refusalOfCentres(error)
  return 'unavailable'
}

function refusalOfCentres({ code }: CentresError): DeskRefusal {
  switch (code) {
    case 'invitation_gone':
    case 'name_taken':
    case 'directory_moved':
    case 'change_refused':
    case 'change_gone':
    case 'month_in_use':
      return code
    case 'bad_invitation':
    case 'wrong_invitation_root':
      return 'bad_request'
    case 'directory_exists':
    case 'directory_missing':
    case 'bad_pin':
      return 'directory_refused'
  }
}
