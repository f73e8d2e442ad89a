import type { Config } from '../../config/config.ts'
import type { Secrets } from '../../config/secrets.ts'
import { fromHex } from '../../encoding/hex.ts'
import { openDatabases } from '../open-databases.ts'
import type { AvowService } from '../start-service.ts'
import { fileSampleCases, workThroughCases } from './fill-desk.ts'
import { importBacklog } from './import-backlog.ts'
import { obtainVolunteers, type SignIn } from './sign-ins.ts'
import { untilPublished } from './until-published.ts'

/** Brings the sample register to life. Every part looks at what is there already, so a second run only continues. */
export async function fillDemo(given: {
  readonly config: Config
  readonly secrets: Secrets
  readonly service: AvowService
  readonly report: (line: string) => void
}): Promise<readonly SignIn[]> {
  const { config, secrets, service, report } = given
  await using databases = await openDatabases(config, secrets)
  const rootPublicKey = fromHex((await secrets.find('root.pub')) ?? '')
  report('Importing an archive of sample declarations …')
  await importBacklog(config, databases.urls.avow_publisher)
  report('Inviting four sample volunteers …')
  const { signIns, desks } = await obtainVolunteers(service, secrets)
  report('Filing sample cases and working through some of them …')
  await fileSampleCases({ config, rootPublicKey, intakeUrl: databases.urls.avow_intake })
  await workThroughCases(desks)
  await untilPublished(databases.urls.avow_publisher, service.url)
  return signIns
}
