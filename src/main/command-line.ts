import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

type Output = { readonly write: (text: string) => unknown }
export type CommandIo = { readonly stdout: Output; readonly stderr: Output }

/** What was typed, before the command has made sense of it. */
export type Typed<Shapes extends ParseArgsOptionsConfig> = Pick<
  ReturnType<typeof parseArgs<{ options: Shapes; allowPositionals: true }>>,
  'values' | 'positionals'
>

export type CommandLine<Shapes extends ParseArgsOptionsConfig, Options> = {
  readonly name: string
  readonly help: string
  readonly shapes: Shapes
  /** Makes options of what was typed, or says in a few words what is wrong with it. */
  readonly read: (typed: Typed<Shapes>) => Options | string
  /** Returns the exit code. */
  readonly run: (options: Options) => Promise<number>
  /** What is to be said of a failure besides its message, as that nothing was changed. */
  readonly afterFailure?: string
}

/**
 * What all commands have in common: `--help` is 0 whatever stands beside it; a mistake is told with the help and is 2; an
 * Error is told by its message and is 1.
 */
export async function runCommand<Shapes extends ParseArgsOptionsConfig, Options extends object>(
  args: readonly string[],
  io: CommandIo,
  { name, help, shapes, read, run, afterFailure = '' }: CommandLine<Shapes, Options>,
): Promise<number> {
  const options = readTyped(args, shapes, read)
  if (options === 'help') {
    io.stdout.write(help)
    return 0
  }
  if (typeof options === 'string') {
    io.stderr.write(`avow ${name}: ${options}\n\n${help}`)
    return 2
  }
  try {
    return await run(options)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow ${name}: ${error.message}\n${afterFailure}`)
    return 1
  }
}

function readTyped<Shapes extends ParseArgsOptionsConfig, Options extends object>(
  args: readonly string[],
  shapes: Shapes,
  read: (typed: Typed<Shapes>) => Options | string,
): Options | string {
  const asked = parseArgs({
    args: [...args],
    strict: false,
    options: { help: { type: 'boolean' } },
  })
  if (asked.values.help === true) return 'help'
  try {
    return read(parseArgs({ args: [...args], allowPositionals: true, options: shapes }))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
