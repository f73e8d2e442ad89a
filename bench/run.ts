import { parseArgs } from 'node:util'

/** Whole numbers by name, as the bench itself spells them. */
type Numbers = Readonly<Record<string, number>>
type Report = (line: string) => void

interface Bench {
  readonly about: string
  readonly options: readonly string[]
  readonly run: (numbers: Numbers, report: Report) => Promise<string>
}

const BENCHES: Readonly<Record<string, Bench>> = {
  intake: {
    about: 'from "Send" to the receipt page, durable, many clients',
    options: ['clients', 'rounds', 'size'],
    run: async (numbers, report) => (await import('./intake.ts')).run({ ...numbers, report }),
  },
  receipt: {
    about: 'how a declaration stands, by its receipt',
    options: ['clients', 'rounds', 'requests', 'size'],
    run: async (numbers, report) => (await import('./receipt.ts')).run({ ...numbers, report }),
  },
  sequence: {
    about: 'approved declarations to leaves, tiles, content and a signed pair',
    options: ['batches', 'batchSize'],
    run: async (numbers, report) => (await import('./sequence.ts')).run({ ...numbers, report }),
  },
  verify: {
    about: 'full replay of a copy of a register',
    options: ['size', 'rounds'],
    run: async (numbers, report) => (await import('./verify.ts')).run({ ...numbers, report }),
  },
  page: {
    about: 'statement pages from the built-in server and through nginx',
    options: ['size', 'seconds'],
    run: async (numbers, report) => (await import('./page.ts')).run({ ...numbers, report }),
  },
  desk: {
    about: 'queue, claim, propose and decide among a million cases',
    options: ['size', 'rounds', 'cases'],
    run: async (numbers, report) => (await import('./desk.ts')).run({ ...numbers, report }),
  },
  'open-case': {
    about: 'a case at the desk, from the click to its text, in a browser made slow',
    options: ['rounds', 'slowdown'],
    run: async (numbers, report) => (await import('./open-case.ts')).run({ ...numbers, report }),
  },
  import: {
    about: 'an archive, from its file to published declarations',
    options: ['statements'],
    run: async (numbers, report) => (await import('./import.ts')).run({ ...numbers, report }),
  },
  restore: {
    about: 'a backup put back on an empty machine, verified whole',
    options: ['size'],
    run: async (numbers, report) => (await import('./restore.ts')).run({ ...numbers, report }),
  },
  scale: {
    about: 'a register that grows to a million declarations, ten with LONG=1',
    options: ['size'],
    run: async (numbers, report) => (await import('./scale.ts')).run({ ...numbers, report }),
  },
  start: {
    about: 'an empty folder to the first accepted statement, and the first page as transferred',
    options: ['rounds'],
    run: async (numbers, report) => (await import('./start.ts')).run({ ...numbers, report }),
  },
}

const HELP = `Usage: npm run bench -- NAME [--option NUMBER]…

Measures beside a baseline in the same run. The last line is one JSON object.

${Object.entries(BENCHES).map(describe).join('\n')}
`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  if (name === '--help') {
    process.stdout.write(HELP)
    return 0
  }
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
  if (bench === undefined) return misused(name === '' ? 'which one?' : `no bench "${name}"`)
  const numbers = readNumbers(rest, bench.options)
  if (typeof numbers === 'string') return misused(numbers)
  const line = await bench.run(numbers, (reported) => process.stderr.write(`${reported}\n`))
  process.stdout.write(`${line}\n`)
  return 0
}

function readNumbers(args: readonly string[], options: readonly string[]): Numbers | string {
  const spelled = new Map(options.map((option) => [flagOf(option), option]))
  try {
    const { values } = parseArgs({
      args: [...args],
      options: Object.fromEntries([...spelled.keys()].map((flag) => [flag, { type: 'string' }])),
    })
    const numbers: Record<string, number> = {}
    for (const [flag, text] of Object.entries(values)) {
      if (!/^[1-9]\d{0,8}$/.test(String(text))) return `--${flag} takes a number from 1 on`
      numbers[spelled.get(flag) ?? flag] = Number(text)
    }
    return numbers
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function misused(why: string): number {
  process.stderr.write(`bench: ${why}\n\n${HELP}`)
  return 2
}

function flagOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function describe([name, { about, options }]: [string, Bench]): string {
  const flags = options.map((option) => `--${flagOf(option)}`).join(' ')
  return `  ${name.padEnd(10)}${about}\n${' '.repeat(12)}${flags}`
}
