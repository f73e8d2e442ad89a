import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { parseCheckpoint } from '../../src/tlog/checkpoint.ts'
import { parseNote } from '../../src/tlog/signed-note.ts'
import { parseAddCheckpoint } from '../../src/tlog/witness-message.ts'
import { watchedLogs } from '../../src/witness/log-list.ts'
import { createWitnessRoutes } from '../../src/witness/routes.ts'
import { openWitness } from '../../src/witness/witness.ts'
import { type RegisterHouse, random, sha256 } from './register-house.ts'

/** One of our own witnesses with a real disk and a real port, which outlives every publisher and keeps all it was shown. */
export interface RememberingWitness extends AsyncDisposable {
  readonly url: string
  readonly vkey: string
  readonly policyLines: string
  /** Trees it refused, and trees of one size with two roots: the evidence of a fork. */
  readonly contradictions: readonly string[]
  /** Largest size it cosigned, by log origin. */
  readonly sizes: ReadonlyMap<string, number>
}

export async function startRememberingWitness(house: RegisterHouse): Promise<RememberingWitness> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-witness-'))
  const { declarations, events } = house.deps().logKeys
  const witness = await openWitness({
    folder,
    name: 'witness.example/w',
    logs: watchedLogs(
      [declarations, events].map(({ verifierKey }) => ({ vkey: verifierKey, origin: null })),
    ),
    clock: () => new Date(),
    random,
    sha256,
  })
  const contradictions: string[] = []
  const roots = new Map<string, string>()
  const sizes = new Map<string, number>()
  const remembering: typeof witness = {
    vkey: witness.vkey,
    async addCheckpoint(body) {
      const { origin, size, root } = parseCheckpoint(
        parseNote(parseAddCheckpoint(body).checkpoint).text,
      )
      const key = `${origin} ${size}`
      const hex = Buffer.from(root).toString('hex')
      if ((roots.get(key) ?? hex) !== hex) contradictions.push(`two trees: ${key}`)
      roots.set(key, hex)
      const answer = await witness.addCheckpoint(body)
      if (answer.outcome === 'refused') contradictions.push(`${answer.reason}: ${key}`)
      if (answer.outcome === 'cosigned') sizes.set(origin, Math.max(size, sizes.get(origin) ?? 0))
      return answer
    },
  }
  const routes = createWitnessRoutes(remembering, (code) => contradictions.push(code))
  const server = createServer(getRequestListener(routes.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    vkey: witness.vkey,
    policyLines: `witness w ${witness.vkey}\nquorum w\n`,
    contradictions,
    sizes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
