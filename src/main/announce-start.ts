import type { Config } from '../config/config.ts'
import type { AvowService } from './start-service.ts'

export interface StartFacts {
  readonly config: Config
  readonly service: AvowService
  readonly secretsMade: boolean
}

/** What a person at the terminal has to know. The ready line stands last, for scripts that wait for it. */
export function announceStart(out: { write(text: string): unknown }, facts: StartFacts): void {
  const { config, service, secretsMade } = facts
  const lines: string[] = [
    `Register ${config.name}; data in ${config.dataFolder} (${service.database}).`,
  ]
  if (secretsMade) {
    lines.push(
      `New secrets folder ${config.secretsFolder}: log keys and passwords. Back it up apart from the data.`,
    )
  }
  if (config.pace === 'development') {
    lines.push(
      'Development pace: what two volunteers approve is published at once (avow.json: "pace").',
    )
  }
  if (service.invitations.length > 0) {
    lines.push('', 'Two invitations, each for one person and one use, shown only now:')
    lines.push(...service.invitations.map((link) => `  ${link}`), '')
  }
  lines.push(`Avow is ready at ${service.url}`)
  out.write(`${lines.join('\n')}\n`)
}
