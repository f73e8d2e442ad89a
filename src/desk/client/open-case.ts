import { DeclarationError } from '../../declaration/error.ts'
import { parseSenderMade } from '../../declaration/sender-made.ts'
import { parseSubmission, type Submission } from '../../declaration/submission.ts'
import { fromBase64 } from '../../encoding/base64.ts'
import { fromHex } from '../../encoding/hex.ts'
import { openWith } from '../../sealing/age.ts'
import { openEpochStart, openRows } from '../../sealing/epoch.ts'
import { SealingError } from '../../sealing/error.ts'
import { unpad } from '../../sealing/padding.ts'
import type { CaseContents, SealedEnvelope } from '../case-contents.ts'
import type { CaseSummary } from '../read-queue.ts'
import { type CaseDraft, startDraft } from './case-draft.ts'
import { openForCentre } from './centre-seal.ts'
import { parseDraft } from './draft-codec.ts'
import { DeskClientError } from './error.ts'
import { type Note, openNotes } from './notes.ts'
import { parseBundle } from './proposal-bundle.ts'
import { ownCentreIdentities, type UnlockedDesk } from './unlocked-desk.ts'

/** One case as its volunteer sees it. `draft` continues what was saved, or what came back, or starts fresh. */
export interface OpenCase {
  readonly summary: CaseSummary
  readonly submissions: readonly Submission[]
  /** Envelopes that are none of ours to read: they stay sealed, and such a case can be given on or rejected, not published. */
  readonly unreadable: number
  readonly draft: CaseDraft
  readonly returnedCode: string | null
  readonly notes: readonly Note[]
}

export async function openCase(desk: UnlockedDesk, contents: CaseContents): Promise<OpenCase> {
  const { submissions, unreadable } = await openSubmissions(desk, contents.envelopes)
  return {
    summary: contents.summary,
    submissions,
    unreadable,
    draft: (await savedDraft(desk, contents)) ?? startDraft(submissions, desk.form),
    returnedCode: contents.summary.returnedCode,
    notes: await openNotes(desk, contents.notes),
  }
}

export interface OpenedEnvelopes {
  readonly submissions: readonly Submission[]
  readonly unreadable: number
}

/** What a sender sealed may be anything: it is counted as unreadable, so that a person sees it and nothing is dropped. */
export async function openSubmissions(
  desk: UnlockedDesk,
  envelopes: readonly SealedEnvelope[],
): Promise<OpenedEnvelopes> {
  const identities = ownCentreIdentities(desk)
  if (identities.length === 0) {
    throw new DeskClientError('no_centre_key', 'no key holder has handed over the centre key yet')
  }
  if (envelopes.length === 0) throw new DeskClientError('cannot_open', 'a case without content')
  const submissions: Submission[] = []
  for (const envelope of envelopes) {
    const submission = await openEnvelope(envelope, desk.volunteer.centre, identities)
    if (submission !== undefined) submissions.push(submission)
  }
  return { submissions, unreadable: envelopes.length - submissions.length }
}

async function openEnvelope(
  envelope: SealedEnvelope,
  centre: string,
  identities: readonly string[],
): Promise<Submission | undefined> {
  try {
    const content = await openContent(envelope, centre, identities)
    if (content === undefined) return undefined
    return envelope.sealing === 'age' ? parseSenderMade(content) : parseSubmission(content)
  } catch (error) {
    if (error instanceof SealingError || error instanceof DeclarationError) return undefined
    throw error
  }
}

/** What stands inside the seal, whatever it is. */
export async function openContent(
  envelope: SealedEnvelope,
  centre: string,
  identities: readonly string[],
): Promise<Uint8Array | undefined> {
  if (envelope.sealing === 'age')
    return unpad(await openWith(identities, fromBase64(envelope.sealed)))
  const start = await openEpochStart(fromBase64(envelope.sealedStart), identities)
  const row = { index: envelope.rowIndex, ciphertext: fromBase64(envelope.sealed) }
  const [opened] = openRows(start, centre, fromHex(envelope.epoch), [row])
  return opened && unpad(opened.plaintext)
}

async function savedDraft(
  desk: UnlockedDesk,
  { draft, proposal }: CaseContents,
): Promise<CaseDraft | undefined> {
  if (draft !== null) return parseDraft(await openForCentre(desk, fromBase64(draft)))
  if (proposal === null || proposal.kind !== 'publish') return undefined
  return parseBundle(await openForCentre(desk, fromBase64(proposal.sealed))).draft
}
