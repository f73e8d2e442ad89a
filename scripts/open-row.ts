// Opens one sealed row with a centre's age identity, by the text of docs/formats/sealed-row.md alone.
// node scripts/open-row.ts IDENTITY_FILE EPOCH_FILE ROW_FILE CENTRE EPOCH_ID_HEX INDEX > content
import { hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { Decrypter } from 'age-encryption'

const [identities = '', epoch = '', row = '', centre, epochId, index] = process.argv.slice(2)
const age = new Decrypter()
for (const line of readFileSync(identities, 'utf8').split('\n')) {
  if (line.startsWith('AGE-SECRET-KEY-')) age.addIdentity(line.trim())
}
let chainKey = await age.decrypt(readFileSync(epoch))
const derive = (info: string, length: number) =>
  new Uint8Array(hkdfSync('sha256', chainKey, 'avow/epoch/v1', info, length))
for (let i = 0; i < Number(index); i++) chainKey = derive('next', 32)
const rowKey = derive('row', 56)
const context = Buffer.from(`avow/row/v1\n${centre}\n${epochId}\n${index}\n`)
const cipher = xchacha20poly1305(rowKey.subarray(0, 32), rowKey.subarray(32), context)
const padded = cipher.decrypt(readFileSync(row))
const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
process.stdout.write(padded.subarray(4, 4 + length))
