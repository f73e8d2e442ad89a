import { parseArgs } from 'node:util'
import { readEnv } from '../config/env.ts'
import { findUncovered } from './drill/covered.ts'
import { type DrillResult, drillSeizure } from './drill/seizure-drill.ts'

const HELP = `Usage: avow drill seizure [--json] [--keep]

Starts a register of made-up people in a folder of its own, files, decides and publishes with planted words, cuts the
power, and reads the disk as somebody who seized it: every byte for every planted word in every encoding, then every
secret that lies there against every ciphertext that lies there. It takes a minute or two and touches no other register.

  --json   one JSON object on standard output, last: {"canaries","publishedFound","leaked","opened"} as counts
  --keep   leave the folder behind, to look at it

Its register has what this machine's avow.json may start: every channel, a listener of another way in, a bucket, dummies, a
backup. What that file or DATABASE_URL starts and the drill does not look at is named, and fails it.

It does not cover what is in memory, a hypervisor, a proxy in front of the service, blocks that the file system has freed, or
the disks of other operators.

Exit: 0 only what was published can be read, 1 a leak, an opening or something not looked at, 2 a mistake in the command line.
`

/** `avow drill seizure`: 1 when anything can be read that nobody published, or when the search itself finds nothing. */
export async function drillCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    process.stderr.write(`avow drill: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  const report = (line: string) => void process.stderr.write(`${line}\n`)
  const uncovered = await findUncovered(readEnv(process.env))
  const result = await drillSeizure(report, options.keep)
  report(describe(result))
  for (const part of uncovered) report(`NOT LOOKED AT: ${part}`)
  if (options.json) process.stdout.write(`${resultJson(result)}\n`)
  const { leaked, opened, publishedMissing } = result
  const faults = [...leaked, ...opened, ...publishedMissing, ...uncovered]
  return faults.length === 0 ? 0 : 1
}

function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { json = false, keep = false, help = false } = values
    if (!help && positionals.join(' ') !== 'seizure') return 'which drill? There is one: seizure'
    return { json, keep, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function resultJson({ canaries, publishedFound, leaked, opened }: DrillResult): string {
  return JSON.stringify({
    canaries,
    publishedFound: publishedFound.length,
    leaked: leaked.length,
    opened: opened.length,
  })
}

function describe(result: DrillResult): string {
  const { canaries, files, bytes, publishedFound, publishedMissing, leaked } = result
  const megabytes = Math.round(bytes / 1_000_000)
  return [
    `${canaries} canaries sought in ${files} files, ${megabytes} MB`,
    `published and found: ${publishedFound.join(', ')}`,
    ...publishedMissing.map((name) => `PUBLISHED AND NOT FOUND: ${name}`),
    ...leaked.map(({ canary, encoding, file }) => `LEAKED: ${canary} as ${encoding} in ${file}`),
    `${result.secrets} secrets tried on ${result.ciphertexts} ciphertexts`,
    `acts in flight, which the staging key opens: ${result.openedActs.length}`,
    ...result.opened.map((where) => `OPENED: ${where}`),
  ].join('\n')
}
