import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { proposeMessage } from '../../declaration/approved-item.ts'
import { proposalHash } from '../../declaration/proposal-hash.ts'
import { toBase64 } from '../../encoding/base64.ts'
import { buildProposal } from './build-proposal.ts'
import type { CaseDraft } from './case-draft.ts'
import { sealForCentre } from './centre-seal.ts'
import { encodeDraft } from './draft-codec.ts'
import { DeskClientError } from './error.ts'
import type { OpenCase } from './open-case.ts'
import { encodeBundle } from './proposal-bundle.ts'
import { encodeRejection, rejectionHash } from './rejection.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'

/** Signs the draft as a proposal and hands the case over to somebody else's eyes. Sent twice it is refused once, not doubled. */
export async function proposeCase(
  desk: UnlockedDesk,
  { summary, submissions, unreadable }: OpenCase,
  draft: CaseDraft,
): Promise<void> {
  if (unreadable > 0) throw new DeskClientError('cannot_open', 'not all of the case can be read')
  const built = await buildProposal(draft, submissions, {
    register: desk.keyring.register,
    formHash: desk.formHash,
    caseId: summary.id,
    centre: desk.volunteer.centre,
    random: desk.random,
  })
  const hash = proposalHash(built.proposal, sha256)
  await desk.connection.post(`case/${summary.id}/propose`, {
    kind: 'publish',
    code: null,
    hash,
    signature: sign(desk, hash),
    sealed: toBase64(await sealForCentre(desk, encodeBundle({ ...built, draft }))),
  })
}

/** Proposes that nothing of the case is published, for a reason the sender will read. */
export async function proposeRejection(
  desk: UnlockedDesk,
  { summary }: OpenCase,
  code: string,
): Promise<void> {
  const document = encodeRejection(summary.id, code)
  const hash = rejectionHash(summary.id, code)
  await desk.connection.post(`case/${summary.id}/propose`, {
    kind: 'reject',
    code,
    hash,
    signature: sign(desk, hash),
    sealed: toBase64(await sealForCentre(desk, document)),
  })
}

export async function saveDraft(
  desk: UnlockedDesk,
  { summary }: OpenCase,
  draft: CaseDraft,
): Promise<void> {
  const sealed = await sealForCentre(desk, encodeDraft(draft))
  await desk.connection.post(`case/${summary.id}/draft`, { sealed: toBase64(sealed) })
}

function sign({ keyring }: UnlockedDesk, hash: string): string {
  return toBase64(ed25519.sign(proposeMessage(hash), keyring.signingSeed))
}
