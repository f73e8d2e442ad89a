import { armourSignedAct } from '../../../../declaration/act-armour.ts'
import { answerChallenge, encodeAuthorship } from '../../../../declaration/authorship.ts'
import { isCarriedOut, keptOpening } from '../../../../declaration/build-act.ts'
import { lookupHash, receiptLookupId, receiptSecrets } from '../../../../declaration/receipt.ts'
import { encodeSignedAct, parseSignedAct } from '../../../../declaration/signed-act.ts'
import { fromUtf8 } from '../../../../encoding/bytes.ts'
import { fromHex } from '../../../../encoding/hex.ts'
import { receiveSignedAct } from '../../../receive-act.ts'
import type { ActContext } from './act-context.ts'
import { type ActKind, offeredActs } from './act-kinds.ts'
import type { ActKey } from './messages.en.ts'
import { challengePage } from './pages/challenge-page.ts'
import { retypePage, retypeProblems } from './pages/new-receipt-page.ts'
import { resultPage, savedText } from './pages/result-page.ts'
import { isWishKind, openKept } from './prepare-wish.ts'
import { refusedPage, showAct } from './show-act.ts'

/** As long as most acts are when sealed. */
const USUAL_SEALED_BYTES = 6 * 1024

/** The button of an act's page. Every receipt costs the same number of queries here, whatever it opens. */
export async function carryOut(context: ActContext, kind: ActKind): Promise<string> {
  switch (kind) {
    case 'withdraw-unpublished':
      return deleteUnpublished(context)
    case 'forget':
      return forget(context)
    case 'prove':
    case 'open-name':
      return answerQuestion(context, kind)
    default:
      return isWishKind(kind) ? sendWish(context, kind) : showAct(context, kind)
  }
}

async function sendWish(context: ActContext, kind: ActKind): Promise<string> {
  const problems = retypeProblems(context)
  if (problems.length > 0) return retypePage(context, problems)
  const when = context.fields.get('when') === 'now' ? 'now' : 'batch'
  const { signed } = context.state
  // Stands for an act that is nobody's, so that a receipt without one asks the same of the database.
  await context.door.actRecipient()
  if (signed === null) {
    await submitNothing(context)
    return refusedPage(context, 'not_offered')
  }
  const message = encodeSignedAct({ ...parseSignedAct(signed.message), when })
  const outcome = await submit(context, message)
  switch (outcome) {
    case 'taken':
      return takenPage(context, kind, message)
    case 'full':
      return resultPage(context, { heading: 'fullHeading', sentences: ['fullMore'] })
    case 'overtaken':
      return resultPage(context, { heading: 'overtakenHeading', sentences: ['overtakenMore'] })
  }
}

/** One query beside the one that every page makes. */
async function submit(
  context: ActContext,
  message: Uint8Array,
): Promise<'taken' | 'full' | 'overtaken'> {
  const { door, state, view } = context
  const { signed, heir } = state
  if (signed === null) return 'overtaken'
  const { after } = signed
  const { entry } = view
  if (entry === null) {
    // After a change of receipt the old one finds nothing; the new one tells whether it was this change.
    const byHeir = await door.receiptView(hashOf(context, heir ?? context.options.random(16)))
    return heir !== null && byHeir.entry?.index === after.index ? 'taken' : 'overtaken'
  }
  if (isCarriedOut(entry, after) && entry.waiting === 0) {
    await submitNothing(context)
    return 'taken'
  }
  const isNext = entry.seq + 1 === after.seq
  const mayBeWaiting = entry.seq - entry.waiting < after.seq && after.seq <= entry.seq
  if (!isNext && !mayBeWaiting) {
    await submitNothing(context)
    return 'overtaken'
  }
  const answer = await receiveSignedAct(message, door)
  if (answer === 'full') return 'full'
  return answer === 'known' || (answer === 'accepted' && isNext) ? 'taken' : 'overtaken'
}

async function submitNothing({ door, options: { random } }: ActContext): Promise<void> {
  await door.submitAct({
    lookupHash: random(32),
    id: random(32),
    sealed: random(USUAL_SEALED_BYTES),
    urgency: 'batch',
  })
}

function takenPage(context: ActContext, kind: ActKind, message: Uint8Array): string {
  return resultPage(context, {
    heading: 'doneHeading',
    sentences: ['doneNext', ...(kind === 'rekey' ? (['doneRekey'] as const) : []), 'doneOnce'],
    more: savedText(context, {
      heading: 'messageHeading',
      what: 'messageWhat',
      file: 'act.txt',
      text: armourSignedAct(message),
    }),
  })
}

const DELETED: Readonly<Record<string, readonly [ActKey, ActKey]>> = {
  withdrawn: ['doneDeleted', 'doneDeletedMore'],
  published: ['tooLate', 'tooLateMore'],
  ended: ['endedHeading', 'endedMore'],
  unknown: ['impossibleHeading', 'impossible'],
}

async function deleteUnpublished(context: ActContext): Promise<string> {
  const hash = hashOf(context, context.state.receipt)
  const answer = await context.door.withdrawUnpublished(hash)
  const [heading, sentence] = DELETED[answer] ?? (['impossibleHeading', 'impossible'] as const)
  return resultPage(context, { heading, sentences: [sentence] })
}

async function forget(context: ActContext): Promise<string> {
  const answer = await context.door.forgetReceipt(hashOf(context, context.state.receipt))
  if (answer !== 'forgotten') return refusedPage(context, 'not_offered')
  return resultPage(context, { heading: 'doneForget', sentences: ['doneForgetMore', 'doneOnce'] })
}

/** Signed for one verifier, and shown once: nothing of it is stored or logged. */
async function answerQuestion(context: ActContext, kind: 'prove' | 'open-name'): Promise<string> {
  const { fields, t, view, options, state } = context
  const verifier = (fields.get('verifier') ?? '').trim()
  const nonce = (fields.get('nonce') ?? '').replace(/\s/g, '').toLowerCase()
  const kept = await openKept(context)
  if (view.entry === null || kept === undefined || !offeredActs(view).includes(kind)) {
    return refusedPage(context, 'not_offered')
  }
  const problems = [
    ...(/^[!-~](?:[ -~]{0,198}[!-~])?$/.test(verifier)
      ? []
      : [{ field: 'verifier', message: t('challengeVerifierWrong') }]),
    ...(/^[0-9a-f]{32,128}$/.test(nonce)
      ? []
      : [{ field: 'nonce', message: t('challengeNonceWrong') }]),
  ]
  if (problems.length > 0) return challengePage(context, kind, problems)
  const name =
    kind === 'open-name'
      ? keptOpening({ kept, view: view.entry }, 'name', options.acts.sha256)
      : null
  if (name === undefined) return refusedPage(context, 'not_kept')
  const answer = answerChallenge({
    origin: options.origin,
    view: view.entry,
    receipt: receiptSecrets(state.receipt),
    kept,
    challenge: { verifier, nonce, day: options.clock().toISOString().slice(0, 10) },
    name,
  })
  return resultPage(context, {
    heading: 'answerHeading',
    sentences: [],
    more: savedText(context, {
      heading: 'fileHeading',
      what: 'answerWhat',
      file: 'answer.txt',
      text: fromUtf8(encodeAuthorship(answer)),
    }),
  })
}

export function hashOf({ door }: Pick<ActContext, 'door'>, receipt: Uint8Array): Uint8Array {
  return fromHex(lookupHash(receiptLookupId(receipt), door.sha256))
}
