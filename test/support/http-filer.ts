import assert from 'node:assert/strict'

/** A form page as its bytes came: its hidden state, and what it shows. */
export interface FormPage {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly state: string
}

export interface PreparedFiling {
  /** Presses "Send". Resolves with the receipt when the service acknowledged, throws when it did not answer. */
  readonly send: () => Promise<string>
  /** Presses a button of the page that is open now; the answer is the page that is open then. */
  readonly press: (fields: Record<string, string>) => Promise<FormPage>
}

/** Files as a browser without scripts does, by plain requests: for load, where a real browser is too slow. */
export async function prepareFiling(
  baseUrl: string,
  answers: { readonly text: string; readonly organisation: string },
): Promise<PreparedFiling> {
  const url = `${baseUrl}en/declare/`
  let page = await readPage(await fetch(url))
  const steps: Record<string, string>[] = [
    { who: 'self' },
    { organisation: answers.organisation },
    { 'name-kind': 'none' },
    { sector: '', standing: '', position: '', region: '' },
    { words: 'own', text: answers.text, 'text-language': 'en' },
    { consent: 'text' },
  ]
  for (const fields of steps) page = await post(url, page, fields)
  assert.match(page.body, /name="receipt"/, 'arrived at check your answers')
  return {
    async send() {
      const sent = await post(url, page, { go: 'send', receipt: 'yes' })
      const receipt = receiptOn(sent)
      if (receipt === undefined) throw new Error(`no receipt, status ${sent.status}`)
      return receipt
    },
    async press(fields) {
      page = await post(url, page, fields)
      return page
    },
  }
}

/** The receipt's words, on the page that acknowledges and on no other. */
export function receiptOn({ body }: FormPage): string | undefined {
  const words = [...body.matchAll(/<li><b>\d+<\/b>(\S+) /g)].map((match) => match[1])
  return words.length === 12 ? words.join(' ') : undefined
}

/** What the service says of a receipt, in words. */
export async function askReceipt(baseUrl: string, receipt: string): Promise<string> {
  const response = await fetch(`${baseUrl}en/receipt/`, {
    method: 'POST',
    body: new URLSearchParams({ receipt }),
  })
  const body = await response.text()
  return /<main[\s\S]*<\/main>/.exec(body)?.[0]?.replace(/<[^>]+>/g, ' ') ?? ''
}

async function post(
  url: string,
  page: FormPage,
  fields: Record<string, string>,
): Promise<FormPage> {
  const body = new URLSearchParams({ state: page.state, go: 'next', ...fields })
  return readPage(await fetch(url, { method: 'POST', body }))
}

async function readPage(response: Response): Promise<FormPage> {
  const body = await response.text()
  const state = /name="state" value="([^"]*)"/.exec(body)?.[1] ?? ''
  return { status: response.status, headers: response.headers, body, state }
}
