import { type Bytes, brandBytes, utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { type Aead, nobleXChaCha20Poly1305 } from './aead.ts'
import { openWith, sealTo } from './age.ts'
import { SealingError } from './error.ts'
import { requireSizeClass } from './padding.ts'
import type { RandomBytes } from './parameters.ts'
import { skipRow, stepRatchet } from './ratchet.ts'

/** An opener walks the ratchet from its start, so this also bounds what opening one row costs. */
export const EPOCH_ROWS_MAX = 4096

/**
 * Owned by one process and never stored. `chainKey` is k_i for i = `nextIndex`: memory taken now opens
 * nothing sealed before.
 */
export type Epoch = {
  readonly id: Uint8Array
  readonly centre: string
  readonly aead: Aead
  readonly chainKey: Uint8Array
  nextIndex: number
}
export type EpochRow = { readonly id: Uint8Array; readonly sealedStart: Uint8Array }
export type StartKey = Bytes<'StartKey'>
export type SealedRow = { readonly index: number; readonly ciphertext: Uint8Array }
export type OpenedRow = { readonly index: number; readonly plaintext: Uint8Array }

/**
 * `row` must be committed before, or in one transaction with, the first sealed row: a crash between
 * the two would otherwise leave rows that nobody can open.
 */
export async function startEpoch(options: {
  readonly centre: string
  readonly recipients: readonly string[]
  readonly random: RandomBytes
  readonly aead?: Aead
}): Promise<{ readonly epoch: Epoch; readonly row: EpochRow }> {
  const { centre, recipients, random, aead = nobleXChaCha20Poly1305 } = options
  const id = random(16)
  const chainKey = random(32)
  rowContext(centre, id, 0)
  const sealedStart = await sealTo(recipients, chainKey)
  return { epoch: { id, centre, aead, chainKey, nextIndex: 0 }, row: { id, sealedStart } }
}

/** Seals one padded plaintext and overwrites its key. An index whose row is never stored is a harmless gap. */
export function sealRow(epoch: Epoch, plaintext: Uint8Array): SealedRow {
  requireSizeClass(plaintext.length)
  if (epoch.nextIndex >= EPOCH_ROWS_MAX) throw new SealingError('epoch_ended', 'start a new epoch')
  const index = epoch.nextIndex
  const { key, nonce } = stepRatchet(epoch.chainKey)
  epoch.nextIndex = index + 1
  const context = rowContext(epoch.centre, epoch.id, index)
  const ciphertext = epoch.aead.seal(key, nonce, context, plaintext)
  key.fill(0)
  return { index, ciphertext }
}

/** Wipes the chain: for the end of the epoch's minute and for shutdown. */
export function endEpoch(epoch: Epoch): void {
  epoch.chainKey.fill(0)
  epoch.nextIndex = EPOCH_ROWS_MAX
}

export async function openEpochStart(
  sealedStart: Uint8Array,
  identities: readonly string[],
): Promise<StartKey> {
  const start = await openWith(identities, sealedStart)
  if (start.length !== 32) throw new SealingError('bad_key', 'an epoch starts with 32 bytes')
  return brandBytes(start, 'StartKey', 32)
}

/**
 * Opens rows of one epoch and returns them by ascending index. Throws `row_refused` at the first that was
 * altered, moved to another index, epoch or centre; the others can still be opened one by one.
 */
export function openRows(
  startKey: StartKey,
  centre: string,
  epochId: Uint8Array,
  rows: readonly SealedRow[],
  aead: Aead = nobleXChaCha20Poly1305,
): OpenedRow[] {
  // `slice` of a Node Buffer is a view: wiping it would wipe the caller's key.
  const chainKey = Uint8Array.from(startKey)
  let position = 0
  const opened = rows
    .toSorted((a, b) => a.index - b.index)
    .map((row) => {
      requireIndex(row.index, position)
      for (; position < row.index; position++) skipRow(chainKey)
      position++
      const { key, nonce } = stepRatchet(chainKey)
      try {
        const context = rowContext(centre, epochId, row.index)
        return { index: row.index, plaintext: aead.open(key, nonce, context, row.ciphertext) }
      } catch (cause) {
        throw new SealingError('row_refused', `row ${row.index} does not open`, cause)
      } finally {
        key.fill(0)
      }
    })
  chainKey.fill(0)
  return opened
}

/** Indices come from a database that its superuser may have rewritten. */
function requireIndex(index: number, lowest: number): void {
  if (!Number.isInteger(index) || index < lowest || index >= EPOCH_ROWS_MAX) {
    throw new SealingError('row_refused', 'row index out of range or given twice')
  }
}

function rowContext(centre: string, epochId: Uint8Array, index: number): Uint8Array {
  // A line break in a centre's name could make two different rows share one context.
  if (!/^[\x21-\x7e]{1,64}$/.test(centre)) throw new SealingError('bad_context', 'centre id')
  if (epochId.length !== 16) throw new SealingError('bad_context', 'an epoch id has 16 bytes')
  return utf8(`avow/row/v1\n${centre}\n${toHex(epochId)}\n${index}\n`)
}
