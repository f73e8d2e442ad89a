import { readFile, stat } from 'node:fs/promises'
import { parseLeaf } from '../declaration/leaf.ts'
import {
  anchorProof,
  anchorsOf,
  formatAnchorProof,
  formatAnchors,
  MAX_ANCHOR_PROOF_BYTES,
  MAX_ANCHORS_BYTES,
  parseAnchorProof,
  parseAnchors,
  verifyAnchorProof,
} from '../tlog/anchors.ts'
import { TlogError } from '../tlog/error.ts'
import { type Policy, verifyCheckpoint } from '../tlog/policy.ts'
import { MAX_NOTE_BYTES } from '../tlog/signed-note.ts'
import { VerifyError } from '../verify/error.ts'
import { tileReader } from '../verify/growth-proof.ts'
import { readLeafEntry } from '../verify/make-proof.ts'
import { readRequired } from '../verify/read-file.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

const CHECKPOINT = 'log/declarations/checkpoint'

/** The anchors of the declaration log, from tiles that make the root of a checkpoint the policy accepts. */
export async function makeAnchors({ read }: VerifySource, policy: Policy): Promise<Uint8Array> {
  const note = await readRequired(read, CHECKPOINT, MAX_NOTE_BYTES)
  const { checkpoint } = verifyCheckpoint(note, policy, nativeEd25519Verify)
  return formatAnchors(await anchorsOf(checkpoint, tileReader('declarations', read), sha256))
}

/** A proof of one declaration to its anchor; checked before it is given out. */
export async function makeAnchorProof(
  index: number,
  source: VerifySource,
  policy: Policy,
): Promise<Uint8Array> {
  const { read } = source
  const anchors = parseAnchors(await makeAnchors(source, policy))
  const note = await readRequired(read, CHECKPOINT, MAX_NOTE_BYTES)
  const { checkpoint } = verifyCheckpoint(note, policy, nativeEd25519Verify)
  if (index >= checkpoint.size) {
    throw new VerifyError('missing_file', CHECKPOINT, `there is no declaration ${index}`)
  }
  const entry = await readLeafEntry(index, checkpoint, read)
  const wish = { origin: checkpoint.origin, index, entry }
  const proof = await anchorProof(wish, tileReader('declarations', read), sha256)
  verifyAnchorProof(proof, anchors, sha256)
  return formatAnchorProof(proof)
}

/** Says what the proof shows. Throws VerifyError where it does not hold by these anchors. */
export async function verifyAnchorFile(file: string, anchorsFile: string): Promise<string> {
  const anchors = await readBounded(anchorsFile, MAX_ANCHORS_BYTES)
  const proof = await readBounded(file, MAX_ANCHOR_PROOF_BYTES)
  try {
    const { origin, index, entry } = verifyAnchorProof(
      parseAnchorProof(proof),
      parseAnchors(anchors),
      sha256,
    )
    const { day, orgs, evidence } = parseLeaf(entry)
    return [
      `The proof in ${file} holds: declaration ${index} of ${origin} stands under an anchor in ${anchorsFile}.`,
      `Day ${day}, organisations ${orgs.join(', ')}, evidence ${evidence}.`,
      'It is worth what the anchors are worth: take them from somebody who verified the log. What became of the declaration later is not visible here.',
      '',
    ].join('\n')
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause
    throw new VerifyError('bad_proof', file, `the proof does not hold: ${cause.message}`, { cause })
  }
}

async function readBounded(file: string, maxBytes: number): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw new SourceUnreachable(`there is no file ${file}`)
  if (found.size > maxBytes) throw new VerifyError('file_too_large', file, 'it is too large')
  return readFile(file)
}
