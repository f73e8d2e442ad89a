import type { Plants } from './plants.ts'
import { send, walkForm } from './web-visitor.ts'

/** Everything a request can carry beside what is filed, on every kind of page and error. */
export async function askAwkwardly(url: string, plants: Plants): Promise<void> {
  const headers = plantedHeaders(plants)
  const path = plants.sealWord('path')
  const asked = ['', 'en/', 'en/receipt/', 'en/declare/', `${path}/?q=${path}`, `log/${path}`]
  const doors = ['declare/sealed', 'en/declare/sealed', 'en/receipt/message', 'desk/api/login']
  for (const one of [...asked, ...doors, `en/declaration/${path}/`, `desk/api/${path}`, 'desk']) {
    await fetch(url + one, { headers })
    await fetch(url + one, { method: 'POST', headers, body: plants.sealWord('body of an error') })
    await fetch(url + one, { method: 'PUT', headers, body: plants.sealWord('wrong method') })
  }
  const state = { state: 'x', text: plants.seal('too large a form').repeat(60_000) }
  const tooLarge = { method: 'POST', headers, body: new URLSearchParams(state) }
  await fetch(`${url}en/declare/`, tooLarge).catch(() => {})
}

/** The listener of another way in, whose budget is one: the first is taken, the second has to wait its turn. */
export async function waitAtListener(url: string, plants: Plants): Promise<void> {
  const headers = plantedHeaders(plants)
  const consents = ['text']
  const first = await walkForm(url, { text: plants.seal('listener text'), consents }, headers)
  plants.sealReceipt(await send(url, first, headers))
  const second = await walkForm(url, { text: plants.seal('text that waits'), consents }, headers)
  const refused = await send(url, second, headers).then(
    () => false,
    () => true,
  )
  if (!refused) throw new Error('nobody was asked to wait')
}

function plantedHeaders(plants: Plants): Readonly<Record<string, string>> {
  const word = (name: string) => plants.sealWord(name)
  return {
    'user-agent': word('user agent'),
    'x-forwarded-for': word('forwarded address'),
    forwarded: `for=${word('forwarded')}`,
    referer: `http://example.test/${word('referrer')}`,
    cookie: `id=${word('cookie')}`,
    'accept-language': word('accept-language'),
    'x-http-method-override': word('method override'),
  }
}
