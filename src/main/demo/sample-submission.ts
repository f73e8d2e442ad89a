import type { FormDefinition } from '../../declaration/form-definition.ts'
import { receiptSecrets } from '../../declaration/receipt.ts'
import type { Submission, SubmittedPerson } from '../../declaration/submission.ts'
import { utf8 } from '../../encoding/bytes.ts'
import { fromHex } from '../../encoding/hex.ts'
import { receiptKeys } from '../../intake/receipt-keys.ts'
import { sha256 } from '../world.ts'
import {
  pick,
  SAMPLE_LANGUAGES,
  type SampleLanguage,
  sampleName,
  samplePost,
  sampleText,
} from './sample-words.ts'

export interface SampleSubmission {
  /** Made from the number, so that filing the same sample twice is one envelope. */
  readonly id: Uint8Array
  readonly submission: Submission
  readonly receipts: readonly { readonly lookupHash: Uint8Array; readonly person: number }[]
}

/** What a made-up person files by the web form, alone or with two others. */
export function sampleSubmission(
  number: number,
  form: FormDefinition,
  formHash: string,
): SampleSubmission {
  const language = pick(SAMPLE_LANGUAGES, number)
  const persons = Array.from({ length: number % 4 === 0 ? 3 : 1 }, (_, place) =>
    samplePerson(number, place, language, form),
  )
  return {
    id: receiptSecrets(sampleReceipt(number, 0)).submissionId,
    submission: {
      format: 'avow/submission/v1',
      form: formHash,
      language,
      channel: 'web',
      who: persons.length === 1 ? 'self' : 'group',
      replaces: null,
      claimed: 0,
      statement: { kind: 'own', language, text: sampleText(language, number) },
      persons,
    },
    receipts: persons.flatMap(({ receipt }, person) =>
      receipt === null ? [] : [{ lookupHash: fromHex(receipt.lookup), person }],
    ),
  }
}

/** The receipt of one person of a sample: anybody can work it out, as befits nobody's declaration. */
function sampleReceipt(number: number, place: number): Uint8Array {
  return sha256(utf8(`avow sample receipt ${number} ${place}`)).slice(0, 16)
}

function samplePerson(
  number: number,
  place: number,
  language: SampleLanguage,
  { organisations, sectors, standings, regions }: FormDefinition,
): SubmittedPerson {
  const turn = number + place
  return {
    name: { kind: 'alias', value: sampleName(language, number, place + 1) },
    organisations: [pick(organisations, turn).id],
    about: {
      sector: pick(sectors, turn).id,
      standing: pick(standings, turn).id,
      position: samplePost(language, turn % 5),
      ...(regions.length > 0 ? { region: pick(regions, turn).id } : {}),
      voice: place === 0 ? 'own' : 'reported',
    },
    consents: {
      text: true,
      name: turn % 3 !== 0,
      position: turn % 2 === 0,
      few: false,
      bulletin: true,
      broadcast: turn % 2 === 0,
    },
    evidence: place === 0 ? 'self' : 'consented',
    key: place === 0 ? 'served' : 'handed',
    receipt: receiptKeys(receiptSecrets(sampleReceipt(number, place))),
  }
}
