import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { Config } from '../../config/config.ts'
import type { Secrets } from '../../config/secrets.ts'
import { receiptToWords } from '../../declaration/receipt.ts'
import { fromHex } from '../../encoding/hex.ts'
import { openDatabases } from '../open-databases.ts'
import type { AvowService } from '../start-service.ts'
import { FIRST_CASE, fileSampleCases, workThroughCases } from './fill-desk.ts'
import { sampleReceipt } from './sample-submission.ts'
import { obtainVolunteers, type SignIn } from './sign-ins.ts'

export interface FilledDemo {
  readonly signIns: readonly SignIn[]
  /** Of a declaration that went all the way, in words. */
  readonly receipt: string
}

/** Brings the sample register to life. Every part looks at what is there already, so a second run only continues. */
export async function fillDemo(given: {
  readonly config: Config
  readonly secrets: Secrets
  readonly service: AvowService
  readonly report: (line: string) => void
}): Promise<FilledDemo> {
  const { config, secrets, service, report } = given
  report('Inviting four sample volunteers …')
  const { signIns, desks } = await obtainVolunteers(service, secrets)
  await using databases = await openDatabases(config, secrets)
  const rootPublicKey = fromHex((await secrets.find('root.pub')) ?? '')
  report('Filing sample cases and working through some of them …')
  await fileSampleCases({ config, rootPublicKey, intakeUrl: databases.urls.avow_intake })
  await workThroughCases(desks)
  return { signIns, receipt: receiptToWords(sampleReceipt(FIRST_CASE, 0), wordlist).join(' ') }
}
