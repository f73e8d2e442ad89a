import { toBase64 } from '../encoding/base64.ts'
import { toHex } from '../encoding/hex.ts'
import type { ProofEvidence } from '../verify/verify-proof.ts'

/** What a proof of one declaration shows and what it cannot show, in words. */
export function formatProofReport(file: string, evidence: ProofEvidence): string {
  const { register, index, size, leaf, leafHash } = evidence
  const name = `declaration ${index} of the register ${register}`
  return [
    `The proof in ${file} holds.`,
    '',
    'Proven:',
    `  - It is ${name}: one of the first ${size} entries under a root that its log signed.`,
    `  - Day ${leaf.day}, organisations ${leaf.orgs.join(', ')}, evidence ${leaf.evidence}, key ${leaf.key}, leaf hash ${toHex(leafHash)}.`,
    ...disclosedLines(evidence).map((line) => `  - ${line}`),
    '',
    'Not proven:',
    ...unprovenLines(evidence).map((line) => `  - ${line}`),
    '',
  ].join('\n')
}

export function proofJson(file: string, evidence: ProofEvidence): string {
  const { leaf, leafHash, author, ...rest } = evidence
  const { form, day, orgs, evidence: level, key, shown } = leaf
  return `${JSON.stringify({
    result: 'verified',
    source: file,
    ...rest,
    leaf: { form, day, orgs, evidence: level, key, shown },
    leafHash: toHex(leafHash),
    author: author === null ? null : toBase64(author),
    notProven: unprovenLines(evidence),
  })}\n`
}

function disclosedLines({ text, name, about, author, independent }: ProofEvidence): string[] {
  return [
    ...(text === null
      ? []
      : [`Its text: ${text.kind === 'own' ? text.text : `standard text ${text.id}`}`]),
    ...(name === null ? [] : [`Its name: ${name}`]),
    ...(about?.sector === undefined ? [] : [`Its sector: ${about.sector}`]),
    ...(author === null ? [] : [`The key that speaks for it: ${toBase64(author)}`]),
    ...independent.map(
      ({ name: witness, day }) => `${witness} saw it on ${day}: it is no younger.`,
    ),
  ]
}

function unprovenLines({ independent, size }: ProofEvidence): string[] {
  return [
    'That a person stands behind it, beyond what its evidence says.',
    ...(independent.length === 0
      ? [
          'When it was made: no independent witness has cosigned it, so its day is the operator’s word.',
        ]
      : []),
    `What became of it after ${size} entries: a later withdrawal or correction is not visible here.`,
  ]
}
