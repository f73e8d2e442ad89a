import { Hono } from 'hono'
import { recover, requireRecoveryRequest } from '../centres/recover.ts'
import { findRecoveryFile, storeRecoveryFile } from '../centres/recovery-store.ts'
import { toBase64 } from '../encoding/base64.ts'
import { SealingError } from '../sealing/error.ts'
import { type DeskServer, inTransaction, readJson, requireKeyHolder, today } from './desk-server.ts'
import { DeskError } from './error.ts'
import {
  parseRequest,
  recoverRequest,
  recoveryFileRequest,
  recoveryOpenRequest,
  SMALL_BODY_BYTES,
} from './requests.ts'
import { writeAudit } from './write-audit.ts'

/**
 * The recovery file, which key holders' browsers keep up, and the way back for whoever holds enough shares. Those have
 * no account: what they ask for they sign with the key that two key holders named beforehand.
 */
export function recoveryRoutes(server: DeskServer): Hono {
  const routes = new Hono()

  routes.get('/recovery/file', async (c) => {
    await requireKeyHolder(server, c)
    const file = await findRecoveryFile(server.db)
    if (file === undefined) throw new DeskError('no_recovery', 'there is no recovery file')
    return c.json({ sealed: toBase64(file.sealed) })
  })

  routes.post('/recovery/file', async (c) => {
    const keyHolder = await requireKeyHolder(server, c)
    const file = parseRequest(recoveryFileRequest, await readJson(c, SMALL_BODY_BYTES))
    const directory = await server.directory.current()
    if (directory.recovery === undefined || file.at > directory.size) {
      throw new DeskError('no_recovery', 'nobody has split anything, or not by this directory')
    }
    await inTransaction(server, keyHolder, async (request) => {
      await storeRecoveryFile(request.tx, file)
      await writeAudit(request, 'recovery-file', null)
    })
    return c.json({})
  })

  routes.post('/recovery/open', async (c) => {
    const { signature } = parseRequest(recoveryOpenRequest, await readJson(c, SMALL_BODY_BYTES))
    const directory = await server.directory.current()
    requireRecoveryRequest(directory, signature, today(server))
    const file = await findRecoveryFile(server.db)
    if (file === undefined) throw new DeskError('no_recovery', 'there is no recovery file')
    return c.json({ sealed: toBase64(file.sealed), entries: server.directory.entries() })
  })

  routes.post('/recovery/found', async (c) => {
    const asked = parseRequest(recoverRequest, await readJson(c, 2 * SMALL_BODY_BYTES))
    const directory = await server.directory.current()
    const rubbish = server.directory.rubbish()?.row
    try {
      await server.db
        .transaction()
        .execute((tx) => recover(tx, directory, { ...asked, rubbish, day: today(server) }))
    } catch (error) {
      // Sent by anybody: an entry that does not read is their fault and no sign of a broken directory.
      if (error instanceof SealingError) throw new DeskError('change_refused', 'no entry', error)
      throw error
    }
    return c.json({})
  })

  return routes
}
