import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { type Account, listHandedKeys } from '../centres/account-store.ts'
import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import type { DeskServer } from './desk-server.ts'
import { DeskError } from './error.ts'

/**
 * Opens a session for an account whose proof was checked, however it was given, and answers what a browser needs to
 * open its keyring. Throws DeskError for whom the directory does not name, or names as suspended.
 */
export async function signIn(server: DeskServer, c: Context, account: Account) {
  const { volunteer } = account
  const directory = await server.directory.current()
  const entry = directory.volunteers.get(volunteer)
  if (directory.suspendedVolunteers.has(volunteer)) {
    throw new DeskError('suspended', 'until two key holders enter them again')
  }
  if (entry === undefined || !account.admitted) {
    throw new DeskError('not_admitted', 'two key holders have not signed yet')
  }
  setCookie(c, server.cookie, server.sessions.open({ volunteer, since: entry.since }), {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: server.secure,
  })
  return {
    keyring: toBase64(account.keyring),
    entries: server.directory.entries(),
    handed: await handedTo(server, volunteer),
  }
}

/** The centre keys that others sealed to this volunteer and that are not in their keyring yet. */
export async function handedTo(server: DeskServer, volunteer: string) {
  const handed = await listHandedKeys(server.db, volunteer)
  return handed.map(({ id, sealed }) => ({ id: toHex(id), sealed: toBase64(sealed) }))
}
