import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import { listApplicants, removeApplicant } from '../centres/account-store.ts'
import {
  findPendingChange,
  listPendingChanges,
  removePendingChange,
} from '../centres/pending-change-store.ts'
import { proposeChange } from '../centres/propose-change.ts'
import { signChange } from '../centres/sign-change.ts'
import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import { parsePending } from '../sealing/directory-signatures.ts'
import type { DeskRequest } from './desk-context.ts'
import {
  authenticate,
  type DeskServer,
  inTransaction,
  readJson,
  requireKeyHolder,
  requirePeopleKeeper,
} from './desk-server.ts'
import { DeskError } from './error.ts'
import { listClosedMonths, listMonths, requireMonthFinished } from './months.ts'
import { releaseCasesOf } from './release-cases.ts'
import {
  applicantRequest,
  inviteRequest,
  LARGE_BODY_BYTES,
  parseRequest,
  pendingRequest,
  proposeChangeRequest,
  SMALL_BODY_BYTES,
  signRequest,
} from './requests.ts'
import { writeAudit } from './write-audit.ts'

/** Where two people change the directory: one proposes, another signs. The server keeps and checks, and signs nothing. */
export function directoryRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.get('/directory', async (c) => {
    await authenticate(server, c)
    return c.json({ entries: server.directory.entries() })
  })

  routes.get('/directory/pending', async (c) => {
    const { id } = await requirePeopleKeeper(server, c)
    const pending = (await listPendingChanges(server.db, id)).map((one) => ({
      ...one,
      id: toHex(one.id),
      ownKey: one.ownKey === null ? null : toBase64(one.ownKey),
    }))
    return c.json({ pending })
  })

  routes.post('/directory/propose', async (c) => {
    const by = await requirePeopleKeeper(server, c)
    const asked = parseRequest(proposeChangeRequest, await readJson(c, LARGE_BODY_BYTES))
    const { keys, ...pending } = asked
    await inTransaction(server, by, async (request) => {
      const directory = await server.directory.current()
      const { tx, random, day } = request
      const change = await proposeChange(tx, directory, {
        by,
        id: random(16),
        pending,
        keys: keys.map((key) => ({ ...key, id: random(16) })),
        day,
      })
      if (change.change === 'close') await requireMonthFinished(request, directory, change)
      await writeAudit(request, 'propose-directory', null)
    })
    return c.json({})
  })

  routes.post('/directory/discard', async (c) => {
    const keeper = await requirePeopleKeeper(server, c)
    const { pending } = parseRequest(pendingRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, keeper, async (request) => {
      const found = await findPendingChange(request.tx, pending)
      const own = found !== undefined && parsePending(found).proposed.by === keeper.id
      if (!own && !keeper.roles.includes('key-holder')) {
        throw new DeskError('not_allowed', 'somebody else’s proposal')
      }
      if (!(await removePendingChange(request.tx, pending))) {
        throw new DeskError('change_gone', 'the change waits no longer')
      }
      await writeAudit(request, 'discard-directory', null)
    })
    return c.json({})
  })

  routes.post('/directory', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const asked = parseRequest(signRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, keyHolder, (request) => sign(server, request, asked))
    return c.json({})
  })

  routes.get('/months', async (c) => {
    const keeper = await requirePeopleKeeper(server, c)
    const directory = await server.directory.current()
    const answer = await inTransaction(server, keeper, async (request) => ({
      months: await listMonths(request, directory),
      closed: await listClosedMonths(request, directory),
    }))
    return c.json(answer)
  })

  routes.get('/audit-head', async (c) => {
    const { roles, ...volunteer } = await authenticate(server, c)
    if (!roles.some((role) => ['auditor', 'coordinator', 'key-holder'].includes(role))) {
      throw new DeskError('not_allowed', 'nobody who watches over the audit')
    }
    const head = await inTransaction(server, { ...volunteer, roles }, ({ tx }) =>
      tx.selectFrom('avow.audit_head').select(['place', 'hash']).executeTakeFirst(),
    )
    return c.json({ head: head === undefined ? null : { ...head, hash: toHex(head.hash) } })
  })

  routes.post('/invite', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const asked = parseRequest(inviteRequest, await readJson(c, SMALL_BODY_BYTES))
    const { lookup, sealed, renews } = asked
    await inTransaction(server, keyHolder, async (request) => {
      await sql`INSERT INTO avow.invitation (lookup_hash, sealed, renews, day)
        VALUES (${lookup}, ${sealed}, ${renews}, ${request.day})`.execute(request.tx)
      await writeAudit(request, 'invite', null)
    })
    return c.json({})
  })

  routes.get('/applicants', async (c) => {
    await requireKeyHolder(server, c)
    return c.json({ applicants: await listApplicants(server.db) })
  })

  routes.post('/applicants/refuse', (c) => refuseApplicant(server, c))

  return routes
}

async function sign(
  server: DeskServer,
  request: DeskRequest,
  { entry, pending }: ReturnType<typeof signRequest.parse>,
): Promise<void> {
  const directory = await server.directory.current()
  const rubbish = server.directory.rubbish()?.row
  const change = await signChange(request.tx, directory, { entry, pending, rubbish })
  if (change.change === 'close') await requireMonthFinished(request, directory, change)
  if (change.change === 'suspend' || change.change === 'revoke' || change.change === 'volunteer') {
    // Whoever leaves, or comes back as somebody slightly else, holds no case meanwhile.
    const before = directory.volunteers.get(change.id)
    if (before !== undefined) await releaseCasesOf(request, before)
  }
  await writeAudit(request, 'sign-directory', null)
}

async function refuseApplicant(server: DeskServer, c: Context): Promise<Response> {
  const keyHolder = await requireKeyHolder(server, c)
  const { volunteer } = parseRequest(applicantRequest, await readJson(c, SMALL_BODY_BYTES))
  await inTransaction(server, keyHolder, async ({ tx }) => {
    if (!(await removeApplicant(tx, volunteer))) throw new DeskError('not_found', 'no applicant')
  })
  return c.json({})
}
