/** What a made-up person types into the form without scripts. */
export interface Answers {
  readonly text: string
  readonly name?: string
  readonly position?: string
  readonly consents: readonly string[]
}

/** A page of the form as its bytes came: what goes back unchanged, and what it shows. */
export interface FormPage {
  readonly status: number
  readonly body: string
  readonly state: string
}

/** Walks the form to *check your answers*; nothing is sent yet. */
export async function walkForm(
  baseUrl: string,
  answers: Answers,
  headers: Readonly<Record<string, string>> = {},
): Promise<FormPage> {
  const url = `${baseUrl}en/declare/`
  let page = await readPage(await fetch(url, { headers }))
  const steps: readonly (readonly (readonly [string, string])[])[] = [
    [['who', 'self']],
    [['organisation', firstChoice(page.body) ?? 'unstated']],
    answers.name === undefined
      ? [['name-kind', 'none']]
      : [
          ['name-kind', 'alias'],
          ['name', answers.name],
        ],
    [
      ['sector', ''],
      ['standing', ''],
      ['position', answers.position ?? ''],
      ['region', ''],
    ],
    [
      ['words', 'own'],
      ['text', answers.text],
      ['text-language', 'en'],
    ],
    answers.consents.map((consent) => ['consent', consent] as const),
  ]
  for (const fields of steps) {
    const given = fields.map(([name, value]): readonly [string, string] =>
      name === 'organisation' ? [name, firstChoice(page.body) ?? value] : [name, value],
    )
    page = await post(url, page, [['go', 'next'], ...given], headers)
  }
  return page
}

/** Sends what was walked through. Returns the receipt's words. */
export async function send(
  baseUrl: string,
  page: FormPage,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const fields = [['go', 'send'] as const, ['receipt', 'yes'] as const]
  const sent = await post(`${baseUrl}en/declare/`, page, fields, headers)
  const words = [...sent.body.matchAll(/<li><b>\d+<\/b>(\S+) /g)].map((match) => match[1])
  if (words.length !== 12) throw new Error(`no receipt, status ${sent.status}`)
  return words.join(' ')
}

function firstChoice(body: string): string | undefined {
  return /name="organisation" value="([a-z-]+)"/.exec(body)?.[1]
}

async function post(
  url: string,
  page: FormPage,
  fields: readonly (readonly [string, string])[],
  headers: Readonly<Record<string, string>>,
): Promise<FormPage> {
  const body = new URLSearchParams([['state', page.state], ...fields.map(([k, v]) => [k, v])])
  return readPage(await fetch(url, { method: 'POST', body, headers }))
}

export async function readPage(response: Response): Promise<FormPage> {
  const body = await response.text()
  const state = /name="state" value="([^"]*)"/.exec(body)?.[1] ?? ''
  return { status: response.status, body, state }
}
