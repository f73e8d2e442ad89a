import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { WitnessError } from '../witness/error.ts'
import { parseLogList, type WatchedLog, watchedLogs } from '../witness/log-list.ts'
import { createWitnessRoutes } from '../witness/routes.ts'
import { openWitness } from '../witness/witness.ts'
import { MainError } from './error.ts'
import { runUntilSignal } from './run-until-signal.ts'
import { serve } from './serve.ts'
import { clock, random, sha256 } from './world.ts'

const HELP = `Usage: avow witness --folder DIR [--name NAME] [--log VKEY]... [--logs FILE] [--listen HOST:PORT]
       avow witness --folder DIR [--name NAME] --print-key

A witness of transparency logs (C2SP tlog-witness v1). It cosigns a log's checkpoint only where the new tree contains the
one it cosigned before, writes that down durably, and then answers POST /add-checkpoint. It needs no database.

  --folder DIR        key and records of this witness, made at the first start. NEVER restore it from a copy and never
                      remove a file from it: a witness that forgets can be made to contradict itself. If it is lost,
                      make a new witness with a new key.
  --name NAME         name on every cosignature, like "witness.example.org/avow"; needed at the first start
  --log VKEY          a log to witness, by its key; its origin is the key's name. May be given several times
  --logs FILE         a list of logs in the witness network's format: the line logs/v0, then lines "vkey ...", "origin ..."
  --listen HOST:PORT  where to answer, 127.0.0.1:7380 unless given; put a web server with TLS in front
  --print-key         makes the folder if there is none, prints the witness's own key and ends

The list of logs is read at the start. Removing a log from it keeps its record, so it can come back.
Exit: 0 fine, 1 could not start or could not finish, 2 a mistake in the command line.
`

const OPTIONS = {
  folder: { type: 'string' },
  name: { type: 'string' },
  log: { type: 'string', multiple: true },
  logs: { type: 'string' },
  listen: { type: 'string' },
  'print-key': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Output = { readonly write: (text: string) => unknown }
export type CommandIo = { readonly stdout: Output; readonly stderr: Output }

/** Runs a witness until a signal. Prints what the operators of logs need to know of it, and nothing about requests. */
export async function witnessCommand(
  args: readonly string[],
  { stdout, stderr }: CommandIo = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    stderr.write(`${options}\n${HELP}`)
    return 2
  }
  if (options.help) {
    stdout.write(HELP)
    return 0
  }
  if (options.printKey) return printKey(options, { stdout, stderr })
  return runUntilSignal('The witness', async () => {
    const logs = await loadLogs(options)
    const witness = await openWitness({ ...options.place, logs, clock, random, sha256 })
    const routes = createWitnessRoutes(witness, (code) => stderr.write(`witness: ${code}\n`))
    const service = await serve(routes, options.listen)
    const origins = logs.map(({ origin }) => `  ${origin}\n`)
    stdout.write(`Witnessing ${logs.length} ${logs.length === 1 ? 'log' : 'logs'}:\n`)
    stdout.write(origins.join(''))
    stdout.write(`Key of this witness, for the operators of these logs:\n  ${witness.vkey}\n`)
    stdout.write(`Witness is ready at http://${options.listen.host}:${service.port}/\n`)
    return service
  })
}

type Options = {
  readonly help: boolean
  readonly printKey: boolean
  readonly place: { readonly folder: string; readonly name?: string }
  readonly vkeys: readonly string[]
  readonly list: string | undefined
  readonly listen: { readonly host: string; readonly port: number }
}

/** Returns what is wrong with the command line as text. */
function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    const { folder = '', name, log: vkeys = [], logs: list } = values
    const help = values.help ?? false
    const printKey = values['print-key'] ?? false
    if (!help && folder === '') return 'avow witness: --folder is missing'
    if (!help && !printKey && vkeys.length === 0 && list === undefined) {
      return 'avow witness: no log to witness: give --log or --logs'
    }
    const place = { folder, ...(name === undefined ? {} : { name }) }
    return { help, printKey, place, vkeys, list, listen: parseAddress(values.listen) }
  } catch (error) {
    if (error instanceof MainError || error instanceof TypeError) return error.message
    throw error
  }
}

function parseAddress(text = '127.0.0.1:7380'): { host: string; port: number } {
  const [, host, digits] = /^(\[[0-9a-f:]+\]|[^:\s]+):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  if (host === undefined || port > 65_535) {
    throw new MainError('usage', `avow witness: not HOST:PORT: ${text}`)
  }
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

async function loadLogs({ vkeys, list }: Options): Promise<WatchedLog[]> {
  const given = watchedLogs(vkeys.map((vkey) => ({ vkey, origin: null })))
  const listed = list === undefined ? [] : parseLogList(await readFile(list, 'utf8'))
  const twice = given.find(({ origin }) => listed.some((log) => log.origin === origin))
  if (twice !== undefined) {
    throw new WitnessError('bad_log_list', `${twice.origin} is given twice, by --log and --logs`)
  }
  return [...given, ...listed]
}

async function printKey({ place }: Options, { stdout, stderr }: CommandIo): Promise<number> {
  try {
    const witness = await openWitness({ ...place, logs: [], clock, random, sha256 })
    stdout.write(`${witness.vkey}\n`)
    return 0
  } catch (error) {
    stderr.write(`avow witness: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
