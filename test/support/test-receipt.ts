import { ed25519 } from '@noble/curves/ed25519.js'
import { sql } from 'kysely'
import { type ActCrypto, buildAct } from '../../src/declaration/build-act.ts'
import type { Opening } from '../../src/declaration/commitment.ts'
import { parseLeaf } from '../../src/declaration/leaf.ts'
import type { ActView, Wish } from '../../src/declaration/possible-acts.ts'
import { openActRecipient } from '../../src/declaration/publisher-recipient.ts'
import { lookupHash, receiptSecrets } from '../../src/declaration/receipt.ts'
import { encodeSignedAct, type SignedAct } from '../../src/declaration/signed-act.ts'
import { fromHex, toHex } from '../../src/encoding/hex.ts'
import { identityFromSeed, recipientOf, sealTo } from '../../src/sealing/age.ts'
import { pad } from '../../src/sealing/padding.ts'
import { REGISTER, type RegisterHouse, random, sha256 } from './register-house.ts'

export const actCrypto: ActCrypto = {
  sha256,
  random,
  sealToSeed: async (seed, bytes) =>
    sealTo([await recipientOf(identityFromSeed(seed))], pad(bytes)),
}

type Committed = { readonly salt: string | null; readonly opening: Opening }
type Openings = {
  readonly author: Opening
  readonly body: Opening | null
  readonly name: Opening | null
}

/** What a declarant holds: the receipt, and what only it can open. */
export class TestReceipt {
  readonly bytes: Uint8Array = random(16)
  readonly secrets = receiptSecrets(this.bytes)
  /** In hex, as in a proposal. */
  readonly lookup = lookupHash(this.secrets.lookupId, sha256)
  readonly author = ed25519.getPublicKey(this.secrets.authorSeed)
  #openings: Openings | undefined

  remember(made: { author: Committed; body: Committed | null; name: Committed | null }): void {
    this.#openings = {
      author: made.author.opening,
      body: made.body?.opening ?? null,
      name: made.name?.opening ?? null,
    }
  }

  /** What it is given by a `rekey`. */
  inherit(old: TestReceipt): void {
    this.#openings = old.openings
  }

  get openings(): Openings {
    if (this.#openings === undefined) throw new Error('this receipt has no declaration yet')
    return this.#openings
  }
}

type ViewRow = {
  readonly state: string
  readonly idx: number
  readonly leaf: Buffer
  readonly leaf_hash: Buffer
  readonly seq: number
  readonly pending: number
  readonly withdrawn: boolean
  readonly confirmed: boolean
  readonly kept: Buffer | null
}

/** What the service answers to a receipt. */
export async function viewReceipt(house: RegisterHouse, lookup: string): Promise<ViewRow> {
  const { rows } = await sql<ViewRow>`
    SELECT * FROM avow.receipt_view(${Buffer.from(lookup, 'hex')})`.execute(house.owner)
  const [row] = rows
  if (row === undefined) throw new Error('no answer')
  return row
}

/** The act that a receipt's page would sign now. */
export async function signWish(
  house: RegisterHouse,
  receipt: TestReceipt,
  wish: Wish,
  options: { readonly openings?: Openings; readonly when?: SignedAct['when'] } = {},
): Promise<SignedAct> {
  const row = await viewReceipt(house, receipt.lookup)
  const view: ActView = {
    index: row.idx,
    leaf: parseLeaf(row.leaf),
    leafHash: toHex(row.leaf_hash),
    seq: row.seq + row.pending,
    waiting: 0,
    withdrawn: row.withdrawn,
    confirmed: row.confirmed,
  }
  const built = await buildAct(
    {
      origin: `${REGISTER}/log/declarations`,
      view,
      receipt: receipt.secrets,
      kept: options.openings ?? receipt.openings,
      wish,
      when: options.when ?? 'batch',
    },
    actCrypto,
  )
  if (built.outcome !== 'signed') throw new Error(`the act is impossible: ${built.why}`)
  return built.act
}

/** Sends a signed act as intake does. */
export async function submitAct(house: RegisterHouse, act: SignedAct): Promise<string> {
  return submitMessage(house, encodeSignedAct(act), lookupHash(act.lookup, sha256), act.when)
}

export async function submitMessage(
  house: RegisterHouse,
  message: Uint8Array,
  lookup: string,
  when: 'now' | 'batch' = 'batch',
): Promise<string> {
  const { rows } = await sql<{ note: string; answer: string }>`
    SELECT avow.act_recipient() AS note`.execute(house.owner)
  const note = Buffer.from(rows[0]?.note ?? '')
  const { recipient } = openActRecipient(note, house.deps().logKeys.declarations.verifierKey)
  const sealed = Buffer.from(await sealTo([recipient], pad(message)))
  const answers = await sql<{ answer: string }>`
    SELECT avow.submit_act(${Buffer.from(fromHex(lookup))}, ${sha256(message)}, ${sealed}, ${when}) AS answer`.execute(
    house.owner,
  )
  return answers.rows[0]?.answer ?? ''
}

/** Signs and sends in one. */
export async function act(
  house: RegisterHouse,
  receipt: TestReceipt,
  wish: Wish,
  when: SignedAct['when'] = 'batch',
): Promise<string> {
  return submitAct(house, await signWish(house, receipt, wish, { when }))
}
