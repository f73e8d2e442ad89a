import { type Config, loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { openSecrets } from '../config/secrets.ts'
import { ImportError } from '../importing/error.ts'
import { manifestHash, type SignedManifest } from '../register/import-manifest.ts'
import { runCommand } from './command-line.ts'
import { feedPublisher } from './import/feed-publisher.ts'
import { importProgress, type Terminal } from './import/import-progress.ts'
import { joinPublisher } from './import/join-publisher.ts'
import { manifestPathOf, surveyPathOf } from './import/manifest-file.ts'
import { obtainManifest } from './import/obtain-manifest.ts'
import { type Archive, openArchive } from './import/open-archive.ts'
import { surveyText } from './import/survey-text.ts'
import { sha256 } from './world.ts'

const HELP = `Usage: avow import FILE [--manifest FILE] [--json]
       avow import FILE --unreviewed [--json]

Imports an archive: JSON lines, one statement each (docs/formats/import.md).

The first run reads FILE, says what is in it, and writes FILE.manifest.json and FILE.survey.json. Two key holders sign
the manifest with "avow import-sign". The next run hands the archive to the publisher and waits until it is public:
that of the running service, or one of its own. Ended in the middle, it continues where it was; an archive that is in
the register already adds nothing, one with new lines adds these.

  --manifest FILE   the signed manifest, where it is not FILE.manifest.json
  --unreviewed      without signatures; only in a register marked as a sample
  --json            one JSON object on standard output instead of sentences

Exit: 0 imported, or a manifest was written; 1 something in the archive or the signatures is not right; 2 usage.
`

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Output = Terminal
export type ImportIo = { readonly stdout: Output; readonly stderr: Output }
type Options = {
  readonly file: string
  readonly manifest: string
  readonly unreviewed: boolean
  readonly json: boolean
}

export async function importCommand(
  args: readonly string[],
  io: ImportIo = process,
): Promise<number> {
  return runCommand(args, io, {
    name: 'import',
    help: HELP,
    shapes: {
      manifest: { type: 'string' },
      unreviewed: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    read: ({ values, positionals }) => {
      const [file, ...more] = positionals
      if (file === undefined || more.length > 0) return 'give one file'
      const { manifest = manifestPathOf(file), unreviewed, json } = values
      return { file, manifest, unreviewed, json }
    },
    run: (options) => runImport(options, io),
  })
}

async function runImport(options: Options, io: ImportIo): Promise<number> {
  const config = await loadConfig(readEnv(process.env))
  if (options.unreviewed && !config.sample) {
    throw new ImportError('unsigned', '--unreviewed is for registers marked as a sample only')
  }
  const archive = await openArchive(options.file, config)
  const { signed: kept, survey } = await obtainManifest(options.manifest, archive, config)
  const { persons, statements, parts } = kept.manifest
  const hash = manifestHash(kept.manifest, sha256)
  if (!options.json) io.stdout.write(surveyText(survey))
  if (!options.unreviewed && kept.signatures.length < 2) {
    const facts = { imported: false, manifest: hash, signatures: kept.signatures.length }
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ ...facts, statements, persons })}\n`
        : toSignText(options.manifest, kept),
    )
    return 0
  }
  const signed = options.unreviewed ? { ...kept, signatures: [] } : kept
  const before = performance.now()
  const declarations = await handOver(config, archive, signed, io)
  const seconds = Math.round(performance.now() - before) / 1000
  const facts = { imported: true, manifest: hash, statements, persons, parts: parts.length }
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ ...facts, declarations, seconds })}\n`
      : `Everything in the archive is in the register, which now holds ${declarations} declarations.\n`,
  )
  return 0
}

/** Returns how many declarations the register holds afterwards. */
async function handOver(
  config: Config,
  archive: Archive,
  signed: SignedManifest,
  io: ImportIo,
): Promise<number> {
  const secrets = await openSecrets(config.secretsFolder)
  await using publisher = await joinPublisher(config, secrets, (problem) => {
    io.stderr.write(`publisher: ${codeOf(problem)}\n`)
  })
  if (publisher.invitations.length > 0) {
    const links = publisher.invitations.map((link) => `  ${link}\n`).join('')
    io.stderr.write(`Two invitations, each for one person and one use, shown only now:\n${links}`)
  }
  const progress = importProgress(io.stderr, signed.manifest)
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  // A database of our own has to be closed and the batch in hand finished: we end, we are not ended.
  for (const signal of STOP_SIGNALS) process.on(signal, stop)
  try {
    const { signal } = stopping
    await feedPublisher(archive, signed, { ...publisher, signal, onProgress: progress.show })
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop)
    progress.clear()
  }
  const { size } = await publisher.db
    .selectFrom('avow.log_state')
    .select('size')
    .where('log', '=', 'declarations')
    .executeTakeFirstOrThrow()
  return size
}

/** By its code alone: a message could quote what an archive says. */
function codeOf(problem: unknown): string {
  return problem instanceof Error && 'code' in problem ? String(problem.code) : 'unexpected'
}

function toSignText(path: string, { signatures }: SignedManifest): string {
  const names = signatures.map(({ by }) => by).join(', ')
  return [
    '',
    `Wrote ${path} and ${surveyPathOf(path)}.`,
    signatures.length === 0
      ? 'Nobody has signed this manifest yet; two key holders must:'
      : `Signed by ${names}; one more key holder must sign:`,
    `  avow import-sign ${path} --volunteer NAME --desk URL`,
    'Then run this command again.',
    '',
  ].join('\n')
}
