import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Aead, xchacha20Poly1305With } from '../sealing/aead.ts'

const CIPHER = 'chacha20-poly1305'
const TAG_BYTES = 16
const lengths = { authTagLength: TAG_BYTES }

/** The row cipher over the platform's library: the same bytes as the portable one, several times faster. */
export const nodeXChaCha20Poly1305: Aead = xchacha20Poly1305With({
  seal(key, nonce, context, bytes) {
    const cipher = createCipheriv(CIPHER, key, nonce, lengths)
    cipher.setAAD(context, { plaintextLength: bytes.length })
    const sealed = cipher.update(bytes)
    cipher.final()
    return Buffer.concat([sealed, cipher.getAuthTag()])
  },
  open(key, nonce, context, bytes) {
    const decipher = createDecipheriv(CIPHER, key, nonce, lengths)
    decipher.setAAD(context, { plaintextLength: bytes.length - TAG_BYTES })
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const opened = decipher.update(bytes.subarray(0, -TAG_BYTES))
    decipher.final()
    return opened
  },
})
