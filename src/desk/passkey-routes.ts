import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { findAccounts } from '../centres/account-store.ts'
import {
  findPasskey,
  listPasskeys,
  raiseCounter,
  removePasskey,
  storePasskey,
} from '../centres/passkey-store.ts'
import { toBase64 } from '../encoding/base64.ts'
import { authenticate, type DeskServer, readJson } from './desk-server.ts'
import { DeskError } from './error.ts'
import { type RelyingParty, relyingPartyOf } from './relying-party.ts'
import {
  parseRequest,
  passkeyAddRequest,
  passkeyLoginRequest,
  passkeyRemoveRequest,
  SMALL_BODY_BYTES,
} from './requests.ts'
import { signIn } from './sign-in.ts'
import { verifyAssertion, verifyNewPasskey } from './verify-passkey.ts'

/**
 * Passkeys beside the seven words: which there are, a new one, one less, and signing in by one. The server checks a
 * signature and hands out a wrapped passphrase that only the authenticator's PRF opens. The words are no passkey and
 * stay, so nobody takes their last way away.
 */
export function passkeyRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  // Credentials are discoverable: nobody has to say, and nobody can ask, who has which.
  routes.post('/passkey/challenge', (c) => {
    const { id } = requireRelyingParty(server, c)
    return c.json({ rpId: id, challenge: server.loginChallenges.give('login') })
  })

  routes.post('/passkey/login', async (c) => {
    const party = requireRelyingParty(server, c)
    const asked = parseRequest(passkeyLoginRequest, await readJson(c, SMALL_BODY_BYTES))
    const passkey = await findPasskey(server.db, asked.id.bytes)
    // Guesses at unknown credentials share one turn.
    const proven = await server.loginDelay.answer(passkey?.volunteer ?? 'no passkey', async () => {
      if (passkey === undefined) return undefined
      const counter = await verifyAssertion(asked, passkey, party, server.loginChallenges)
      if (counter === undefined) return undefined
      return (await raiseCounter(server.db, passkey, counter)) ? passkey : undefined
    })
    if (proven === undefined) throw new DeskError('wrong_passkey', 'no such passkey and signature')
    const { volunteer, wrapped } = proven
    const accounts = await findAccounts(server.db, volunteer)
    const account = accounts.find(({ admitted }) => admitted)
    if (account === undefined) throw new DeskError('wrong_passkey', 'the account is gone')
    const answer = await signIn(server, c, account)
    return c.json({ ...answer, volunteer, wrapped: toBase64(wrapped) })
  })

  routes.get('/passkeys', async (c) => {
    const { id } = await authenticate(server, c)
    const passkeys = (await listPasskeys(server.db, id)).map(({ credential, sealedName }) => ({
      credential: toBase64Url(credential),
      sealedName: toBase64(sealedName),
    }))
    return c.json({ passkeys })
  })

  routes.post('/passkeys/challenge', async (c) => {
    const { id } = await authenticate(server, c)
    const party = requireRelyingParty(server, c)
    const known = await listPasskeys(server.db, id)
    return c.json({
      rpId: party.id,
      challenge: server.addChallenges.give(id),
      userId: userIdOf(server.register, id),
      known: known.map(({ credential }) => toBase64Url(credential)),
    })
  })

  routes.post('/passkeys/add', async (c) => {
    const { id: volunteer } = await authenticate(server, c)
    const party = requireRelyingParty(server, c)
    const asked = parseRequest(passkeyAddRequest, await readJson(c, SMALL_BODY_BYTES))
    const { wrapped, sealedName } = asked
    const made = await verifyNewPasskey(asked, volunteer, party, server.addChallenges)
    if (made === undefined) throw new DeskError('passkey_refused', 'does not verify')
    const passkey = { ...made, volunteer, wrapped, sealedName }
    if (!(await storePasskey(server.db, passkey))) {
      throw new DeskError('passkey_refused', 'in use already, or one too many')
    }
    return c.json({})
  })

  routes.post('/passkeys/remove', async (c) => {
    const { id } = await authenticate(server, c)
    const asked = parseRequest(passkeyRemoveRequest, await readJson(c, SMALL_BODY_BYTES))
    if (!(await removePasskey(server.db, id, asked.credential.bytes))) {
      throw new DeskError('not_found', 'no such passkey')
    }
    return c.json({})
  })

  return routes
}

/** `requireOwnOrigin` has compared the page's origin with the host it was sent to. */
function requireRelyingParty(server: DeskServer, c: Context): RelyingParty {
  const party = relyingPartyOf(server.publicUrl, c.req.header('origin') ?? '')
  if (party === undefined)
    throw new DeskError('no_passkeys', 'no host name that they can be bound to')
  return party
}

/** The same for all passkeys of one account, so that an authenticator keeps one of them, and no name in clear. */
function userIdOf(register: string, volunteer: string): string {
  const named = `avow/passkey-user/v1\n${register}\n${volunteer}`
  return createHash('sha256').update(named).digest('base64url')
}

function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
