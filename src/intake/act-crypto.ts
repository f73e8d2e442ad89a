import { createHash } from 'node:crypto'
import type { ActCrypto } from '../declaration/build-act.ts'
import type { RandomBytes } from '../sealing/parameters.ts'
import { sealToSeed } from '../sealing/seed-file.ts'

/** What signing an act needs, where Node does it. */
export function actCrypto(random: RandomBytes): ActCrypto {
  return {
    sha256: (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()),
    random,
    sealToSeed,
  }
}
