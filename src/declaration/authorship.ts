import { fromBase64, toBase64 } from '../encoding/base64.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { formatLines, parseLines } from '../encoding/lines.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { type Challenge, challengeMessage } from './act.ts'
import { type Opening, saltFromBase64 } from './commitment.ts'
import { DeclarationError } from './error.ts'
import { BASE64_32_BYTES, BASE64_64_BYTES, COUNT, DAY, HEX_32_BYTES, whole } from './grammar.ts'
import type { KeptOpenings } from './kept-openings.ts'
import type { ActView } from './possible-acts.ts'
import type { ReceiptSecrets } from './receipt.ts'
import { parseName } from './values.ts'

export const AUTHORSHIP_MAX_BYTES = 4 * 1024

/** The answer of a declaration's author to somebody who doubts; with `name`, the name is opened to them alone. */
export type Authorship = {
  /** Origin of the declaration log. */
  readonly origin: string
  readonly index: number
  /** Leaf hash, as logged. */
  readonly leaf: string
  readonly challenge: Challenge
  readonly author: Uint8Array
  /** Opens the leaf's author commitment; null once the log names the key in clear. */
  readonly salt: Uint8Array | null
  readonly signature: Uint8Array
  readonly name: Opening | null
}

const LINES = [
  'avow/authorship/v1',
  'origin (?<origin>[a-z0-9][a-z0-9.:/_-]{0,254})',
  `index (?<index>${COUNT})`,
  `leaf (?<leaf>${HEX_32_BYTES})`,
  'verifier (?<verifier>[!-~](?:[ -~]{0,198}[!-~])?)',
  'nonce (?<nonce>[0-9a-f]{32,128})',
  `day (?<day>${DAY})`,
  `author (?<author>${BASE64_32_BYTES})`,
  `salt (?<salt>${BASE64_32_BYTES}|-)`,
  `signature (?<signature>${BASE64_64_BYTES})`,
]
const PATTERN = whole(
  `${LINES.map((line) => `${line}\\n`).join('')}(?:name (?<nameSalt>${BASE64_32_BYTES}) (?<name>[A-Za-z0-9+/=]+)\\n)?`,
)

export type ChallengeRequest = {
  readonly origin: string
  readonly view: Pick<ActView, 'index' | 'leafHash'>
  readonly receipt: ReceiptSecrets
  readonly kept: KeptOpenings
  readonly challenge: Challenge
  /** Opened to the verifier; null proves authorship alone. */
  readonly name: Opening | null
}

/** Throws `bad_value` for a challenge that is none, so that no verifier's text is signed as something else. */
export function answerChallenge(request: ChallengeRequest, ed25519 = nobleEd25519): Authorship {
  const { origin, view, receipt, kept, challenge, name } = request
  const author = ed25519.publicKey(receipt.authorSeed)
  return {
    origin,
    index: view.index,
    leaf: view.leafHash,
    challenge,
    author,
    salt: equalBytes(kept.author.value, author) ? kept.author.salt : null,
    signature: ed25519.sign(challengeMessage(challenge), receipt.authorSeed),
    name,
  }
}

/** Throws `bad_value` for what would not read back. */
export function encodeAuthorship(authorship: Authorship): Uint8Array {
  const { origin, index, leaf, challenge, author, salt, signature, name } = authorship
  const bytes = formatLines([
    'avow/authorship/v1',
    `origin ${origin}`,
    `index ${index}`,
    `leaf ${leaf}`,
    `verifier ${challenge.verifier}`,
    `nonce ${challenge.nonce}`,
    `day ${challenge.day}`,
    `author ${toBase64(author)}`,
    `salt ${salt === null ? '-' : toBase64(salt)}`,
    `signature ${toBase64(signature)}`,
    ...(name === null ? [] : [`name ${toBase64(name.salt)} ${toBase64(name.value)}`]),
  ])
  parseAuthorship(bytes)
  return bytes
}

/** Throws `bad_value`. Anyone may have written it: nothing in it is proven by reading it. */
export function parseAuthorship(bytes: Uint8Array): Authorship {
  const values = PATTERN.exec(readText(bytes))?.groups
  if (values === undefined) throw badValue('not an answer to a challenge')
  const { origin = '', index = '', leaf = '', verifier = '', nonce = '', day = '' } = values
  const { author = '', salt = '-', signature = '', nameSalt, name } = values
  const challenge = { verifier, nonce, day }
  challengeMessage(challenge)
  return {
    origin,
    index: Number(index),
    leaf,
    challenge,
    author: fromBase64(author),
    salt: salt === '-' ? null : fromBase64(salt),
    signature: fromBase64(signature),
    name: nameSalt === undefined ? null : readName(nameSalt, name ?? ''),
  }
}

function readName(salt: string, value: string): Opening {
  try {
    const opening = { salt: saltFromBase64(salt), value: fromBase64(value) }
    parseName(opening.value)
    return opening
  } catch (cause) {
    throw badValue('the opened name does not read', cause)
  }
}

function readText(bytes: Uint8Array): string {
  try {
    return `${parseLines(bytes, AUTHORSHIP_MAX_BYTES).join('\n')}\n`
  } catch (cause) {
    throw badValue('not lines', cause)
  }
}

function badValue(message: string, cause?: unknown): DeclarationError {
  return new DeclarationError('bad_value', message, cause)
}
