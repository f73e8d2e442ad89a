import { ed25519 } from '@noble/curves/ed25519.js'
import { type Kysely, sql } from 'kysely'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import type { DirectoryPin } from '../sealing/directory.ts'
import type { DirectoryChange, LogName } from '../sealing/directory-change.ts'
import { type DirectoryEntry, entryHash } from '../sealing/directory-entry.ts'
import { signFounding } from '../sealing/directory-signing.ts'
import { CentresError } from './error.ts'
import { type Invitation, sealInvitation } from './invitation.ts'
import { invitationLookup, invitationUrl } from './invitation-link.ts'

export const FIRST_CENTRE = 'global'

export interface BootstrapDependencies<Tables> {
  readonly db: Kysely<Tables>
  readonly register: string
  readonly logKeys: Readonly<Record<LogName, string>>
  readonly publicUrl: string
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** Writes the root's public key into the configuration; called before anything is committed. */
  readonly storeRootPublicKey: (rootPublicKey: Uint8Array) => Promise<void>
}

export interface Bootstrapped {
  readonly rootPublicKey: Uint8Array
  /** Two one-time links, for the terminal only: each carries a founding key that is nowhere else. */
  readonly links: readonly string[]
  /** The state of the directory that was made. */
  readonly pin: DirectoryPin
}

/**
 * Makes the root, the first centre and two invitations, or throws `directory_exists`. Two, because every later change
 * takes two people. The root signs six entries here and is gone: nobody ever holds it.
 * A crash before the commit leaves a root key file without a directory, which the next start replaces;
 * a crash after it leaves invitations whose links nobody saw.
 */
export async function bootstrap<Tables>(
  dependencies: BootstrapDependencies<Tables>,
): Promise<Bootstrapped> {
  const { db, register, logKeys, publicUrl, clock, random, sha256 } = dependencies
  const rootSeed = random(32)
  const rootPublicKey = ed25519.getPublicKey(rootSeed)
  const day = clock().toISOString().slice(0, 10)
  const month = day.slice(0, 7)
  const identity = await generateIdentity()
  const founderSeeds = [random(32), random(32)] as const
  const [first, second] = founderSeeds.map((seed) => ed25519.getPublicKey(seed))
  if (first === undefined || second === undefined) throw new RangeError('two founders')
  const entries = signChain(register, day, rootSeed, [
    { change: 'root', root: rootPublicKey },
    { change: 'log', log: 'declarations', verifierKey: logKeys.declarations },
    { change: 'log', log: 'events', verifierKey: logKeys.events },
    { change: 'centre', id: FIRST_CENTRE, month, recipient: await recipientOf(identity) },
    { change: 'found', founders: [first, second] },
  ])
  rootSeed.fill(0)
  const invitation: Omit<Invitation, 'founderSeed'> = {
    register,
    rootPublicKey,
    centre: FIRST_CENTRE,
    roles: ['key-holder', 'reviewer'],
    volunteer: null,
    centreIdentities: [{ centre: FIRST_CENTRE, month, identity }],
  }
  const seeds = founderSeeds.map(() => random(32))
  const sealed = await Promise.all(
    seeds.map((seed, i) =>
      sealInvitation({ ...invitation, founderSeed: founderSeeds[i] ?? null }, seed),
    ),
  )
  await db.transaction().execute(async (tx) => {
    // Two processes that start at once: the second waits here and then finds the first one's rows.
    await sql`SELECT pg_advisory_xact_lock(hashtext('avow.bootstrap'))`.execute(tx)
    const { rows } = await sql`SELECT 1 FROM avow.directory_change LIMIT 1`.execute(tx)
    if (rows.length > 0) throw new CentresError('directory_exists', 'there is a directory already')
    await dependencies.storeRootPublicKey(rootPublicKey)
    for (const [seq, { body, signatures }] of entries.entries()) {
      await sql`INSERT INTO avow.directory_change (seq, body, signatures)
        VALUES (${seq}, ${body}, ${signatures})`.execute(tx)
    }
    for (const [i, seed] of seeds.entries()) {
      await sql`INSERT INTO avow.invitation (lookup_hash, sealed, day)
        VALUES (${invitationLookup(seed, sha256)}, ${sealed[i]}, ${day})`.execute(tx)
    }
  })
  for (const seed of founderSeeds) seed.fill(0)
  const rootHash = sha256(rootPublicKey)
  const links = seeds.map((seed) => invitationUrl(publicUrl, { seed, rootHash }))
  const pin = { size: entries.length, head: entries.map(entryHash).at(-1) ?? '-' }
  return { rootPublicKey, links, pin }
}

function signChain(
  register: string,
  day: string,
  rootSeed: Uint8Array,
  changes: readonly DirectoryChange[],
): readonly DirectoryEntry[] {
  const entries: DirectoryEntry[] = []
  let head = '-'
  for (const [size, change] of changes.entries()) {
    const entry = signFounding('root', { register, size, head }, day, change, rootSeed)
    entries.push(entry)
    head = entryHash(entry)
  }
  return entries
}
