/** What a person has answered so far, as typed: it is shown again as it is, and judged by each step's `check`. */
export interface Answers {
  readonly who: '' | 'self' | 'group' | 'asked'
  /** Whether the person asked for answered each point of the consent script. */
  readonly scriptAnswered: '' | 'yes' | 'no'
  readonly first: PersonAnswers
  /** Whether the first person's consents were asked for what is answered now. */
  readonly consentsGiven: boolean
  readonly about: AboutAnswers
  readonly others: OthersAnswers
  readonly words: WordsAnswers
  readonly wantsReceipt: boolean
}

export type NameKind = '' | 'none' | 'generated' | 'alias' | 'real'

export interface PersonAnswers {
  readonly nameKind: NameKind
  readonly name: string
  /** Made before it is chosen, so that it can be shown. */
  readonly generatedName: string
  /** Ids of the form definition, or `unstated` alone; empty while nothing is answered. */
  readonly organisations: readonly string[]
  readonly consents: Consents
}

export interface AboutAnswers {
  readonly sector: string
  readonly standing: string
  readonly position: string
  readonly region: string
}

export interface OthersAnswers {
  readonly entry: 'rows' | 'paste'
  readonly rows: readonly PersonAnswers[]
  readonly paste: string
  readonly pasteNameKind: 'alias' | 'real'
  readonly pasteOrganisations: readonly string[]
  /** The number typed for "and so many others". */
  readonly claimed: string
  readonly asked: '' | 'yes' | 'no'
  /** For a pasted list: what all of them said yes to. */
  readonly pasteConsents: Consents
}

export interface WordsAnswers {
  /** `own`, or the id of a standard text. */
  readonly choice: string
  readonly text: string
  readonly language: string
  readonly keep: boolean
}

export interface Consents {
  readonly text: boolean
  readonly name: boolean
  readonly position: boolean
  readonly few: boolean
  readonly bulletin: boolean
  readonly broadcast: boolean
}

export const noConsents: Consents = {
  text: false,
  name: false,
  position: false,
  few: false,
  bulletin: false,
  broadcast: false,
}

export const emptyPerson: PersonAnswers = {
  nameKind: '',
  name: '',
  generatedName: '',
  organisations: [],
  consents: noConsents,
}

export const emptyAnswers: Answers = {
  who: '',
  scriptAnswered: '',
  first: emptyPerson,
  consentsGiven: false,
  about: { sector: '', standing: '', position: '', region: '' },
  others: {
    entry: 'rows',
    rows: [emptyPerson, emptyPerson, emptyPerson],
    paste: '',
    pasteNameKind: 'alias',
    pasteOrganisations: [],
    claimed: '',
    asked: '',
    pasteConsents: noConsents,
  },
  words: { choice: '', text: '', language: '', keep: false },
  wantsReceipt: true,
}

/** Nobody answered the consent points themselves, so nothing may be published: it is only counted. */
export function isRelayed(answers: Answers): boolean {
  return answers.who === 'asked' && answers.scriptAnswered !== 'yes'
}
