import type { Channel } from './channel.ts'
import { DeclarationError } from './error.ts'
import type { Evidence } from './evidence.ts'
import { parseSubmission, type Submission } from './submission.ts'

const CHANNELS: readonly Channel[] = ['web', 'onion']
const EVIDENCE: readonly Evidence[] = ['self', 'consented', 'relayed']

/**
 * A submission that its sender's device made and sealed: nobody checked it before. What only the service or a volunteer could
 * vouch for, as a document seen or a receipt served, is not theirs to claim. Throws `bad_submission`.
 */
export function parseSenderMade(bytes: Uint8Array): Submission {
  const submission = parseSubmission(bytes)
  if (!CHANNELS.includes(submission.channel)) throw bad('channel')
  for (const { evidence, key } of submission.persons) {
    if (!EVIDENCE.includes(evidence)) throw bad('evidence')
    if (key !== 'own' && key !== 'handed') throw bad('key')
    if (evidence === 'self' && submission.who === 'asked') throw bad('evidence of another person')
  }
  if (submission.persons.slice(1).some(({ evidence }) => evidence === 'self')) {
    throw bad('evidence of another person')
  }
  return submission
}

function bad(what: string): DeclarationError {
  return new DeclarationError('bad_submission', `a sender cannot claim this ${what}`)
}
