import { encodeLeaf } from '../../src/declaration/leaf.ts'
import { inclusionProof } from '../../src/tlog/proof.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { formatTlogProof } from '../../src/tlog/tlog-proof.ts'
import { formatProofExtra, type ProofExtra } from '../../src/verify/proof-extra.ts'
import { sha256 } from './tiny-log.ts'
import type { TinyRegister } from './tiny-register.ts'

/** A proof of one declaration from served files, under the newest checkpoint. */
export async function proofOf(
  register: TinyRegister,
  index: number,
  openings: ProofExtra['openings'] = {},
): Promise<Uint8Array> {
  const leaf = register.leaves[index]
  if (leaf === undefined) throw new RangeError(`no declaration ${index}`)
  const fileOf = (path: string) =>
    register.files.get(`log/declarations/${path}`) ?? new Uint8Array()
  const readTile = async (level: number, tile: number, width: number) =>
    fileOf(tilePath(level, tile, width))
  return formatTlogProof({
    extra: formatProofExtra({ leaf: encodeLeaf(leaf), openings }),
    index,
    proof: await inclusionProof(index, register.leaves.length, readTile, sha256),
    checkpoint: fileOf('checkpoint'),
  })
}
