import { createHash } from 'node:crypto'
import type { FormDefinition } from '../declaration/form-definition.ts'
import { parseTally, type Tally } from '../declaration/tally.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import { parsePolicy, verifyCheckpoint } from '../tlog/policy.ts'
import { parseNote } from '../tlog/signed-note.ts'
import type { LogName, Pair } from '../verify/latest.ts'
import { COUNT_FILE, countedAt } from './count-file.ts'
import type { KeptApart } from './event-index.ts'
import { type Figures, figuresOf } from './figures.ts'
import { POLICY_FILE, type RegisterFiles, TALLY_FILE } from './register-files.ts'
import { SiteError } from './site-error.ts'

/** What every page says about the register as a whole, at one published pair. */
export interface RegisterSummary {
  readonly pair: Pair
  readonly origins: Readonly<Record<LogName, string>>
  readonly figures: Figures
  readonly tallySha256: string
  readonly policySha256: string
  /** Names of the independent witnesses of the declaration log's checkpoint; the register's own does not count. */
  readonly witnesses: readonly string[]
  /** When the pair was witnessed or, while nobody does that, first rendered. */
  readonly takenAt: Date
  /** The pair is so old that the page has to say so. */
  readonly stale: boolean
  readonly apart: KeptApart
  /** Newest first. */
  readonly forms: readonly FormDefinition[]
}

/** Publication waits seven days at most, so an older pair means silence, trouble or a copy. */
export const STALE_AFTER_DAYS = 8
const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface SummarySources {
  readonly files: RegisterFiles
  readonly apart: KeptApart
  readonly clock: () => Date
  /** The newest form, known before its first declaration is. */
  readonly form: FormDefinition
}

/** Throws SiteError `register_incomplete` when a file of the pair is missing. */
export async function readSummary(sources: SummarySources, pair: Pair): Promise<RegisterSummary> {
  const { files, clock, apart } = sources
  const tally = await required(TALLY_FILE, files.findFile(TALLY_FILE))
  const policy = await required(POLICY_FILE, files.findFile(POLICY_FILE))
  const figures = figuresOf(readTally(tally, pair))
  const note = await readNote(files, 'declarations', pair)
  const trusted = parsePolicy(fromUtf8(policy))
  const { cosignatures } = verifyCheckpoint(note, trusted)
  const now = clock()
  const taken =
    witnessedAt(cosignatures) ?? countedAt(await files.findFile(COUNT_FILE), pair) ?? now
  const takenAt = new Date(Math.floor(taken.getTime() / MINUTE_MS) * MINUTE_MS)
  return {
    pair,
    origins: {
      declarations: await readOrigin(files, 'declarations', pair),
      events: await readOrigin(files, 'events', pair),
    },
    figures,
    tallySha256: sha256Hex(tally),
    policySha256: sha256Hex(policy),
    witnesses: independentWitnesses(trusted, cosignatures),
    takenAt,
    stale: now.getTime() - takenAt.getTime() > STALE_AFTER_DAYS * DAY_MS,
    apart,
    forms: await readForms(sources, figures),
  }
}

/** The name under which a log signs, from the checkpoint of the pair. */
export async function readOrigin(files: RegisterFiles, log: LogName, pair: Pair): Promise<string> {
  return parseCheckpoint(parseNote(await readNote(files, log, pair)).text).origin
}

function readTally(bytes: Uint8Array, { declarations, events }: Pair): Tally {
  const tally = parseTally(bytes)
  if (tally.declarations !== declarations.size || tally.events > events.size) {
    throw new SiteError('register_incomplete', `${TALLY_FILE} is not of the pair in log/latest`)
  }
  return tally
}

function readNote(files: RegisterFiles, log: LogName, pair: Pair): Promise<Uint8Array> {
  const { size } = pair[log]
  return required(`log/checkpoints/${log}/${size}`, files.findCheckpoint(log, size))
}

function witnessedAt(cosignatures: readonly { readonly time: number }[]): Date | undefined {
  if (cosignatures.length === 0) return undefined
  return new Date(Math.max(...cosignatures.map(({ time }) => time)) * 1000)
}

async function readForms({ files, form }: SummarySources, { byForm }: Figures) {
  const found = await Promise.all(byForm.map(({ id }) => files.findForm(id)))
  const known = [form, ...found.filter((other) => other !== undefined)]
  return known.toSorted((a, b) => b.version - a.version)
}

async function required(path: string, found: Promise<Uint8Array | undefined>): Promise<Uint8Array> {
  const bytes = await found
  if (bytes === undefined) throw new SiteError('register_incomplete', `${path} is missing`)
  return bytes
}

function sha256Hex(bytes: Uint8Array): string {
  return toHex(createHash('sha256').update(bytes).digest())
}
