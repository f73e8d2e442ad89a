import type { Config } from '../../config/config.ts'
import type { AvowService } from '../start-service.ts'
import type { FilledDemo } from './fill-demo.ts'

/** What a visitor needs. The ready line stands last, for scripts that wait for it. */
export function announceDemo(
  out: { write(text: string): unknown },
  facts: FilledDemo & { readonly config: Config; readonly service: AvowService },
): void {
  const { config, service, signIns, receipt } = facts
  const desk = new URL('desk/', service.url).href
  const lines = [
    '',
    `Sample register ${config.name}, made up from beginning to end; data in ${config.dataFolder}.`,
    '',
    `Four volunteers for ${desk}, one browser (or private window) each:`,
    ...signIns.map((one) => `  ${one.volunteer}  (${one.centre})  ${one.passphrase}`),
    '',
    `A receipt to look up: ${receipt}`,
    '',
    `Avow is ready at ${service.url}`,
  ]
  out.write(`${lines.join('\n')}\n`)
}
