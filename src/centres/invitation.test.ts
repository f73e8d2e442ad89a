import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { CentresError } from './error.ts'
import {
  encodeInvitation,
  type Invitation,
  openInvitation,
  parseInvitation,
  sealInvitation,
} from './invitation.ts'
import { invitationUrl, parseInvitationLink } from './invitation-link.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const key = (byte: number) => new Uint8Array(32).fill(byte)
const example: Invitation = {
  register: 'localhost/test',
  rootPublicKey: key(1),
  centre: 'global',
  roles: ['reviewer'],
  volunteer: null,
  founderSeed: null,
  centreIdentities: [{ centre: 'global', month: '2026-03', identity: 'AGE-SECRET-KEY-PQ-1' }],
}

test('a link opens its own invitation and no other', async () => {
  const link = { seed: key(2), rootHash: sha256(example.rootPublicKey) }
  const sealed = await sealInvitation(example, link.seed)
  assert.deepEqual(await openInvitation(sealed, link, sha256), example)
  await assert.rejects(openInvitation(sealed, { ...link, seed: key(3) }, sha256), {
    code: 'cannot_open',
  })
  await assert.rejects(openInvitation(sealed, { ...link, rootHash: key(4) }, sha256), {
    code: 'wrong_invitation_root',
  })
})

test('a link is read back from its address, with or without the number sign', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (seed, rootHash) => {
        const url = new URL(invitationUrl('https://example.org', { seed, rootHash }))
        assert.deepEqual(parseInvitationLink(url.hash), { seed, rootHash })
        assert.deepEqual(parseInvitationLink(url.hash.slice(1)), { seed, rootHash })
      },
    ),
  )
})

test('a link that was cut, lengthened or mistyped is refused as a link', () => {
  const whole = new URL(invitationUrl('https://example.org', { seed: key(5), rootHash: key(6) }))
    .hash
  for (const wrong of [
    '',
    whole.slice(0, -1),
    `${whole}A`,
    whole.replace('.', ','),
    'x'.repeat(87),
  ])
    assert.throws(() => parseInvitationLink(wrong), { code: 'bad_invitation' }, wrong)
})

test('any bytes are an invitation in their one spelling, or refused', () => {
  const bytes = encodeInvitation(example)
  assert.deepEqual(parseInvitation(bytes), example)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ flip
      try {
        assert.deepEqual(encodeInvitation(parseInvitation(changed)), changed)
      } catch (error) {
        assert.ok(error instanceof CentresError, String(error))
      }
    }),
  )
})
