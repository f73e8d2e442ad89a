import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One round: every request sent once, each client with one at a time on a connection it keeps. */
export interface Load {
  readonly perSecond: number
  readonly latenciesMs: readonly number[]
}

const ANSWER_TIMEOUT_MS = 60_000

/**
 * Sends requests that were written beforehand, over plain sockets: an HTTP client of Node's own would take as much of the
 * machine as the server that is measured. `take` looks at every answer and throws at a wrong one; any failure ends the
 * round, because a figure with errors in it is no figure.
 */
export async function sendLoad(
  url: string,
  requests: readonly Buffer[],
  clients: number,
  take: (answer: Answer, index: number) => void,
): Promise<Load> {
  const port = Number(new URL(url).port)
  const connections = await Promise.all(
    Array.from({ length: Math.min(clients, requests.length) }, () => openConnection(port)),
  )
  const latenciesMs: number[] = []
  let next = 0
  const start = performance.now()
  try {
    await Promise.all(
      connections.map(async ({ ask }) => {
        for (let index = next++; index < requests.length; index = next++) {
          const sentAt = performance.now()
          const answer = await ask(requests[index] ?? Buffer.alloc(0))
          latenciesMs.push(performance.now() - sentAt)
          take(answer, index)
        }
      }),
    )
    const seconds = (performance.now() - start) / 1000
    return { perSecond: requests.length / seconds, latenciesMs }
  } finally {
    for (const { socket } of connections) socket.destroy()
  }
}

export function postRequest(path: string, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

interface Connection {
  readonly socket: Socket
  readonly ask: (request: Buffer) => Promise<Answer>
}

function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let waiting: { resolve: (answer: Answer) => void; reject: (why: Error) => void } | undefined
  let received: Buffer = Buffer.alloc(0)
  const fail = (why: Error) => {
    waiting?.reject(why)
    waiting = undefined
  }
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (answer === undefined) return
    received = Buffer.alloc(0)
    const asked = waiting
    waiting = undefined
    asked?.resolve(answer)
  })
  socket.on('close', () => fail(new Error('the connection was closed instead of an answer')))
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
  const ask = (request: Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(request)
    })
  return new Promise((resolve, reject) => {
    socket.on('error', (why) => {
      reject(why)
      fail(why)
    })
    socket.once('connect', () => resolve({ socket, ask }))
  })
}

/** The answer once all of it is there. */
function readAnswer(received: Buffer): Answer | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const rest = received.subarray(headEnd + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  const body = length === undefined ? joinChunks(rest) : firstBytes(rest, Number(length))
  return body && { status, body: body.toString() }
}

function firstBytes(rest: Buffer, length: number): Buffer | undefined {
  return rest.length < length ? undefined : rest.subarray(0, length)
}

function joinChunks(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const length = Number.parseInt(rest.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + length
    if (rest.length < end + 2) return undefined
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(rest.subarray(lineEnd + 2, end))
    at = end + 2
  }
}
