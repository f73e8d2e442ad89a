import { readFile, stat } from 'node:fs/promises'
import { AUTHORSHIP_MAX_BYTES, parseAuthorship } from '../declaration/authorship.ts'
import { startState } from '../declaration/leaf-state.ts'
import { toBase64 } from '../encoding/base64.ts'
import { VerifyError } from '../verify/error.ts'
import { readDeclaration } from '../verify/read-declaration.ts'
import { type AuthorshipEvidence, verifyAuthorship } from '../verify/verify-authorship.ts'
import type { ProofEvidence } from '../verify/verify-proof.ts'
import type { RegisterEvidence } from '../verify/verify-register.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

/** An answer to a question that its verifier made: the file, and the nonce of the question. */
export type AnswerFile = { readonly file: string; readonly nonce: string }

/** Against a whole register that was verified: acts after the answer are seen. */
export async function verifyAnswerInRegister(
  { file, nonce }: AnswerFile,
  source: VerifySource,
  { register, pair }: RegisterEvidence,
): Promise<AuthorshipEvidence> {
  const bytes = await readAnswer(file)
  const origin = originOf(register)
  const { index } = readIndex(bytes, file)
  const { read } = source
  const options = { read, pair, origin, sha256, ed25519Verify: nativeEd25519Verify }
  const { state } = await readDeclaration(index, options)
  return verify(bytes, { file, nonce, origin, index, state })
}

/** Against the proof of one declaration: what was changed since is not seen. */
export async function verifyAnswerWithProof(
  { file, nonce }: AnswerFile,
  { register, index, leaf }: ProofEvidence,
): Promise<AuthorshipEvidence> {
  const state = startState(leaf, sha256)
  return verify(await readAnswer(file), { file, nonce, origin: originOf(register), index, state })
}

export function answerReport({ index, verifier, day, name }: AuthorshipEvidence): string {
  const lines = [
    `The answer holds: whoever gave it holds the key that speaks for declaration ${index}.`,
    `  - It answers the question of "${verifier}" and names the day ${day} by the answerer's own clock.`,
    ...(name === null ? [] : [`  - The name of the declaration, opened to you alone: ${name}`]),
    '  - Not proven: that nobody else holds the receipt, or who the person is.',
  ]
  return `\n${lines.join('\n')}\n`
}

/** The report's one object with the answer in it. */
export function withAnswer(report: string, { author, ...answer }: AuthorshipEvidence): string {
  const whole: unknown = JSON.parse(report)
  const authorship = { ...answer, author: toBase64(author) }
  return `${JSON.stringify({ ...(typeof whole === 'object' ? whole : {}), authorship })}\n`
}

function verify(
  bytes: Uint8Array,
  trust: Omit<Parameters<typeof verifyAuthorship>[1], 'sha256' | 'ed25519Verify'>,
): AuthorshipEvidence {
  return verifyAuthorship(bytes, { ...trust, sha256, ed25519Verify: nativeEd25519Verify })
}

async function readAnswer(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw new SourceUnreachable(`there is no file ${file}`)
  if (found.size > AUTHORSHIP_MAX_BYTES) {
    throw new VerifyError('file_too_large', file, 'it is too large for an answer')
  }
  return readFile(file)
}

function readIndex(bytes: Uint8Array, file: string): { readonly index: number } {
  try {
    return parseAuthorship(bytes)
  } catch (cause) {
    throw new VerifyError('bad_proof', file, 'it is not an answer to a question', { cause })
  }
}

function originOf(register: string): string {
  return `${register}/log/declarations`
}
