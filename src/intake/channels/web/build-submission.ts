import type { Submission, SubmittedPerson } from '../../../declaration/submission.ts'
import type { StatementText } from '../../../declaration/values.ts'
import { type Answers, isRelayed, noConsents, type PersonAnswers } from './answers.ts'
import type { FormContext } from './form-context.ts'
import { chosenName, claimedNumber, listOthers } from './list-others.ts'
import { askedConsents } from './steps/consents-step.ts'
import { othersAnswered } from './steps/others-consents-step.ts'

/** A submission before its receipts are made: what the check page shows and the content hash covers. */
export type DraftSubmission = Omit<Submission, 'replaces'>

/** Answers that every step has accepted, as the statement and declarations they mean. */
export function buildSubmission(
  answers: Answers,
  formHash: string,
  context: FormContext,
): DraftSubmission {
  const others = listOthers(answers, context)
  return {
    format: 'avow/submission/v1',
    form: formHash,
    language: context.language,
    channel: context.channel,
    who: answers.who === '' ? 'self' : answers.who,
    claimed: claimedNumber(answers) ?? 0,
    statement: statementText(answers, context),
    persons: [
      firstPerson(answers, context),
      ...others.map((person) => otherPerson(person, answers)),
    ],
  }
}

function statementText({ words }: Answers, { language }: FormContext): StatementText {
  if (words.choice !== 'own') {
    return { kind: 'standard', id: words.choice.replace(/^standard-/, ''), language }
  }
  return {
    kind: 'own',
    language: words.language === '' ? language : words.language,
    text: words.text,
  }
}

function firstPerson(answers: Answers, context: FormContext): SubmittedPerson {
  const { first, about, who } = answers
  const relayed = isRelayed(answers)
  const asked = askedConsents(answers, context)
  const given = asked.filter((id) => first.consents[id]).map((id) => [id, true])
  return {
    name: submittedName(first),
    organisations: first.organisations,
    about: {
      ...(about.sector === '' ? {} : { sector: about.sector }),
      ...(about.standing === '' ? {} : { standing: about.standing }),
      ...(about.position === '' ? {} : { position: about.position }),
      ...(about.region === '' ? {} : { region: about.region }),
      voice: voiceOf(answers, who === 'asked'),
    },
    consents: relayed ? noConsents : { ...noConsents, ...Object.fromEntries(given) },
    evidence: who === 'asked' ? (relayed ? 'relayed' : 'consented') : 'self',
    key: who === 'asked' ? 'handed' : context.centreKey === null ? 'served' : 'own',
    receipt: null,
  }
}

function otherPerson(person: PersonAnswers, answers: Answers): SubmittedPerson {
  const answered = othersAnswered(answers)
  const name = submittedName(person)
  return {
    name,
    organisations: person.organisations,
    about: { voice: voiceOf(answers, true) },
    consents: answered
      ? { ...person.consents, name: person.consents.name && name !== null }
      : noConsents,
    evidence: answered ? 'consented' : 'relayed',
    key: 'handed',
    receipt: null,
  }
}

function submittedName(person: PersonAnswers): SubmittedPerson['name'] {
  const value = chosenName(person)
  if (value === '') return null
  const kind =
    person.nameKind === 'real' || person.nameKind === 'generated' ? person.nameKind : 'alias'
  return { kind, value }
}

function voiceOf({ words }: Answers, forAnother: boolean): string {
  if (words.choice !== 'own') return 'standard'
  return forAnother ? 'reported' : 'own'
}
