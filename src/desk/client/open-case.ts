import { DeclarationError } from '../../declaration/error.ts'
import { parseSubmission, type Submission } from '../../declaration/submission.ts'
import { fromBase64 } from '../../encoding/base64.ts'
import { fromHex } from '../../encoding/hex.ts'
import { openEpochStart, openRows } from '../../sealing/epoch.ts'
import { SealingError } from '../../sealing/error.ts'
import { unpad } from '../../sealing/padding.ts'
import type { CaseContents, SealedEnvelope } from '../case-contents.ts'
import type { CaseSummary } from '../read-queue.ts'
import { type CaseDraft, startDraft } from './case-draft.ts'
import { openForCentre } from './centre-seal.ts'
import { parseDraft } from './draft-codec.ts'
import { DeskClientError } from './error.ts'
import { parseBundle } from './proposal-bundle.ts'
import { ownCentreIdentities, type UnlockedDesk } from './unlocked-desk.ts'

/** One case as its volunteer sees it. `draft` continues what was saved, or what came back, or starts fresh. */
export interface OpenCase {
  readonly summary: CaseSummary
  readonly submissions: readonly Submission[]
  readonly draft: CaseDraft
  readonly returnedCode: string | null
}

export async function openCase(desk: UnlockedDesk, contents: CaseContents): Promise<OpenCase> {
  const submissions = await openSubmissions(desk, contents.envelopes)
  return {
    summary: contents.summary,
    submissions,
    draft: (await savedDraft(desk, contents)) ?? startDraft(submissions, desk.form),
    returnedCode: contents.summary.returnedCode,
  }
}

/** Throws `cannot_open` when an envelope does not open or is no submission: such a case needs a person who can read it raw. */
export async function openSubmissions(
  desk: UnlockedDesk,
  envelopes: readonly SealedEnvelope[],
): Promise<readonly Submission[]> {
  const identities = ownCentreIdentities(desk)
  if (identities.length === 0) {
    throw new DeskClientError('no_centre_key', 'no key holder has handed over the centre key yet')
  }
  const submissions: Submission[] = []
  for (const envelope of envelopes) {
    submissions.push(await openEnvelope(envelope, desk.volunteer.centre, identities))
  }
  if (submissions.length === 0) throw new DeskClientError('cannot_open', 'a case without content')
  return submissions
}

async function openEnvelope(
  { sealedStart, epoch, rowIndex, sealed }: SealedEnvelope,
  centre: string,
  identities: readonly string[],
): Promise<Submission> {
  try {
    const start = await openEpochStart(fromBase64(sealedStart), identities)
    const row = { index: rowIndex, ciphertext: fromBase64(sealed) }
    const [opened] = openRows(start, centre, fromHex(epoch), [row])
    if (opened === undefined) throw new DeskClientError('cannot_open', 'no row')
    return parseSubmission(unpad(opened.plaintext))
  } catch (error) {
    if (error instanceof SealingError || error instanceof DeclarationError) {
      throw new DeskClientError('cannot_open', 'the envelope does not open', error)
    }
    throw error
  }
}

async function savedDraft(
  desk: UnlockedDesk,
  { draft, proposal }: CaseContents,
): Promise<CaseDraft | undefined> {
  if (draft !== null) return parseDraft(await openForCentre(desk, fromBase64(draft)))
  if (proposal === null || proposal.kind !== 'publish') return undefined
  return parseBundle(await openForCentre(desk, fromBase64(proposal.sealed))).draft
}
