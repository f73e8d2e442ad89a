import { loadConfig } from '../../config/config.ts'
import { receiptToWords } from '../../declaration/receipt.ts'
import { fromUtf8 } from '../../encoding/bytes.ts'
import type { DraftSubmission } from '../../intake/channels/web/build-submission.ts'
import { sealForm } from '../../intake/channels/web/in-page/seal-form.ts'
import { wordlistOf } from '../../intake/channels/web/wordlists.ts'
import { verifyCentreEntry } from '../../sealing/centre-entry.ts'
import { toQrFrames } from '../../sealing/qr-frames.ts'
import { readServedCentre } from '../standalone-form.ts'
import { random } from '../world.ts'
import type { Answers } from './web-visitor.ts'

/** What a page with scripts, or the form without a network, made on the sender's own device. */
export interface SealedByPage {
  readonly message: string
  /** The receipt's words, shown on the device and nowhere else. */
  readonly receipt: string
}

/** Seals with the very functions that those pages run, to the key that the served directory proves. */
export async function sealLikePage(folder: string, answers: Answers): Promise<SealedByPage> {
  const config = await loadConfig({
    AVOW_DATA: `${folder}/data`,
    AVOW_SECRETS: `${folder}/secrets`,
    AVOW_CONFIG: `${folder}/avow.json`,
  })
  const { rootPublicKey, entry } = await readServedCentre(config)
  const { recipient } = verifyCentreEntry(entry, {
    register: config.name,
    centre: 'global',
    rootPublicKey,
  })
  const draft = draftOf(answers, config.formHash, config.form.organisations[0]?.id ?? 'unstated')
  const options = { recipient, random, pause: async () => {} }
  const sealed = await sealForm(draft, true, null, options)
  const [receipt] = sealed.receipts
  if (receipt === undefined) throw new Error('no receipt was made')
  return {
    message: fromUtf8(sealed.message),
    receipt: receiptToWords(receipt, wordlistOf('en')).join(' '),
  }
}

/** As the page's script posts it. */
export async function postLikePage(url: string, { message }: SealedByPage): Promise<void> {
  const headers = { 'content-type': 'text/plain;charset=utf-8' }
  const response = await fetch(`${url}declare/sealed`, { method: 'POST', headers, body: message })
  if (!response.ok) throw new Error(`a page's message was answered with ${response.status}`)
}

/** As somebody hands in for another what was carried here: as text, or as what was read from its codes. */
export async function pasteCarried(
  url: string,
  { message }: SealedByPage,
  as: 'text' | 'codes',
): Promise<void> {
  const body = new FormData()
  const carried =
    as === 'text' ? `Please pass this on.\n\n${message}` : toQrFrames(message).join('\n')
  body.set('message', carried)
  const response = await fetch(`${url}en/declare/sealed`, { method: 'POST', body })
  if (!response.ok) throw new Error(`what was carried was answered with ${response.status}`)
}

function draftOf(answers: Answers, form: string, organisation: string): DraftSubmission {
  const given = (id: string) => answers.consents.includes(id)
  return {
    format: 'avow/submission/v1',
    form,
    language: 'en',
    channel: 'web',
    who: 'self',
    claimed: 0,
    statement: { kind: 'own', language: 'en', text: answers.text },
    persons: [
      {
        name: answers.name === undefined ? null : { kind: 'alias', value: answers.name },
        organisations: [organisation],
        about: {
          ...(answers.position === undefined ? {} : { position: answers.position }),
          voice: 'own',
        },
        consents: {
          text: given('text'),
          name: given('name'),
          position: given('position'),
          few: false,
          bulletin: false,
          broadcast: false,
        },
        evidence: 'self',
        key: 'own',
        receipt: null,
      },
    ],
  }
}
