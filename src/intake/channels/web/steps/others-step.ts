import { CLAIMED_MAX } from '../../../../declaration/submission.ts'
import { countChars, NAME_MAX_CHARS, tidyLine } from '../../../../declaration/text.ts'
import { type FieldProblem, textField } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import { emptyPerson, type OthersAnswers } from '../answers.ts'
import { type FormContext, offered, type Step } from '../form-context.ts'
import { chosenName, claimedNumber, isFilled, listOthers } from '../list-others.ts'
import { readOrganisations, saysBoth } from '../organisation-choices.ts'
import { PASTE_MAX_CHARS, PASTE_MAX_PERSONS, parsePaste } from '../paste.ts'
import { withGeneratedName } from './name-step.ts'
import { pasteFields, rowFields } from './others-fields.ts'

const ROWS_MAX = 20
const ROWS_ADDED = 5

export const othersStep: Step = {
  id: 'others',
  appliesTo: ({ who }) => who === 'group',
  title: ({ t }) => t('othersTitle'),
  read: (fields, answers, context) => {
    const read =
      answers.others.entry === 'rows'
        ? readRows(fields, answers.others, context)
        : readPaste(fields, answers.others, context)
    const others = { ...read, claimed: tidyLine(fields.get('claimed') ?? '').slice(0, 20) }
    return { ...answers, others: changeEntry(fields.get('go'), others) }
  },
  check: (answers, context) => {
    const { others } = answers
    const problems =
      others.entry === 'rows' ? checkRows(others, context) : checkPaste(others, context)
    const claimed = claimedNumber(answers)
    if (claimed === undefined || claimed > CLAIMED_MAX) {
      const message = context.t('othersClaimedWrong', { max: CLAIMED_MAX })
      return [...problems, { field: 'claimed', message }]
    }
    if (problems.length > 0 || claimed > 0 || listOthers(answers, context).length > 0)
      return problems
    const field = others.entry === 'rows' ? 'row-0-name' : 'paste'
    return [{ field, message: context.t('othersMissing') }]
  },
  view: ({ others }, context, problems) => {
    const { t } = context
    return html`<h1>${t('othersHeading')}</h1>
<p>${t('othersHint')}</p>
${others.entry === 'rows' ? rowFields(others, context, problems, ROWS_MAX) : pasteFields(others, context, problems)}
${textField({
  name: 'claimed',
  label: t('optional', { label: t('othersClaimed') }),
  hint: t('othersClaimedHint'),
  problems,
  value: others.claimed,
  numeric: true,
})}`
  },
}

function readRows(
  fields: URLSearchParams,
  others: OthersAnswers,
  context: FormContext,
): OthersAnswers {
  const rows = others.rows.map((row, i) => {
    const nameKind = offered(fields.get(`row-${i}-kind`), ['alias', 'real', 'generated'])
    const typed = {
      ...row,
      nameKind,
      name: tidyLine(fields.get(`row-${i}-name`) ?? ''),
      organisations: readOrganisations(fields, `row-${i}-organisation`, context),
    }
    return nameKind === 'generated' ? withGeneratedName(typed, context) : typed
  })
  return { ...others, rows }
}

function readPaste(
  fields: URLSearchParams,
  others: OthersAnswers,
  context: FormContext,
): OthersAnswers {
  const paste = (fields.get('paste') ?? '').toWellFormed().replaceAll('\r\n', '\n')
  return {
    ...others,
    // One character more than fits is enough to say that it is too long.
    paste: paste.slice(0, PASTE_MAX_CHARS + 1),
    pasteNameKind: offered(fields.get('paste-kind'), ['real']) === 'real' ? 'real' : 'alias',
    pasteOrganisations: readOrganisations(fields, 'paste-organisation', context),
  }
}

function changeEntry(go: string | null, others: OthersAnswers): OthersAnswers {
  if (go === 'paste' || go === 'rows') return { ...others, entry: go }
  if (go !== 'more') return others
  const added = Math.min(ROWS_ADDED, ROWS_MAX - others.rows.length)
  return {
    ...others,
    rows: [...others.rows, ...Array<typeof emptyPerson>(added).fill(emptyPerson)],
  }
}

function checkRows({ rows }: OthersAnswers, { t }: FormContext): FieldProblem[] {
  return rows.flatMap((row, i) => {
    if (!isFilled(row)) return []
    const number = i + 2
    const problems: FieldProblem[] = []
    if (countChars(chosenName(row)) > NAME_MAX_CHARS) {
      const message = t('othersRowName', { number, max: NAME_MAX_CHARS })
      problems.push({ field: `row-${i}-name`, message })
    }
    const field = `row-${i}-organisation`
    if (row.organisations.length === 0) {
      problems.push({ field, message: t('othersRowOrganisations', { number }) })
    }
    if (saysBoth(row.organisations)) problems.push({ field, message: t('organisationsBoth') })
    return problems
  })
}

function checkPaste(others: OthersAnswers, { t, form }: FormContext): FieldProblem[] {
  const field = 'paste'
  if (others.paste.length > PASTE_MAX_CHARS) return [{ field, message: t('othersPasteLong') }]
  if (saysBoth(others.pasteOrganisations)) {
    return [{ field: 'paste-organisation', message: t('organisationsBoth') }]
  }
  const lines = parsePaste(others.paste, form)
  if (lines.length > PASTE_MAX_PERSONS) {
    const message = t('othersLinesTooMany', { count: lines.length, max: PASTE_MAX_PERSONS })
    return [{ field, message }]
  }
  const problems = lines.flatMap(({ name, organisations }, i) => {
    const number = i + 1
    if (name === '' || countChars(name) > NAME_MAX_CHARS) {
      return [{ field, message: t('othersLineName', { number, max: NAME_MAX_CHARS }) }]
    }
    const none = organisations.length === 0 && others.pasteOrganisations.length === 0
    return none ? [{ field, message: t('othersLineOrganisations', { number }) }] : []
  })
  // The first few lines show what is wrong; hundreds of messages would bury it.
  return problems.slice(0, 5)
}
