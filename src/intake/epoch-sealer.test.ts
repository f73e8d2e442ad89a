import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { generateIdentity, recipientOf } from '../sealing/age.ts'
import { EPOCH_ROWS_MAX } from '../sealing/epoch.ts'
import { pad } from '../sealing/padding.ts'
import { EpochSealer } from './epoch-sealer.ts'

const row = pad(new Uint8Array())
let recipient = ''
let now = new Date('2026-03-01T10:00:00Z')

before(async () => {
  recipient = await recipientOf(await generateIdentity())
})

function createSealer(): EpochSealer {
  return new EpochSealer({
    findRecipient: async () => recipient,
    clock: () => now,
    random: (length) => Uint8Array.from(randomBytes(length)),
  })
}

test('the epoch row goes with every group until one of them is committed', async () => {
  const sealer = createSealer()
  const first = await sealer.sealGroup('global', [row])
  assert.ok(first.epochRow)
  sealer.committed('global')
  const second = await sealer.sealGroup('global', [row])
  assert.deepEqual([second.epochRow, second.epochId], [undefined, first.epochId])
  assert.deepEqual([first.rows[0]?.index, second.rows[0]?.index], [0, 1])
})

test('an epoch whose commit failed is never used again, for its row may be on disk or not', async () => {
  const sealer = createSealer()
  const first = await sealer.sealGroup('global', [row])
  sealer.failed('global')
  assert.notDeepEqual((await sealer.sealGroup('global', [row])).epochId, first.epochId)
})

test('centres do not share epochs', async () => {
  const sealer = createSealer()
  const one = await sealer.sealGroup('one', [row])
  assert.notDeepEqual((await sealer.sealGroup('two', [row])).epochId, one.epochId)
})

test('a full epoch, an old one and a clock set back start a new one', async () => {
  const sealer = createSealer()
  const group = Array<Uint8Array>(EPOCH_ROWS_MAX / 64).fill(row)
  const epochs = new Set<string>()
  const seal = async (rows: readonly Uint8Array[]) => {
    const { epochId } = await sealer.sealGroup('global', rows)
    epochs.add(Buffer.from(epochId).toString('hex'))
    return epochs.size
  }
  for (let i = 0; i < 64; i++) assert.equal(await seal(group), 1)
  assert.equal(await seal([row]), 2)
  now = new Date(now.getTime() + 60_000)
  assert.equal(await seal([row]), 3)
  now = new Date(now.getTime() - 1)
  assert.equal(await seal([row]), 4)
})
