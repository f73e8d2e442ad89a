import { makeAct } from '../make-act.ts'
import { until } from './desk-work.ts'
import { type FormPage, readPage } from './web-visitor.ts'

type PageAct =
  | 'withdraw-unpublished'
  | 'take-down-text'
  | 'take-down-name'
  | 'withdraw'
  | 'restore'
  | 'alias'
  | 'confirm'
  | 'publish-text'
  | 'forget'

/** Presses one act on the receipt's page, without scripts, and then the button that does it. */
export async function actOnPage(
  url: string,
  receipt: string,
  act: PageAct,
  when: 'now' | 'batch' = 'now',
): Promise<void> {
  const status = await untilOffered(url, receipt, act)
  const asked = await post(url, { state: status.state, act })
  const done = await post(url, { state: asked.state, go: 'do', when })
  if (done.status !== 200) throw new Error(`${act} was answered with ${done.status}`)
}

/** Saves what is kept for the receipt, signs far from the service, and hands the message in as text. */
export async function withdrawByMessage(
  url: string,
  receipt: string,
  declaration: { readonly publicFolder: string; readonly index: number },
): Promise<void> {
  const status = await post(url, { receipt })
  const { body } = await post(url, { state: status.state, act: 'keep' })
  const kept = /id="saved"[^>]*>\s*([^<]+)</.exec(body)?.[1]
  if (kept === undefined) throw new Error('the page shows no kept file')
  const { text } = await makeAct({
    kind: 'withdraw',
    site: declaration.publicFolder,
    receipt,
    kept: Buffer.from(kept),
    index: declaration.index,
    when: 'now',
    orgs: [],
    register: 'quit-ccp',
    language: 'en',
    verifier: '',
    nonce: '',
  })
  const message = new FormData()
  message.set('message', `Please see below.\n\n${text}`)
  const taken = await fetch(`${url}en/receipt/message`, { method: 'POST', body: message })
  if (!taken.ok) throw new Error(`a signed message was answered with ${taken.status}`)
}

/** What was asked before may still be on its way into the log. */
async function untilOffered(url: string, receipt: string, act: PageAct): Promise<FormPage> {
  let status = await post(url, { receipt })
  await until(`the receipt offers ${act}`, async () => {
    status = await post(url, { receipt })
    return status.body.includes(`name="act" value="${act}"`)
  })
  return status
}

async function post(url: string, fields: Readonly<Record<string, string>>): Promise<FormPage> {
  const body = new URLSearchParams(fields)
  return readPage(await fetch(`${url}en/receipt/`, { method: 'POST', body }))
}
