import type { Config } from '../../config/config.ts'
import type { AvowService } from '../start-service.ts'
import type { SignIn } from './sign-ins.ts'

/** What a visitor needs. The ready line stands last, for scripts that wait for it. */
export function announceDemo(
  out: { write(text: string): unknown },
  facts: {
    readonly config: Config
    readonly service: AvowService
    readonly signIns: readonly SignIn[]
  },
): void {
  const { config, service, signIns } = facts
  const lines = [
    '',
    `Sample register ${config.name}, made up from beginning to end; data in ${config.dataFolder}.`,
    '',
    `Four volunteers for ${new URL('desk', service.url).href}, one browser or private window each:`,
    ...signIns.map((one) => `  ${one.volunteer}  (${one.centre})  ${one.passphrase}`),
    '',
    `Avow is ready at ${service.url}`,
  ]
  out.write(`${lines.join('\n')}\n`)
}
