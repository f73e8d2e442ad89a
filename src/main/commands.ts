/** Takes what stands behind the command's name, returns the exit code: 0 fine, 1 finding, 2 usage. */
export type Command = (args: readonly string[]) => Promise<number>

export interface CommandEntry {
  readonly summary: string
  /** Loaded when called, so that verifying a folder needs neither database nor web server. */
  readonly load: () => Promise<Command>
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    summary: 'run the whole service until Ctrl-C (as npm start)',
    load: async () => (await import('./start-command.ts')).startCommand,
  },
}
