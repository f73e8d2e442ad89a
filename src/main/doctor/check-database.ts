import type { Config } from '../../config/config.ts'
import { openSecrets } from '../../config/secrets.ts'
import { openDatabase } from '../../postgres/database.ts'
import { CLUSTER_OWNER, startEmbedded } from '../../postgres/embedded.ts'
import { findWrongSettings, type WrongSetting } from '../../postgres/trace-settings.ts'
import type { Finding } from './finding.ts'

/** Joins the server of a running service, or starts it for as long as this takes; asks a server elsewhere as its owner. */
export async function checkDatabase(config: Config): Promise<Finding> {
  const check = 'database settings'
  const wrong = await askDatabase(config)
  if (wrong.length === 0)
    return { check, state: 'fine', says: 'no statement, no parameter, no time of a commit is kept' }
  return { check, state: 'wrong', says: describeSettings(wrong) }
}

function describeSettings(wrong: readonly WrongSetting[]): string {
  return wrong
    .map(({ name, value, wanted }) => `${name} is ${value}, set it to ${wanted}`)
    .join('; ')
}

async function askDatabase({ database, secretsFolder }: Config): Promise<readonly WrongSetting[]> {
  if (database.kind === 'external') return askServer(database.ownerUrl)
  const secrets = await openSecrets(secretsFolder)
  const password = (await secrets.find('database-owner')) ?? ''
  await using server = await startEmbedded(database.folder, password)
  // Awaited here: the server stops, and below the connection closes, when the function ends.
  return await askServer(server.urlOf(CLUSTER_OWNER, password, 'postgres'))
}

async function askServer(url: string): Promise<readonly WrongSetting[]> {
  await using db = openDatabase<unknown>(url, { max: 1 })
  return await findWrongSettings(db)
}
