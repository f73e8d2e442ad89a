import { armourSignedAct } from '../../../../declaration/act-armour.ts'
import { answerChallenge, encodeAuthorship } from '../../../../declaration/authorship.ts'
import { isCarriedOut, keptOpening } from '../../../../declaration/build-act.ts'
import { receiptLookupId, receiptSecrets } from '../../../../declaration/receipt.ts'
import { encodeSignedAct, parseSignedAct } from '../../../../declaration/signed-act.ts'
import { fromUtf8 } from '../../../../encoding/bytes.ts'
import type { ActContext } from './act-context.ts'
import { type ActKind, offeredActs } from './act-kinds.ts'
import type { ActKey } from './messages.en.ts'
import type { ActPageParts } from './pages/act-frame.ts'
import { challengePage } from './pages/challenge-page.ts'
import { retypePage, retypeProblems } from './pages/new-receipt-page.ts'
import { resultPage, savedText } from './pages/result-page.ts'
import { isWishKind, openKept } from './prepare-wish.ts'
import { refusedPage, showAct } from './show-act.ts'

/** The button of an act's page. Every receipt costs the same number of queries here, whatever it opens. */
export async function carryOut(context: ActContext, kind: ActKind): Promise<ActPageParts> {
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

async function sendWish(context: ActContext, kind: ActKind): Promise<ActPageParts> {
  const problems = retypeProblems(context)
  if (problems.length > 0) return retypePage(context, problems)
  const when = context.fields.get('when') === 'now' ? 'now' : 'batch'
  const { signed } = context.state
  // Stands for an act that is nobody's, so that a receipt without one asks the same of the database.
  await context.host.door.prepare()
  if (signed === null) {
    await context.host.door.submitNothing()
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
  const { state, view, form } = context
  const { door } = context.host
  const { signed, heir } = state
  if (signed === null) return 'overtaken'
  const { after } = signed
  const { entry } = view
  if (entry === null) {
    // After a change of receipt the old one finds nothing; the new one tells whether it was this change.
    const byHeir = await door.view(receiptLookupId(heir ?? form.random(16)))
    return heir !== null && byHeir.entry?.index === after.index ? 'taken' : 'overtaken'
  }
  if (isCarriedOut(entry, after) && entry.waiting === 0) {
    await door.submitNothing()
    return 'taken'
  }
  const isNext = entry.seq + 1 === after.seq
  const mayBeWaiting = entry.seq - entry.waiting < after.seq && after.seq <= entry.seq
  if (!isNext && !mayBeWaiting) {
    await door.submitNothing()
    return 'overtaken'
  }
  const answer = await door.submit(message)
  if (answer === 'full') return 'full'
  return answer === 'known' || (answer === 'accepted' && isNext) ? 'taken' : 'overtaken'
}

function takenPage(context: ActContext, kind: ActKind, message: Uint8Array): ActPageParts {
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

async function deleteUnpublished(context: ActContext): Promise<ActPageParts> {
  const lookupId = receiptLookupId(context.state.receipt)
  const answer = await context.host.door.withdrawUnpublished(lookupId)
  const [heading, sentence] = DELETED[answer] ?? (['impossibleHeading', 'impossible'] as const)
  return resultPage(context, { heading, sentences: [sentence] })
}

async function forget(context: ActContext): Promise<ActPageParts> {
  const answer = await context.host.door.forgetReceipt(receiptLookupId(context.state.receipt))
  if (answer !== 'forgotten') return refusedPage(context, 'not_offered')
  return resultPage(context, { heading: 'doneForget', sentences: ['doneForgetMore', 'doneOnce'] })
}

/** Signed for one verifier, and shown once: nothing of it is stored or logged. */
async function answerQuestion(
  context: ActContext,
  kind: 'prove' | 'open-name',
): Promise<ActPageParts> {
  const { host, fields, t, view, state } = context
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
      ? keptOpening({ kept, view: view.entry }, 'name', host.crypto.sha256)
      : null
  if (name === undefined) return refusedPage(context, 'not_kept')
  const answer = answerChallenge({
    origin: host.origin,
    view: view.entry,
    receipt: receiptSecrets(state.receipt),
    kept,
    challenge: { verifier, nonce, day: host.clock().toISOString().slice(0, 10) },
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
