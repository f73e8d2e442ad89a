import { byEvidence, byState } from '../declaration/tally.ts'
import { toBase64 } from '../encoding/base64.ts'
import type { Policy } from '../tlog/policy.ts'
import type { VerifyError } from '../verify/error.ts'
import type { RegisterEvidence } from '../verify/verify-register.ts'
import type { PolicyOrigin } from './verify-policy.ts'
import type { VerifySource } from './verify-source.ts'

export type Report = {
  readonly source: VerifySource
  readonly evidence: RegisterEvidence
  readonly policy: Policy
  readonly policyFile: string | undefined
  readonly policyOrigin: PolicyOrigin
  readonly policySha256: string
}

/** What was proven and what was not, in words. */
export function formatReport(report: Report): string {
  const { source, evidence } = report
  return [
    `The register ${evidence.register} at ${source.name} holds what it promises.`,
    '',
    'Proven:',
    ...provenLines(evidence).map((line) => `  - ${line}`),
    '',
    'Judged by:',
    ...judgeLines(report).map((line) => `  - ${line}`),
    '',
    'Not proven:',
    ...unprovenLines(report).map((line) => `  - ${line}`),
    '',
  ].join('\n')
}

export function formatFinding(source: string, finding: VerifyError): string {
  return [
    `FINDING at ${source}`,
    `  file: ${finding.file}`,
    `  what: ${finding.message}`,
    `  code: ${finding.code}`,
    'This is the first thing that is wrong; nothing after it was looked at.',
    '',
  ].join('\n')
}

export function reportJson(report: Report): string {
  const { source, evidence, policyOrigin, policySha256 } = report
  const { pair, tally } = evidence
  return `${JSON.stringify({
    result: 'verified',
    source: source.name,
    register: evidence.register,
    declarations: pair.declarations.size,
    events: pair.events.size,
    roots: { declarations: toBase64(pair.declarations.root), events: toBase64(pair.events.root) },
    quorum: evidence.quorum,
    independentWitnesses: evidence.independent,
    cosignatures: pair.declarations.cosignatures,
    byEvidence: Object.fromEntries(byEvidence(tally)),
    byState: byState(tally.parts),
    tallySha256: evidence.tallySha256,
    opened: evidence.opened,
    archived: evidence.archived,
    numbers: evidence.numbers,
    listed: evidence.listed,
    policy: policyOrigin,
    witnesses: witnessesOf(report),
    tallies: evidence.tallies,
    translations: evidence.translations,
    comparedOneIn: evidence.comparedOneIn,
    ahead: evidence.ahead,
    policySha256,
    notProven: unprovenLines(report),
  })}\n`
}

export function findingJson(source: string, { code, file, message }: VerifyError): string {
  return `${JSON.stringify({ result: 'finding', source, code, file, message })}\n`
}

/** Where the policy came from, and whose the witnesses are. */
export function judgeLines(report: Report): string[] {
  const { policy, policyFile, policySha256, source } = report
  const from = policyFile === undefined ? `${source.name} itself` : `the file ${policyFile}`
  return [
    `The policy of ${from}, SHA-256 ${policySha256}, quorum ${policy.quorum}.`,
    ...witnessesOf(report).map(
      ({ name, key, run }) =>
        `Witness ${name}, key ${key}: run by ${run === 'own' ? 'the register itself' : 'somebody else, as the name of its key says'}.`,
    ),
  ]
}

/** By the name of its key, which is the policy's word. */
export function witnessesOf({ policy, evidence }: Pick<Report, 'policy' | 'evidence'>) {
  return policy.witnesses.map(({ name, key }) => ({
    name,
    key: key.name,
    run: key.name.startsWith(`${evidence.register}/`) ? 'own' : 'other',
  }))
}

function provenLines(evidence: RegisterEvidence): string[] {
  const { pair, tally, opened, archived, numbers, logged } = evidence
  const policySha256 = logged.get('log/policy')
  const levels = Array.from(byEvidence(tally), ([level, states]) => {
    const count = Object.values(states).reduce((sum, each) => sum + each, 0)
    return `${level} ${format(count)}`
  })
  const states = byState(tally.parts)
  return [
    `${format(pair.declarations.size)} declarations stand under the root that ${pair.declarations.origin} signed, in the order of their days. The register is as of ${evidence.lastDay}.`,
    `Their evidence: ${levels.join(', ')}. These add up to the count.`,
    `Standing ${format(states.standing)}, withdrawn ${format(states.withdrawn)}, flagged ${format(states.flagged)}, both ${format(states['withdrawn+flagged'])}.`,
    `${format(pair.events.size)} events stand in their own log; each one is allowed by those before it.`,
    `${format(archived.declarations)} and ${format(archived.events)} archived checkpoints are of this very history: nothing they covered was changed or removed.`,
    `${format(opened.body)} texts, ${format(opened.name)} names and ${format(opened.about)} descriptions are what the log committed to; nothing else is shown, and what is gone was taken down by an event.`,
    `So were the ${format(evidence.tallies)} tallies that were logged on the way, each when it was logged.`,
    evidence.comparedOneIn === 1
      ? 'No declaration stands in it twice.'
      : `No declaration stands in it twice, as far as one in ${evidence.comparedOneIn} was compared; another pair compares others.`,
    numbers.length === 0
      ? 'The tally is what the two logs add up to.'
      : `The tally is what the two logs add up to, and so are the numbers in ${numbers.join(', ')}.`,
    ...(policySha256 === undefined
      ? []
      : [`The policy it serves is the logged one, SHA-256 ${policySha256}.`]),
    ...(evidence.independent.length === 0
      ? []
      : [`Independent witnesses cosigned it: ${witnessLine(evidence)}.`]),
  ]
}

function unprovenLines({ evidence, policyOrigin, policySha256 }: Report): string[] {
  const { pair, independent, listed, ahead } = evidence
  const newer = pair.declarations.newerSize ?? pair.events.newerSize
  return [
    'This proves that nothing was changed, not that a person stands behind each leaf.',
    ...(independent.length === 0
      ? [
          'No independent witness has cosigned this yet: its operator could show others another history.',
        ]
      : []),
    ...(policyOrigin === 'served'
      ? [
          `The policy came from the site itself, which could have made it up. Compare its SHA-256 with one you got elsewhere: ${policySha256}`,
        ]
      : []),
    `That this is the newest state: it is as of ${evidence.lastDay}, and later withdrawals are not visible in it.`,
    ...(listed
      ? []
      : [
          'That nothing else is served: a site cannot be listed. Verify a copy of its folder for that.',
        ]),
    ...(ahead === 0
      ? []
      : [
          `${format(ahead)} files of entries that no checkpoint covers yet: a publication under way, or one that was cut short.`,
        ]),
    ...(newer === null
      ? []
      : [
          'Entries beyond this pair: a newer checkpoint is signed, and its publication is under way.',
        ]),
  ]
}

function witnessLine({ pair, independent }: RegisterEvidence): string {
  return pair.declarations.cosignatures
    .filter(({ name }) => independent.includes(name))
    .map(({ name, time }) => `${name} on ${new Date(1000 * time).toISOString().slice(0, 10)}`)
    .join(', ')
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}
