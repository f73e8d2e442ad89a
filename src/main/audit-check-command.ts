import { parseArgs } from 'node:util'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import type { AuditFault } from '../desk/audit-chain.ts'
import { checkAudit } from '../desk/check-audit.ts'
import type { DeskTables } from '../desk/tables.ts'
import { toHex } from '../encoding/hex.ts'
import { openDatabase } from '../postgres/database.ts'
import { openDatabases } from './open-databases.ts'

const HELP = `Usage: avow audit-check

Follows the chain of the desk's audit, centre by centre: who did what on which day, each row with the hash of the one
before it. It names the first row that was changed, removed or put in. Compare the last hash with the one that auditors
and coordinators wrote down: a chain that was made anew from some row on is whole in itself and ends differently.

Exit: 0 every chain is whole, 1 one is broken, 2 a mistake in the command line, or no database.
`

const FAULTS: Readonly<Record<AuditFault, string>> = {
  place: 'a row is missing before it, or one was put in',
  previous: 'it does not follow from the row before it',
  hash: 'it is not what was written',
  head: 'the chain ends elsewhere than its head says',
}

/** `avow audit-check`: whether the desk's own record of its acts is as it was written. */
export async function auditCheckCommand(args: readonly string[]): Promise<number> {
  try {
    const options = { help: { type: 'boolean', default: false } } as const
    if (parseArgs({ args: [...args], options }).values.help) {
      process.stdout.write(HELP)
      return 0
    }
  } catch (error) {
    process.stderr.write(`avow audit-check: ${error instanceof Error ? error.message : error}\n`)
    return 2
  }
  try {
    return await report()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(`avow audit-check: ${error.message}\nNothing was checked.\n`)
    return 2
  }
}

async function report(): Promise<number> {
  const config = await loadConfig(readEnv(process.env))
  await using databases = await openDatabases(config, await openSecrets(config.secretsFolder))
  await using owner = openDatabase<DeskTables>(databases.ownerUrl, { max: 1 })
  const findings = await checkAudit(owner)
  if (findings.length === 0) process.stdout.write('Nothing has been written yet.\n')
  for (const finding of findings) {
    const said =
      finding.outcome === 'whole'
        ? `whole, ${finding.rows} rows, ends with ${toHex(finding.head)}`
        : `BROKEN at row ${finding.place}: ${FAULTS[finding.fault]}`
    process.stdout.write(`${finding.centre}: ${said}\n`)
  }
  return findings.every(({ outcome }) => outcome === 'whole') ? 0 : 1
}
