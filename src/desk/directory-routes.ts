import { Hono } from 'hono'
import { sql } from 'kysely'
import { listApplicants, removeApplicant } from '../centres/account-store.ts'
import { readDirectoryEntries } from '../centres/load-directory.ts'
import { signChange } from '../centres/sign-change.ts'
import {
  authenticate,
  type DeskServer,
  inTransaction,
  readJson,
  requireKeyHolder,
} from './desk-server.ts'
import { DeskError } from './error.ts'
import { releaseCasesOf } from './release-cases.ts'
import {
  applicantRequest,
  directoryRequest,
  inviteRequest,
  LARGE_BODY_BYTES,
  parseRequest,
  SMALL_BODY_BYTES,
} from './requests.ts'
import { writeAudit } from './write-audit.ts'

/** What key holders do: invite, compare codes, sign. The server only keeps what the root signed. */
export function directoryRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.get('/directory', async (c) => {
    await authenticate(server, c)
    return c.json({ entries: await readDirectoryEntries(server.db) })
  })

  routes.post('/directory', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const { entry, keys } = parseRequest(directoryRequest, await readJson(c, LARGE_BODY_BYTES))
    await inTransaction(server, keyHolder, async (request) => {
      const directory = await server.directory.current()
      const toHand = keys.map((key) => ({ ...key, id: request.random(16) }))
      const change = await signChange(request.tx, directory, entry, toHand)
      const leaver = change.change === 'revoke' ? directory.volunteers.get(change.id) : undefined
      if (leaver !== undefined) await releaseCasesOf(request, leaver)
      await writeAudit(request, 'sign-directory', null)
    })
    return c.json({})
  })

  routes.post('/invite', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const { lookup, sealed } = parseRequest(inviteRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, keyHolder, async (request) => {
      await sql`INSERT INTO avow.invitation (lookup_hash, sealed, day)
        VALUES (${lookup}, ${sealed}, ${request.day})`.execute(request.tx)
      await writeAudit(request, 'invite', null)
    })
    return c.json({})
  })

  routes.get('/applicants', async (c) => {
    await requireKeyHolder(server, c)
    return c.json({ applicants: await listApplicants(server.db) })
  })

  routes.post('/applicants/refuse', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const { volunteer } = parseRequest(applicantRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, keyHolder, async ({ tx }) => {
      if (!(await removeApplicant(tx, volunteer))) throw new DeskError('not_found', 'no applicant')
    })
    return c.json({})
  })

  return routes
}
