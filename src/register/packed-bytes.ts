import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
/** The quickest that still halves leaves and content lines, which are labels around digests. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: -3 } }
/** Megabytes come out in a few pieces: each is a way to another thread and back. */
const PIECE_BYTES = 2 ** 20

/** Staged bytes go into the database and its log once and are deleted: half of them takes half the time. */
export async function packBytes(bytes: Uint8Array): Promise<Uint8Array> {
  return compress(bytes, { ...LEVEL, chunkSize: PIECE_BYTES })
}

/** The bytes are our own, from our database. */
export async function unpackBytes(packed: Uint8Array): Promise<Uint8Array> {
  return decompress(packed, { chunkSize: PIECE_BYTES })
}
