import { connect } from 'node:net'

const PATIENCE_MS = 20_000

export interface RawRequest {
  readonly bytes: string
  /** The loopback address it comes from. */
  readonly from: string
  /** Hangs up without waiting for an answer. */
  readonly abort?: boolean
}

/** Sends bytes that no client library would send, and resolves with the first line of the answer, or nothing. */
export function sendRaw(port: number, { bytes, from, abort }: RawRequest): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    let answer = ''
    const finish = () => {
      socket.destroy()
      resolve(answer.split('\r\n')[0] ?? '')
    }
    socket.setTimeout(PATIENCE_MS, finish)
    socket.on('error', finish)
    socket.on('close', finish)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      if (answer.includes('\r\n\r\n')) finish()
    })
    socket.write(bytes, 'latin1', () => {
      // The server has to have seen the beginning before the line breaks off.
      if (abort) setTimeout(() => socket.resetAndDestroy(), 200)
    })
  })
}
