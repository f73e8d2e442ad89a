import { VerifyError } from '../verify/error.ts'
import type { AuthorshipEvidence } from '../verify/verify-authorship.ts'
import { verifyAnchorFile } from './anchor-files.ts'
import { runCommand, type Typed } from './command-line.ts'
import {
  type AnswerFile,
  answerReport,
  verifyAnswerInRegister,
  verifyAnswerWithProof,
  withAnswer,
} from './verify-answer-file.ts'
import { openFolder } from './verify-folder.ts'
import { loadPolicy } from './verify-policy.ts'
import type { Terminal } from './verify-progress.ts'
import { isProofFile, verifyProofFile } from './verify-proof-file.ts'
import { formatProofReport, proofJson } from './verify-proof-report.ts'
import { findingJson, formatFinding, formatReport, reportJson } from './verify-report.ts'
import { type MonitorOptions, monitorSite } from './verify-since.ts'
import { formatLook, lookJson } from './verify-since-report.ts'
import { openSite } from './verify-site.ts'
import { SourceUnreachable } from './verify-source.ts'
import { verifyStill } from './verify-still.ts'

const HELP = `Usage: avow verify SITE --policy FILE [--json]
       avow verify SITE --trust-served-policy [--json]
       avow verify SITE --policy FILE --since STATE [--max-age HOURS] [--json]
       avow verify PROOF --policy FILE [--json]
       avow verify ANCHOR-PROOF --anchors FILE

Replays a whole register from what it serves: every entry of both logs, every text and name, the tally, and the numbers
on its pages. It stops at the first thing that is wrong and names the file. It needs no database and no account.

  SITE                     address of the site's root (http://… or https://…), or a folder that holds a copy of it
  PROOF                    file with the proof of one declaration (.tlog-proof), which is then all that is read
  --policy FILE            names the keys of the logs and of their witnesses. Take it from somewhere else than the
                           site: a policy fetched from the site that it judges proves nothing
  --trust-served-policy    judge the site by the policy it serves itself; the report says what that does not prove
  --since STATE            look as a monitor does: go on from the state in this file (made at the first look), read only
                           what is new, and find what only shows over time: forks, rollbacks, texts that vanish, silence.
                           Two notes that contradict each other are kept in the folder "evidence" beside it
  --max-age HOURS          with --since: how old the last cosignature may be (48)
  --anchors FILE           check a proof to an anchor (.anchor-proof) by this file of anchors
  --answer FILE            check also what an author answered to your question ("prove that it is yours", avow act prove)
  --nonce HEX              the code of that question, made by you and used once: openssl rand -hex 16
  --json                   one JSON object on standard output instead of sentences

Exit: 0 the register holds what it promises, 1 a finding, 2 a mistake in the command line or nothing that can be read.
`

export type VerifyIo = {
  readonly stdout: Terminal
  readonly stderr: Terminal
  readonly nextLookAfterMs?: number
  /** For --since. */
  readonly clock?: () => Date
}

const SHAPES = {
  policy: { type: 'string' },
  'trust-served-policy': { type: 'boolean', default: false },
  answer: { type: 'string' },
  nonce: { type: 'string' },
  since: { type: 'string' },
  anchors: { type: 'string' },
  'max-age': { type: 'string', default: '48' },
  json: { type: 'boolean', default: false },
} as const

type Options = {
  readonly site: string
  readonly policyFile: string | undefined
  readonly answer: AnswerFile | undefined
  readonly since: MonitorOptions | undefined
  readonly anchorsFile: string | undefined
  readonly json: boolean
}

/** `avow verify`: 0 when the register holds what it promises, 1 at a finding, 2 when nothing can be said. */
export async function verifyCommand(
  args: readonly string[],
  io: VerifyIo = process,
): Promise<number> {
  return runCommand(args, io, {
    name: 'verify',
    help: HELP,
    shapes: SHAPES,
    read: readOptions,
    run: async (options) => {
      try {
        io.stdout.write(await verifyAny(options, io))
        return 0
      } catch (error) {
        return reportFailure(error, options, io)
      }
    },
  })
}

/** Returns the report. Throws VerifyError at a finding, SourceUnreachable where nothing can be said. */
async function verifyAny(options: Options, io: VerifyIo): Promise<string> {
  const { site, policyFile, json, answer, anchorsFile } = options
  if (anchorsFile !== undefined) return verifyAnchorFile(site, anchorsFile)
  if (!isAddress(site) && (await isProofFile(site))) {
    const evidence = await verifyProofFile(site, policyFile)
    const report = json ? proofJson(site, evidence) : formatProofReport(site, evidence)
    if (answer === undefined) return report
    return addAnswer(report, await verifyAnswerWithProof(answer, evidence), json)
  }
  const source = isAddress(site) ? openSite(site) : await openFolder(site)
  const {
    policy,
    origin: policyOrigin,
    sha256: policySha256,
  } = await loadPolicy(policyFile, source)
  const judgedBy = { source, policy, policyFile, policyOrigin, policySha256 }
  if (options.since !== undefined) {
    const look = await monitorSite(source, policy, options.since, io)
    return json ? lookJson({ ...judgedBy, ...look }) : formatLook({ ...judgedBy, ...look })
  }
  const evidence = await verifyStill(source, policy, io)
  const proven = { ...judgedBy, evidence }
  const report = json ? reportJson(proven) : formatReport(proven)
  if (answer === undefined) return report
  return addAnswer(report, await verifyAnswerInRegister(answer, source, evidence), json)
}

function addAnswer(report: string, answer: AuthorshipEvidence, json: boolean): string {
  return json ? withAnswer(report, answer) : report + answerReport(answer)
}

function reportFailure(error: unknown, { site, json }: Options, io: VerifyIo): number {
  if (error instanceof VerifyError) {
    io.stdout.write(json ? findingJson(site, error) : formatFinding(site, error))
    return 1
  }
  if (!(error instanceof SourceUnreachable)) throw error
  io.stderr.write(`avow verify: ${error.message}\nNothing was verified.\n`)
  return 2
}

function isAddress(site: string): boolean {
  return /^https?:\/\//.test(site)
}

function readOptions({ values, positionals: [site, ...more] }: Typed<typeof SHAPES>) {
  const { policy: policyFile, anchors: anchorsFile, since: stateFile, json } = values
  const trustServed = values['trust-served-policy']
  if (site === undefined || more.length > 0) return 'give one site or folder'
  if (policyFile === undefined && !trustServed && anchorsFile === undefined) {
    return 'by what policy? give --policy FILE'
  }
  if (policyFile !== undefined && trustServed) return 'two policies: give one of the two options'
  if ((values.answer === undefined) !== (values.nonce === undefined)) {
    return 'an answer is checked with the code of its question: give --answer and --nonce'
  }
  const { answer: file, nonce = '' } = values
  const answer = file === undefined ? undefined : { file, nonce: nonce.toLowerCase() }
  const maxAgeHours = Number(values['max-age'])
  if (!(maxAgeHours > 0)) return 'give --max-age in hours'
  if (stateFile !== undefined && answer !== undefined) {
    return 'an answer is checked without --since'
  }
  const since = stateFile === undefined ? undefined : { stateFile, maxAgeHours }
  return { site, policyFile, answer, since, anchorsFile, json }
}
