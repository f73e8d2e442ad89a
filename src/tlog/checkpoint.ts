import { toBase64 } from '../encoding/base64.ts'
import { utf8 } from '../encoding/bytes.ts'
import { TlogError, tlogErrorFrom } from './error.ts'
import { type TreeHash, treeHashFromBase64 } from './hash.ts'
import { checkTreeSize, parseTreeSize } from './tree-size.ts'

export type Checkpoint = {
  readonly origin: string
  readonly size: number
  readonly root: TreeHash
}

const MAX_ORIGIN_BYTES = 255

/** The body of a C2SP tlog-checkpoint, with its last newline. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${checkOrigin(origin)}\n${checkTreeSize(size)}\n${toBase64(root)}\n`
}

/** Exactly three lines: nobody audits extension lines, so we neither write nor accept them. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split('\n')
  if (origin === undefined || size === undefined || root === undefined) {
    throw new TlogError('bad_checkpoint', 'fewer than three lines')
  }
  if (end !== '' || more.length > 0) {
    throw new TlogError('bad_checkpoint', 'more than three lines, or the last one is cut')
  }
  try {
    return {
      origin: checkOrigin(origin),
      size: parseTreeSize(size),
      root: treeHashFromBase64(root),
    }
  } catch (cause) {
    throw tlogErrorFrom(cause, 'bad_checkpoint', 'not a checkpoint')
  }
}

function checkOrigin(origin: string): string {
  const spoils = origin === '' || /\p{Cc}/v.test(origin) || !origin.isWellFormed()
  if (spoils || utf8(origin).length > MAX_ORIGIN_BYTES) {
    throw new TlogError('bad_checkpoint', 'not an origin')
  }
  return origin
}
