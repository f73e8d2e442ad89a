import { utf8 } from '../encoding/bytes.ts'
import { isCalendarDay } from './day.ts'
import { DeclarationError } from './error.ts'
import { type ActType, type EventOf, valueLines } from './event.ts'

/** What an author decides, before it is signed and before its day in the log is known. */
export type Act = { [Type in ActType]: Omit<EventOf<Type>, 'day' | 'size' | 'by'> }[ActType]

/** Someone who doubts that a person made a declaration asks them to sign this. */
export type Challenge = {
  /** Who asks, one line of up to 200 printable ASCII characters. */
  readonly verifier: string
  readonly nonce: string
  readonly day: string
}

// The author key signs these two and nothing else, ever: their first lines keep them apart.

/** `origin` is that of the declaration log, so that an act in one register means nothing in another. */
export function actMessage(origin: string, act: Act, seq: number): Uint8Array {
  const lines = [
    'avow/act/v1',
    `origin ${origin}`,
    `index ${act.index}`,
    `leaf ${act.leaf}`,
    `act ${act.type}`,
    `seq ${seq}`,
    ...valueLines(act, ['index', 'leaf', 'by']),
  ]
  return utf8(lines.map((line) => `${line}\n`).join(''))
}

/** Throws `bad_value`: the verifier's text is attacker-controlled and must not look like another line. */
export function challengeMessage({ verifier, nonce, day }: Challenge): Uint8Array {
  if (!/^[!-~](?:[ -~]{0,198}[!-~])?$/.test(verifier)) throw badValue('verifier is not one line')
  if (!/^[0-9a-f]{32,128}$/.test(nonce)) throw badValue('nonce is not 16 to 64 bytes of hex')
  if (!isCalendarDay(day)) throw badValue('no such day')
  return utf8(`avow/challenge/v1\nverifier ${verifier}\nnonce ${nonce}\nday ${day}\n`)
}

function badValue(message: string): DeclarationError {
  return new DeclarationError('bad_value', message)
}
