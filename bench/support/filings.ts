import { postRequest, sendLoad } from './http-load.ts'

const PATH = '/zh-hans/declare/'
/** About as long as a statement usually is; its row is of the size class of 4 KiB, because of the receipt's hybrid key. */
const TEXT = '这是一段合成的示例文字，不是任何人的陈述。'.repeat(12)
const STEPS: readonly Readonly<Record<string, string>>[] = [
  { who: 'self' },
  { organisation: 'party' },
  { 'name-kind': 'none' },
  { sector: '', standing: '', position: '', region: '' },
  { words: 'own', text: TEXT, 'text-language': 'zh-hans' },
]

/**
 * Filings on which only "Send" is left to press. The last question is posted again and again: each answer is a *check your
 * answers* page with receipts of its own.
 */
export async function prepareFilings(url: string, count: number): Promise<readonly Buffer[]> {
  let state = ''
  for (const fields of STEPS) {
    const body = new URLSearchParams({ state, go: 'next', ...fields })
    const response = await fetch(new URL(PATH, url), { method: 'POST', body })
    state = stateOf(await response.text())
  }
  const consents = new URLSearchParams({ state, go: 'next', consent: 'text' }).toString()
  const asked = new Array<Buffer>(count).fill(postRequest(PATH, consents))
  const filings: Buffer[] = []
  await sendLoad(url, asked, 8, ({ status, body }) => {
    if (status !== 200 || !body.includes('name="receipt"')) {
      throw new Error(`no page to check the answers on, status ${status}`)
    }
    const send = new URLSearchParams({ state: stateOf(body), receipt: 'yes', go: 'send' })
    filings.push(postRequest(PATH, send.toString()))
  })
  return filings
}

/** The words of the receipt on the page that acknowledges. Throws on any other page. */
export function receiptOn(page: string): string {
  const words = [...page.matchAll(/<li><b>\d+<\/b>(\S+) /g)].map((match) => match[1])
  if (words.length !== 12) throw new Error('a page without a receipt')
  return words.join(' ')
}

function stateOf(page: string): string {
  return /name="state" value="([^"]*)"/.exec(page)?.[1] ?? ''
}
