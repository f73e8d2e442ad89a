import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import { z } from 'zod'
import { mayAudit } from '../declaration/audit.ts'
import { toBase64 } from '../encoding/base64.ts'
import type { Volunteer } from '../sealing/directory-state.ts'
import { authenticate, type DeskServer, inTransaction, readJson } from './desk-server.ts'
import { DeskError } from './error.ts'
import { parseRequest, SMALL_BODY_BYTES } from './requests.ts'
import { writeAudit } from './write-audit.ts'

const firstParameter = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,14})$/)
  .transform(Number)
const auditRequest = z.strictObject({ written: z.string().max(16 * 1024) })

/**
 * For auditors: what is kept of each batch's approvals, sealed to them, and where a signed audit waits for the publisher. No
 * case, text or name is behind any of it, and nobody needs to be a reviewer.
 */
export function auditRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.get('/audits', async (c) => {
    const batches = await asAuditor(server, c, async ({ tx }) => {
      const { rows } = await sql<{ first: number; size: number }>`
        SELECT first_index AS first, size FROM avow.approval_evidence
        ORDER BY first_index DESC LIMIT 2000`.execute(tx)
      return rows
    })
    return c.json({ batches })
  })

  routes.post('/audits/:first/open', async (c) => {
    const first = parseRequest(firstParameter, c.req.param('first'))
    const sealed = await asAuditor(server, c, async (request) => {
      await writeAudit(request, 'open-approvals', null)
      const { rows } = await sql<{ sealed: Uint8Array }>`
        SELECT sealed FROM avow.approval_evidence WHERE first_index = ${first}`.execute(request.tx)
      return rows[0]?.sealed
    })
    return c.json({ sealed: sealed === undefined ? null : toBase64(sealed) })
  })

  routes.post('/audits', async (c) => {
    const auditor = await requireAuditor(server, c)
    const { written } = parseRequest(auditRequest, await readJson(c, SMALL_BODY_BYTES))
    await inTransaction(server, auditor, async (request) => {
      await sql`INSERT INTO avow.signed_audit (id, written)
        VALUES (${request.random(16)}, ${written})`.execute(request.tx)
      await writeAudit(request, 'publish-audit', null)
    })
    return c.json({})
  })

  return routes
}

async function asAuditor<Result>(
  server: DeskServer,
  c: Context,
  work: Parameters<typeof inTransaction<Result>>[2],
): Promise<Result> {
  return inTransaction(server, await requireAuditor(server, c), work)
}

async function requireAuditor(server: DeskServer, c: Context): Promise<Volunteer> {
  const volunteer = await authenticate(server, c)
  if (!mayAudit(volunteer)) throw new DeskError('not_allowed', 'no auditor')
  return volunteer
}
