import { verifyOpening } from '../declaration/commitment.ts'
import {
  CONTENT_LINE_MAX_BYTES,
  type ContentLine,
  contentPath,
  contentTextPath,
  parseContentFile,
} from '../declaration/content.ts'
import type { LeafState } from '../declaration/leaf-state.ts'
import {
  type About,
  BODY_MAX_BYTES,
  encodeAbout,
  encodeBody,
  encodeName,
  parseBody,
  type StatementText,
} from '../declaration/values.ts'
import { nobleEd25519 } from '../tlog/ed25519.ts'
import { independentWitnesses } from '../tlog/independent-witnesses.ts'
import { TILE_WIDTH } from '../tlog/tile.ts'
import { VerifyError } from './error.ts'
import { type FoundDeclaration, readDeclaration } from './read-declaration.ts'
import { boundedReader, type ReadFile, readRequired } from './read-file.ts'
import { registerOrigins } from './register-origins.ts'
import { readLatest, type SignedPair, verifyPair } from './verify-pair.ts'
import type { VerifyOptions } from './verify-register.ts'

/** What static files prove of one declaration, as it stands now. */
export type DeclarationEvidence = {
  readonly register: string
  readonly index: number
  readonly pair: SignedPair
  readonly state: LeafState
  /** What is shown, each the value that the newest commitment opens to; null where it is not shown or was taken down. */
  readonly text: StatementText | null
  readonly name: string | null
  readonly about: About | null
  readonly independent: readonly string[]
}

/**
 * One declaration: its leaf in the signed tree, the acts on it, and what is shown of it. Reads the event log whole and of
 * the declaration log one bundle and one path. Throws VerifyError.
 */
export async function verifyDeclaration(
  index: number,
  read: ReadFile,
  {
    policy,
    sha256,
    ed25519Verify = nobleEd25519.verify,
  }: Pick<VerifyOptions, 'policy' | 'sha256' | 'ed25519Verify'>,
): Promise<DeclarationEvidence> {
  const trust = {
    read: boundedReader(read),
    policy,
    sha256,
    ed25519Verify,
    onProgress: () => undefined,
  }
  const origins = registerOrigins(policy)
  const pair = await verifyPair(await readLatest(trust), origins, trust)
  const origin = origins.declarations
  const found = await readDeclaration(index, { ...trust, pair, origin })
  const line = await findLine(index, trust.read)
  const check = opener(found, sha256)
  const body = line?.body && (await readBody(line.body, trust.read))
  const text = check('body', found.state.leaf.shown.text, line?.body?.salt, body)
  const name = check(
    'name',
    found.state.leaf.shown.name,
    line?.name?.salt,
    line?.name && encodeName(line.name.value),
  )
  const about = check(
    'about',
    true,
    line?.about?.salt,
    line?.about && encodeAbout(line.about.value),
  )
  return {
    register: origins.register,
    index,
    pair,
    state: found.state,
    text: text && body ? parseBody(body) : null,
    name: name ? (line?.name?.value ?? null) : null,
    about: about ? (line?.about?.value ?? null) : null,
    independent: independentWitnesses(policy, pair.declarations.cosignatures),
  }
}

/** Says whether a part is shown, and throws where it is another than the log commits to, or missing without an act. */
function opener({ index, state, acts }: FoundDeclaration, sha256: VerifyOptions['sha256']) {
  const { leaf, withdrawn } = state
  const file = contentPath(Math.floor(index / TILE_WIDTH))
  return (
    part: 'body' | 'name' | 'about',
    isPromised: boolean,
    salt: Parameters<typeof verifyOpening>[2]['salt'] | undefined,
    value: Uint8Array | undefined,
  ): boolean => {
    if (salt === undefined || value === undefined) {
      // After an act what is gone may be gone for good; the replay of everything tells which act it was.
      if (isPromised && acts === 0) {
        throw new VerifyError(
          'part_missing',
          file,
          `the ${part} of declaration ${index} is missing`,
        )
      }
      return false
    }
    const commitment = leaf[part]
    const isAllowed = commitment !== undefined && !withdrawn && isPromised
    if (!isAllowed) {
      throw new VerifyError(
        'part_not_shown',
        file,
        `declaration ${index} shows a ${part} it does not promise`,
      )
    }
    try {
      verifyOpening(commitment, part, { salt, value }, sha256)
    } catch (cause) {
      const message = `the ${part} of declaration ${index} is not what the log commits to`
      throw new VerifyError('part_mismatch', file, message, { cause })
    }
    return true
  }
}

async function findLine(index: number, read: ReadFile): Promise<ContentLine | undefined> {
  const bundle = Math.floor(index / TILE_WIDTH)
  const path = contentPath(bundle)
  const bytes = await read(path, TILE_WIDTH * CONTENT_LINE_MAX_BYTES)
  if (bytes === undefined) return undefined
  try {
    return parseContentFile(bytes, bundle).find((line) => line.index === index)
  } catch (cause) {
    throw new VerifyError('bad_content', path, 'not a file of content', { cause })
  }
}

async function readBody(body: NonNullable<ContentLine['body']>, read: ReadFile) {
  if (body.kind === 'standard') return encodeBody(body)
  return readRequired(read, contentTextPath(body.textId), BODY_MAX_BYTES)
}
