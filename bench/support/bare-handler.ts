import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import pg from 'pg'
import { CLUSTER_OWNER, startEmbedded } from '../../src/postgres/embedded.ts'

/**
 * The baseline of `intake` and `receipt`, run as a process of its own: the same HTTP stack, the same PostgreSQL with the same
 * settings, as many connections as the intake has, and between request and answer one statement.
 */
const POOL_SIZE = 8
const [folder = '', password = ''] = process.argv.slice(2)

const database = await startEmbedded(folder, password)
const pool = new pg.Pool({
  connectionString: database.urlOf(CLUSTER_OWNER, password, 'postgres'),
  max: POOL_SIZE,
})
// A connection that ends with the server, after the last request, concerns nobody.
pool.on('error', () => {})
await pool.query('CREATE TABLE stored (id bytea PRIMARY KEY, sealed bytea NOT NULL)')
await pool.query('CREATE TABLE known (key bytea PRIMARY KEY, state text NOT NULL)')

const app = new Hono()
app.post('/insert', async (c) => {
  const sealed = Buffer.from(await c.req.arrayBuffer())
  await pool.query('INSERT INTO stored (id, sealed) VALUES ($1, $2)', [randomBytes(32), sealed])
  return c.text('stored')
})
app.post('/select', async (c) => {
  const key = Buffer.from(await c.req.text(), 'hex')
  const { rows } = await pool.query<{ state: string }>('SELECT state FROM known WHERE key = $1', [
    key,
  ])
  return c.text(rows[0]?.state ?? 'unknown')
})
const server = createServer(getRequestListener(app.fetch))
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})

// The bench that forked it lets go of it, or has died.
process.on('disconnect', async () => {
  server.close()
  server.closeAllConnections()
  await pool.end()
  await database[Symbol.asyncDispose]()
})
