import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { equalBytes, fromUtf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type Policy, parsePolicy } from '../tlog/policy.ts'
import { VerifyError, type VerifyErrorCode } from '../verify/error.ts'
import { LATEST_FILE, LATEST_MAX_BYTES } from '../verify/latest.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from '../verify/logged-files.ts'
import { type RegisterEvidence, verifyRegister } from '../verify/verify-register.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { openFolder } from './verify-folder.ts'
import { progressLine } from './verify-progress.ts'
import {
  findingJson,
  formatFinding,
  formatReport,
  type PolicyOrigin,
  reportJson,
} from './verify-report.ts'
import { openSite } from './verify-site.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

const HELP = `Usage: avow verify SITE --policy FILE [--json]
       avow verify SITE --trust-served-policy [--json]

Replays a whole register from what it serves: every entry of both logs, every text and name, the tally, and the numbers
on its pages. It stops at the first thing that is wrong and names the file. It needs no database and no account.

  SITE                     address of the site's root (http://… or https://…), or a folder that holds a copy of it
  --policy FILE            names the keys of the logs and of their witnesses. Take it from somewhere else than the
                           site: a policy fetched from the site that it judges proves nothing
  --trust-served-policy    judge the site by the policy it serves itself; the report says what that does not prove
  --json                   one JSON object on standard output instead of sentences

Exit: 0 the register holds what it promises, 1 a finding, 2 a mistake in the command line or nothing that can be read.
`

/** What a reader may see for a moment while a batch is being published: worth a second look before it is called a lie. */
const TRANSIENT = new Set<VerifyErrorCode>([
  'checkpoint_mismatch',
  'count_mismatch',
  'part_missing',
  'part_not_shown',
  'unexpected_file',
  'unlogged_file',
])
const MAX_STARTS = 3
const SECOND_LOOK_AFTER_MS = 5_000

type Output = { readonly write: (text: string) => unknown; readonly isTTY?: boolean }
export type VerifyIo = {
  readonly stdout: Output
  readonly stderr: Output
  readonly secondLookAfterMs?: number
}

type Options = {
  readonly site: string
  readonly policyFile: string | undefined
  readonly json: boolean
  readonly help: boolean
}
type JudgedBy = { readonly policy: Policy; readonly origin: PolicyOrigin; readonly sha256: string }

/** `avow verify`: 0 when the register holds what it promises, 1 at a finding, 2 when nothing can be said. */
export async function verifyCommand(
  args: readonly string[],
  io: VerifyIo = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow verify: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    const source = await openSource(options.site)
    const judgedBy = await loadPolicy(options.policyFile, source)
    return await report(source, judgedBy, options, io)
  } catch (error) {
    if (!(error instanceof SourceUnreachable)) throw error
    io.stderr.write(`avow verify: ${error.message}\nNothing was verified.\n`)
    return 2
  }
}

async function report(
  source: VerifySource,
  { policy, origin, sha256: policySha256 }: JudgedBy,
  { json }: Options,
  io: VerifyIo,
): Promise<number> {
  try {
    const evidence = await verifyStill(source, policy, io)
    const proven = { source, evidence, policyOrigin: origin, policySha256 }
    io.stdout.write(json ? `${reportJson(proven)}\n` : formatReport(proven))
    return 0
  } catch (finding) {
    if (!(finding instanceof VerifyError)) throw finding
    io.stdout.write(json ? `${findingJson(source, finding)}\n` : formatFinding(source, finding))
    return 1
  }
}

/** Verifies one pair. A register that published another one meanwhile is read again: half of each would look like a lie. */
async function verifyStill(
  source: VerifySource,
  policy: Policy,
  io: VerifyIo,
): Promise<RegisterEvidence> {
  const { read, list } = source
  for (let start = 1; ; start++) {
    const before = await read(LATEST_FILE, LATEST_MAX_BYTES)
    const progress = progressLine(io.stderr)
    try {
      return await verifyRegister(read, {
        policy,
        sha256,
        ed25519Verify: nativeEd25519Verify,
        onProgress: progress.show,
        ...(list === undefined ? {} : { list }),
      })
    } catch (finding) {
      if (!(finding instanceof VerifyError) || start === MAX_STARTS) throw finding
      const lookAgain = source.kind === 'site' && TRANSIENT.has(finding.code) && start === 1
      if (lookAgain) await wait(io.secondLookAfterMs ?? SECOND_LOOK_AFTER_MS)
      const after = await read(LATEST_FILE, LATEST_MAX_BYTES)
      const moved = before !== undefined && after !== undefined && !equalBytes(before, after)
      if (!moved && !lookAgain) throw finding
      progress.clear()
      io.stderr.write('The register may be publishing right now; reading it again.\n')
    } finally {
      progress.clear()
    }
  }
}

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        'trust-served-policy': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
    const { policy: policyFile, json = false, help = false } = values
    const trustServed = values['trust-served-policy'] ?? false
    const [site = '', ...more] = positionals
    if (!help && (site === '' || more.length > 0)) return 'give one site or folder'
    if (!help && policyFile === undefined && !trustServed) {
      return 'by what policy? give --policy FILE'
    }
    if (policyFile !== undefined && trustServed) return 'two policies: give one of the two options'
    return { site, policyFile, json, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function openSource(site: string): Promise<VerifySource> {
  if (!/^https?:\/\//.test(site)) return openFolder(site)
  if (!URL.canParse(site)) throw new SourceUnreachable(`${site} is not an address`)
  return openSite(new URL(site))
}

async function loadPolicy(file: string | undefined, source: VerifySource): Promise<JudgedBy> {
  const bytes =
    file === undefined
      ? await source.read(POLICY_FILE, MAX_POLICY_BYTES)
      : await readFile(file).catch(() => undefined)
  const name = file ?? `${source.name} ${POLICY_FILE}`
  if (bytes === undefined) throw new SourceUnreachable(`the policy ${name} cannot be read`)
  try {
    const policy = parsePolicy(fromUtf8(bytes))
    const origin = file === undefined ? 'served' : 'file'
    return { policy, origin, sha256: toHex(sha256(bytes)) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new SourceUnreachable(`${name} is not a policy: ${reason}`, { cause })
  }
}
