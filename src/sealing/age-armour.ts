import { armor } from 'age-encryption'
import { utf8 } from '../encoding/bytes.ts'
import { SealingError } from './error.ts'

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----'
const ARMOURED_MAX_BYTES = 2 * 1024 * 1024

/** As `age --armor` writes it. */
export function armourAgeFile(file: Uint8Array): string {
  return armor.encode(file)
}

/** An age file from disk or from what somebody pasted, armoured or not. Throws SealingError. */
export function unarmourAgeFile(bytes: Uint8Array): Uint8Array {
  if (bytes.length > ARMOURED_MAX_BYTES) throw new SealingError('too_large', 'age file')
  const start = utf8(BEGIN)
  if (!start.every((byte, i) => bytes[i] === byte)) return bytes
  try {
    return armor.decode(new TextDecoder().decode(bytes))
  } catch {
    throw new SealingError('cannot_open', 'the armour is damaged')
  }
}
