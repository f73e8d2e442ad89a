import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { deleteCookie, getCookie } from 'hono/cookie'
import { sql } from 'kysely'
import { acceptInvitation } from '../centres/accept-invitation.ts'
import { findAccounts, replaceKeyring } from '../centres/account-store.ts'
import { toBase64 } from '../encoding/base64.ts'
import { authenticate, type DeskServer, readJson, today } from './desk-server.ts'
import { DeskError } from './error.ts'
import {
  acceptRequest,
  keyringRequest,
  loginRequest,
  lookupRequest,
  parseRequest,
  SMALL_BODY_BYTES,
} from './requests.ts'
import { handedTo, signIn } from './sign-in.ts'

/** Coming in and going out: invitation, sign-in, keyring. */
export function accountRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.post('/invitation', async (c) => {
    const { lookup } = parseRequest(lookupRequest, await readJson(c, SMALL_BODY_BYTES))
    const { rows } = await sql<{ sealed: Uint8Array }>`
      SELECT sealed FROM avow.invitation WHERE lookup_hash = ${lookup}`.execute(server.db)
    const [found] = rows
    if (found === undefined) throw new DeskError('invitation_gone', 'used already or never made')
    await server.directory.current()
    return c.json({ sealed: toBase64(found.sealed), entries: server.directory.entries() })
  })

  routes.post('/invitation/accept', async (c) => {
    const request = parseRequest(acceptRequest, await readJson(c, SMALL_BODY_BYTES))
    const { lookup, volunteer, loginProof, keyring, wish } = request
    const directory = await server.directory.current()
    const account = { volunteer, loginHash: server.sha256(loginProof), keyring }
    const state = await server.db
      .transaction()
      .execute((tx) => acceptInvitation(tx, directory, lookup, account, wish, today(server)))
    return c.json({ state })
  })

  routes.post('/login', async (c) => {
    const { volunteer, loginProof } = parseRequest(
      loginRequest,
      await readJson(c, SMALL_BODY_BYTES),
    )
    const account = await server.loginDelay.answer(volunteer, async () => {
      const hash = server.sha256(loginProof)
      const accounts = await findAccounts(server.db, volunteer)
      return accounts.find(({ loginHash }) => timingSafeEqual(loginHash, hash))
    })
    if (account === undefined) throw new DeskError('wrong_passphrase', 'no such name and proof')
    return c.json(await signIn(server, c, account))
  })

  routes.post('/logout', async (c) => {
    const token = getCookie(c, server.cookie)
    if (token !== undefined) server.sessions.close(token)
    deleteCookie(c, server.cookie, { path: '/', secure: server.secure })
    return c.json({})
  })

  routes.get('/handed', async (c) => {
    const { id } = await authenticate(server, c)
    return c.json({ handed: await handedTo(server, id) })
  })

  routes.post('/keyring', async (c) => {
    const { id } = await authenticate(server, c)
    const { keyring, at, taken } = parseRequest(keyringRequest, await readJson(c, SMALL_BODY_BYTES))
    await server.db.transaction().execute((tx) => replaceKeyring(tx, id, { keyring, at }, taken))
    return c.json({})
  })

  return routes
}
