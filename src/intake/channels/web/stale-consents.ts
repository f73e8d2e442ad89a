import { type Answers, type Consents, noConsents, type OthersAnswers } from './answers.ts'
import { chosenName, isFilled } from './list-others.ts'

/**
 * A consent holds for what was on the page when it was given. Where an edit changes that, it is taken back and asked
 * again: nobody's yes passes to another name, another text or another person.
 */
export function dropStaleConsents(before: Answers, after: Answers): Answers {
  if (before.who !== after.who) return withoutConsents(after)
  const textChanged = isChanged(before.words, after.words, ['choice', 'text', 'language'])
  const postChanged = isChanged(before.about, after.about, ['sector', 'position', 'region'])
  const stale: Partial<Consents> = {
    ...(textChanged ? { text: false } : {}),
    ...(chosenName(before.first) === chosenName(after.first) ? {} : { name: false }),
    ...(before.about.position === after.about.position ? {} : { position: false }),
    ...(postChanged ? { few: false } : {}),
  }
  const isStale = Object.keys(stale).length > 0
  return {
    ...after,
    first: { ...after.first, consents: { ...after.first.consents, ...stale } },
    consentsGiven: after.consentsGiven && !isStale,
    others: dropStaleOthers(before.others, after.others, textChanged),
  }
}

function withoutConsents(answers: Answers): Answers {
  const { first, others } = answers
  const rows = others.rows.map((row) => ({ ...row, consents: noConsents }))
  return {
    ...answers,
    first: { ...first, consents: noConsents },
    consentsGiven: false,
    others: { ...others, rows, asked: '', pasteConsents: noConsents },
  }
}

function dropStaleOthers(
  before: OthersAnswers,
  after: OthersAnswers,
  textChanged: boolean,
): OthersAnswers {
  const stale: Partial<Consents> = textChanged ? { text: false } : {}
  const listChanged =
    isChanged(before, after, ['entry', 'paste', 'pasteNameKind']) ||
    before.pasteOrganisations.join() !== after.pasteOrganisations.join()
  let rowChanged = false
  const rows = after.rows.map((row, i) => {
    const known = before.rows[i]
    const isSame =
      known === undefined
        ? !isFilled(row)
        : known.name === row.name &&
          chosenName(known) === chosenName(row) &&
          known.organisations.join() === row.organisations.join()
    rowChanged ||= !isSame
    return { ...row, consents: isSame ? { ...row.consents, ...stale } : noConsents }
  })
  return {
    ...after,
    rows,
    pasteConsents: listChanged ? noConsents : { ...after.pasteConsents, ...stale },
    asked: textChanged || listChanged || rowChanged ? '' : after.asked,
  }
}

function isChanged<T>(before: T, after: T, keys: readonly (keyof T)[]): boolean {
  return keys.some((key) => before[key] !== after[key])
}
