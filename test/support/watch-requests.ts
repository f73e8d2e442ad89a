import type { Page } from 'playwright-core'

export interface Posted {
  readonly method: string
  readonly url: string
  readonly body: string
}

export interface WatchedRequests {
  /** Every request with its body as the browser sent it, in order. */
  readonly all: () => readonly Posted[]
  readonly posts: () => readonly Posted[]
  /** What came back, with the bytes it took on the wire, headers included. */
  readonly received: () => readonly { readonly url: string; readonly bytes: number }[]
}

/** Listens at the browser's own network layer, below the page and its scripts. */
export async function watchRequests(page: Page): Promise<WatchedRequests> {
  const session = await page.context().newCDPSession(page)
  const sent = new Map<string, Posted>()
  const received: { url: string; bytes: number }[] = []
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const { method, url, postData = '' } = request
    sent.set(`${requestId}/${sent.size}`, { method, url, body: postData })
    if (request.hasPostData === true && postData === '') {
      throw new Error(`a body of ${url} that the browser did not show`)
    }
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const [, request] = [...sent].find(([key]) => key.startsWith(`${requestId}/`)) ?? []
    if (request !== undefined) received.push({ url: request.url, bytes: encodedDataLength })
  })
  await session.send('Network.enable', { maxPostDataSize: 16 * 1024 * 1024 })
  return {
    all: () => [...sent.values()],
    posts: () => [...sent.values()].filter(({ method }) => method === 'POST'),
    received: () => received,
  }
}
