import { identityFromSeed, openWith, recipientOf, sealTo } from './age.ts'
import { pad, unpad } from './padding.ts'

/** One padded age file that the holder of a seed, as a receipt has one, opens; stock age opens it with the identity. */
export async function sealToSeed(seed: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  return sealTo([await recipientOf(identityFromSeed(seed))], pad(bytes))
}

/** `file` is attacker-controlled. Throws SealingError `cannot_open` or `bad_padding`. */
export async function openWithSeed(seed: Uint8Array, file: Uint8Array): Promise<Uint8Array> {
  return unpad(await openWith([identityFromSeed(seed)], file))
}
