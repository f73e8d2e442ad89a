import { utf8 } from '../encoding/bytes.ts'
import { canonicalJson } from '../encoding/canonical-json.ts'
import { toHex } from '../encoding/hex.ts'
import type { Sha256 } from '../tlog/hash.ts'
import { commitmentOf } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { ID, LANGUAGE, whole } from './grammar.ts'
import {
  checkedText,
  integer,
  listOf,
  object,
  oneOf,
  parseJson,
  recordOf,
  text,
} from './json-shape.ts'
import { encodeLeaf } from './leaf.ts'
import { checkText } from './text.ts'

export const FORM_MAX_CHARS = 512 * 1024

/** A text in every language of the form. */
export type Labels = { readonly [language: string]: string }
export type Choice = { readonly id: string; readonly label: Labels }

/** What one register asks, offers and promises, as data. Its hash stands in every leaf. */
export type FormDefinition = {
  readonly format: 'avow/form/v1'
  readonly id: string
  readonly version: number
  /** The languages in which every label and standard text is given. Statements may be in any language. */
  readonly languages: readonly string[]
  readonly names: Labels
  readonly organisations: readonly Choice[]
  readonly sectors: readonly Choice[]
  readonly standings: readonly Choice[]
  readonly voices: readonly Choice[]
  readonly regions: readonly Choice[]
  readonly standardTexts: readonly { readonly id: string; readonly text: Labels }[]
  readonly positionMaxChars: number
  readonly minimumGroup: { readonly k: number; readonly window: 'form' }
  readonly consents: readonly Choice[]
  /** Codes for the sender of a rejected case, each with the sentence that is shown for it. */
  readonly rejectionReasons: readonly Choice[]
  /** Why an entry makes no declaration though its case is published. */
  readonly keptOutReasons: readonly Choice[]
  /** Why the operator may act on a published declaration. */
  readonly operatorReasons: readonly Choice[]
  readonly notBefore: {
    readonly minHours: number
    readonly maxHours: number
    readonly minStatements: number
    readonly maxDays: number
  }
  readonly acts?: ActTiming
}

/** When authors' acts are logged: at most once a day, several at a time. */
export type ActTiming = {
  readonly minActs: number
  /** A batch that is too small goes after so many days; 0: every act goes at once. */
  readonly maxDays: number
  /** What takes something back or down waits no longer than this. */
  readonly withdrawHours: number
}

/** For forms that do not say. */
const USUAL_ACTS: ActTiming = { minActs: 20, maxDays: 7, withdrawHours: 24 }

export function actTimingOf({ acts }: FormDefinition): ActTiming {
  return acts ?? USUAL_ACTS
}

const id = text(32, whole(ID))
const language = text(35, whole(LANGUAGE))
const labels = recordOf(whole(LANGUAGE), checkedText(checkText), 64)
const choices = (min: number, max: number) => listOf(object({ id, label: labels }), min, max)

// Made when a form is read: pages that only name its choices do not carry what reads it.
const formShape = () =>
  object(
    {
      format: oneOf(['avow/form/v1']),
      id,
      version: integer(1, 9999),
      languages: listOf(language, 1, 64),
      names: labels,
      organisations: choices(1, 16),
      sectors: choices(1, 64),
      standings: choices(1, 16),
      voices: choices(1, 16),
      regions: choices(0, 512),
      standardTexts: listOf(object({ id, text: labels }), 1, 16),
      positionMaxChars: integer(0, 60),
      minimumGroup: object({ k: integer(1, 100), window: oneOf(['form']) }),
      consents: choices(1, 16),
      rejectionReasons: choices(1, 32),
      keptOutReasons: choices(1, 32),
      operatorReasons: choices(1, 32),
      notBefore: object({
        minHours: integer(0, 720),
        maxHours: integer(0, 720),
        minStatements: integer(1, 10_000),
        maxDays: integer(0, 90),
      }),
    },
    {
      acts: object({
        minActs: integer(1, 10_000),
        maxDays: integer(0, 90),
        withdrawHours: integer(0, 168),
      }),
    },
  )

/** Throws `bad_form`: wrong shape, an id given twice, a language without its label. */
export function parseFormDefinition(json: string): FormDefinition {
  if (json.length > FORM_MAX_CHARS) throw badForm('too long')
  const form = parseJson(json, formShape(), 'bad_form')
  for (const [list, choicesOfList] of choiceLists(form)) {
    checkChoices(list, choicesOfList, form.languages)
  }
  checkLabels('names', form.names, form.languages)
  if (form.notBefore.minHours > form.notBefore.maxHours)
    throw badForm('notBefore ends before it begins')
  if (form.organisations.some((organisation) => organisation.id === 'unstated')) {
    throw badForm('unstated is what a leaf says without organisations, not an organisation')
  }
  if (!form.sectors.some((sector) => sector.id === 'others')) {
    throw badForm('sectors need others, to which small groups fold')
  }
  checkLongestLeaf(form)
  return form
}

/** SHA-256 of the canonical JSON of the definition, in hex: the `form` of leaves and events. */
export function formHash(form: FormDefinition, sha256: Sha256): string {
  return toHex(sha256(utf8(canonicalJson(form))))
}

/** The label in the language asked for, or in the first language of the form. */
export function labelIn(labelsOfChoice: Labels, asked: string): string {
  return labelsOfChoice[asked] ?? Object.values(labelsOfChoice)[0] ?? ''
}

function choiceLists(form: FormDefinition): [string, readonly Choice[]][] {
  return [
    ['organisations', form.organisations],
    ['sectors', form.sectors],
    ['standings', form.standings],
    ['voices', form.voices],
    ['regions', form.regions],
    ['standardTexts', form.standardTexts.map(({ id, text }) => ({ id, label: text }))],
    ['consents', form.consents],
    ['rejectionReasons', form.rejectionReasons],
    ['keptOutReasons', form.keptOutReasons],
    ['operatorReasons', form.operatorReasons],
  ]
}

function checkChoices(
  list: string,
  choicesOfList: readonly Choice[],
  languages: readonly string[],
) {
  const ids = new Set(choicesOfList.map((choice) => choice.id))
  if (ids.size !== choicesOfList.length) throw badForm(`${list}: an id given twice`)
  for (const choice of choicesOfList) checkLabels(`${list}.${choice.id}`, choice.label, languages)
}

function checkLabels(name: string, given: Labels, languages: readonly string[]): void {
  const missing = languages.find((wanted) => given[wanted] === undefined)
  if (missing !== undefined) throw badForm(`${name}: no label in ${missing}`)
}

/** One that did not fit would be found when it is published, after two people approved it, and hold up all others. */
function checkLongestLeaf({ organisations }: FormDefinition): void {
  const digest = commitmentOf(new Uint8Array(32))
  try {
    encodeLeaf({
      form: '0'.repeat(64),
      day: '2000-01-01',
      orgs: organisations.map((organisation) => organisation.id).toSorted(),
      evidence: 'in-person',
      key: 'handed',
      shown: { name: true, text: true },
      body: digest,
      name: digest,
      about: digest,
      author: digest,
    })
  } catch (cause) {
    throw new DeclarationError('bad_form', 'all organisations together do not fit a leaf', cause)
  }
}

function badForm(message: string): DeclarationError {
  return new DeclarationError('bad_form', message)
}
