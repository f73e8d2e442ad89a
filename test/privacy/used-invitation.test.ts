import assert from 'node:assert/strict'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { invitationLookup, parseInvitationLink } from '../../src/centres/invitation-link.ts'
import { toHex } from '../../src/encoding/hex.ts'
import { sha256 } from '../../src/main/world.ts'
import { startProduct } from '../support/product.ts'
import { becomeVolunteer } from '../support/volunteers.ts'

const PIECE_BYTES = 64

test('of an invitation that was used nothing is left on the disk', async () => {
  const product = await startProduct()
  try {
    const pieces: Buffer[] = []
    for (const [i, link] of product.invitations.entries()) {
      const sealed = await readSealed(product.url, link)
      for (let at = 0; at + PIECE_BYTES <= sealed.length; at += PIECE_BYTES) {
        pieces.push(sealed.subarray(at, at + PIECE_BYTES))
      }
      await becomeVolunteer(link, `volunteer-${i}`)
    }
    assert.ok(pieces.length > 100)
    await product.stop()
    assert.deepEqual(await filesWith(join(product.folder, 'data'), pieces), [])
  } finally {
    await product.stop()
    await rm(product.folder, { recursive: true, force: true })
  }
})

/** The age file as the server hands it to whoever has the link. */
async function readSealed(url: string, link: string): Promise<Buffer> {
  const { seed } = parseInvitationLink(new URL(link).hash)
  const response = await fetch(`${url}desk/api/invitation`, {
    method: 'POST',
    headers: { origin: new URL(url).origin, 'content-type': 'application/json' },
    body: JSON.stringify({ lookup: toHex(invitationLookup(seed, sha256)) }),
  })
  const { sealed } = (await response.json()) as { readonly sealed: string }
  return Buffer.from(sealed, 'base64')
}

async function filesWith(folder: string, pieces: readonly Buffer[]): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name))
    if (pieces.some((piece) => bytes.includes(piece))) found.push(entry.name)
  }
  return found
}
