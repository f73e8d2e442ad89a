import type { ActRefusal } from '../../../../declaration/build-act.ts'
import { labelIn } from '../../../../declaration/form-definition.ts'
import type { Wish } from '../../../../declaration/possible-acts.ts'
import { parseSignedAct } from '../../../../declaration/signed-act.ts'
import { parseBody, parseName } from '../../../../declaration/values.ts'
import { checkbox, checkboxes } from '../../../../ui/form.ts'
import { html, type MarkupValue } from '../../../../ui/html.ts'
import {
  organisationChoices,
  organisationsInWords,
  readOrganisations,
  saysBoth,
  unstatedChoice,
} from '../organisation-choices.ts'
import type { ActContext } from './act-context.ts'
import { type ActKind, offeredActs } from './act-kinds.ts'
import type { Prepared } from './act-state.ts'
import type { ActPageParts } from './pages/act-frame.ts'
import { lastingNote, oneActPage } from './pages/act-page.ts'
import { challengePage } from './pages/challenge-page.ts'
import { keepPage } from './pages/keep-page.ts'
import { newReceiptPage } from './pages/new-receipt-page.ts'
import { resultPage } from './pages/result-page.ts'
import { newAlias, prepareWish } from './prepare-wish.ts'

/** Opens the page of one act. Where it cannot be done the page says so, and weighs the same. */
export async function showAct(context: ActContext, kind: ActKind): Promise<ActPageParts> {
  const opened = { ...context, state: { ...context.state, page: kind, signed: null, heir: null } }
  if (!offeredActs(context.view).includes(kind)) return refusedPage(opened, 'not_offered')
  const { t } = context
  switch (kind) {
    case 'withdraw-unpublished':
    case 'forget':
      return oneActPage(opened, { kind, lasting: null, button: t(`${kind}-do`), go: 'do' })
    case 'prove':
    case 'open-name':
      return challengePage(opened, kind)
    case 'keep':
      return keepPage(opened)
    case 'organisations':
      return askOrganisations(opened)
    case 'alias':
      return showWish(opened, newAlias(opened))
    case 'rekey':
      return showRekey(opened)
    default:
      return showWish(opened, { kind })
  }
}

/** From the list of organisations to the page that shows what will be entered. */
export async function nextOrganisations(context: ActContext): Promise<ActPageParts> {
  const { fields, form, t, view } = context
  const chosen = readOrganisations(fields, 'organisation', form)
  const entered = view.entry?.leaf.orgs ?? []
  if (chosen.length === 0) return askOrganisations(context, form.t('organisationsMissing'))
  if (saysBoth(chosen)) return askOrganisations(context, form.t('organisationsBoth'))
  if (chosen.join() === entered.join()) return askOrganisations(context, t('organisationsSame'))
  return showWish(context, { kind: 'organisations', orgs: chosen })
}

export function refusedPage(context: ActContext, why: ActRefusal): ActPageParts {
  const sentence = (
    { not_offered: 'impossible', not_kept: 'notKept', rekey_first: 'rekeyFirst' } as const
  )[why]
  return resultPage(context, { heading: 'impossibleHeading', sentences: [sentence] })
}

async function showWish(context: ActContext, wish: Wish): Promise<ActPageParts> {
  const prepared = await prepareWish(context, wish)
  if (prepared.outcome === 'impossible') return refusedPage(context, prepared.why)
  const state = { ...context.state, signed: prepared.prepared }
  const { kind } = wish
  return oneActPage(
    { ...context, state },
    {
      kind,
      middle: wishDetails(context, wish, prepared.prepared),
      lasting: lastingNote(context, kind),
      button: context.t(`${kind}-do`),
      go: 'do',
    },
  )
}

async function showRekey(context: ActContext): Promise<ActPageParts> {
  const heir = context.form.random(16)
  const prepared = await prepareWish(context, { kind: 'rekey', receipt: heir })
  if (prepared.outcome === 'impossible') return refusedPage(context, prepared.why)
  return newReceiptPage({
    ...context,
    state: { ...context.state, heir, signed: prepared.prepared, retype: [] },
  })
}

function askOrganisations(context: ActContext, problem?: string): ActPageParts {
  const { form, fields, view } = context
  const typed = readOrganisations(fields, 'organisation', form)
  const chosen = problem === undefined ? (view.entry?.leaf.orgs ?? []) : typed
  const problems = problem === undefined ? [] : [{ field: 'organisation', message: problem }]
  return oneActPage(context, {
    kind: 'organisations',
    middle: html`${checkboxes({
      name: 'organisation',
      label: form.t('organisationsHeading'),
      problems,
      choices: organisationChoices(chosen, form),
    })}<p>${form.t('organisationsOr')}</p>
${checkbox('organisation', unstatedChoice(chosen, form), 'organisation-unstated')}`,
    lasting: null,
    button: form.t('continue'),
    go: 'next',
    problems,
  })
}

/** What exactly will be there: the words, the name, the organisations. Nobody without the receipt is shown them. */
function wishDetails(context: ActContext, wish: Wish, signed: Prepared): MarkupValue {
  const { t, form, view } = context
  switch (wish.kind) {
    case 'alias':
      return html`<p class="note"><strong>${t('aliasNew', { alias: wish.alias })}</strong></p>
`
    case 'organisations':
      return html`<p class="note">${t('organisationsNow', { organisations: organisationsInWords(view.entry?.leaf.orgs ?? [], form) })}<br>
<strong>${t('organisationsNew', { organisations: organisationsInWords(wish.orgs, form) })}</strong></p>
`
    case 'publish-text':
    case 'publish-name': {
      const [opened] = parseSignedAct(signed.message).open
      if (opened === undefined) return null
      const { part, value } = opened
      const words = part === 'name' ? parseName(value) : textInWords(context, value)
      return html`<div class="preview"><p class="statement" dir="auto">${words}</p></div>
`
    }
    default:
      return null
  }
}

function textInWords({ form, frame }: ActContext, value: Uint8Array): string {
  const text = parseBody(value)
  if (text.kind === 'own') return text.text
  const standard = form.form.standardTexts.find(({ id }) => id === text.id)
  return standard === undefined ? text.id : labelIn(standard.text, frame.language)
}
