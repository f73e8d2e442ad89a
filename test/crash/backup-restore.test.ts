import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateIdentity, recipientOf } from '../../src/sealing/age.ts'
import { registerIn, startAvow } from '../support/avow-command.ts'
import { askReceipt, prepareFiling } from '../support/http-filer.ts'
import { type Product, startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll, unlockAs } from '../support/volunteers.ts'
import { runAvow, untilCount } from '../support/watch-register.ts'

test('a backup made beside the running service brings everything back on an empty machine', async () => {
  await using place = await openPlace()
  const { folder, backup, identity, recipient } = place
  const keys = await publishStatements(place, ['One made-up statement.', 'Another made-up one.'])
  const waiting = await fileOne(place.product(), 'A statement that waits for its volunteers.')
  const written = await avow(folder, ['backup', '--out', backup, '--to', recipient, '--json'])
  assert.equal(written.code, 0, written.stderr)
  await requireSealed(backup, ['made-up', 'waits for its'])
  await place.stop()

  // The machine is gone; what is left are the backup and the secrets that were kept elsewhere.
  await rm(join(folder, 'data'), { recursive: true })
  const restored = await avow(folder, ['restore', backup, '--identity', identity])
  assert.equal(restored.code, 0, restored.stderr)
  assert.match(restored.stdout, /Restored and verified: 2 declarations/)
  await place.start()
  await untilCount(place.product().url, 2)
  assert.doesNotMatch(await askReceipt(place.product().url, waiting), /nothing under this receipt/i)
  const proposer = await unlockAs(place.product().url, 'alder', keys.alder)
  const decider = await unlockAs(place.product().url, 'birch', keys.birch)
  await proposeAll(proposer)
  assert.equal(await approveAll(decider), 1)
  await untilCount(place.product().url, 3)
  await requireVerified(folder, 3)
  const again = await avow(folder, ['fsck'])
  assert.equal(again.code, 0, again.stdout)
})

test('a backup that the witnesses have outgrown is refused, and restored from a newer copy of the files', async () => {
  await using place = await openPlace()
  const { folder, backup, identity, recipient } = place
  const keys = await publishStatements(place, ['One made-up statement.'])
  const file = join(folder, 'recipients.txt')
  await writeFile(file, `# operators\n${recipient}\n`)
  const written = await avow(folder, ['backup', '--out', backup, '--to', file])
  assert.equal(written.code, 0, written.stderr)
  const receipt = await fileOne(place.product(), 'Published after the backup.')
  const proposer = await unlockAs(place.product().url, 'alder', keys.alder)
  const decider = await unlockAs(place.product().url, 'birch', keys.birch)
  await proposeAll(proposer)
  await approveAll(decider)
  await untilCount(place.product().url, 2)
  await place.stop()
  const left = join(folder, 'left-public')
  await cp(join(folder, 'data/public'), left, { recursive: true })
  await rm(join(folder, 'data'), { recursive: true })

  const refused = await avow(folder, ['restore', backup, '--identity', identity])
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /witness_ahead/)
  const restored = await avow(folder, ['restore', backup, '--identity', identity, '--from', left])
  assert.equal(restored.code, 0, restored.stderr)
  await place.start()
  await untilCount(place.product().url, 2)
  await requireVerified(folder, 2)
  // Filed after the backup and not public in itself: this is what a backup of yesterday loses.
  assert.match(await askReceipt(place.product().url, receipt), /nothing under this receipt/i)
})

test('a backup with one changed byte, of another register or for another key is refused', async () => {
  await using place = await openPlace()
  const { folder, backup, identity, recipient } = place
  await publishStatements(place, ['One made-up statement.'])
  await avow(folder, ['backup', '--out', backup, '--to', recipient])
  const full = await avow(folder, ['restore', backup, '--identity', identity])
  assert.match(full.stderr, /not_empty/)
  await place.stop()
  await rm(join(folder, 'data'), { recursive: true })

  const other = join(folder, 'other-identity')
  await writeFile(other, `${await generateIdentity()}\n`)
  const wrongKey = await avow(folder, ['restore', backup, '--identity', other])
  assert.match(wrongKey.stderr, /cannot_open/)
  for (const path of ['register.age', 'public/log/latest']) {
    const bytes = await readFile(join(backup, path))
    await writeFile(join(backup, path), bytes.with(9, (bytes[9] ?? 0) ^ 1))
    const spoiled = await avow(folder, ['restore', backup, '--identity', identity])
    assert.match(spoiled.stderr, /bad_backup/, path)
    await writeFile(join(backup, path), bytes)
  }
  const whole = await avow(folder, ['restore', backup, '--identity', identity])
  assert.equal(whole.code, 0, whole.stderr)
})

interface Place extends AsyncDisposable {
  readonly folder: string
  readonly backup: string
  readonly identity: string
  readonly recipient: string
  readonly product: () => Product
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-backup-'))
  const identity = await generateIdentity()
  await writeFile(join(folder, 'identity'), `${identity}\n`)
  let product: Product | undefined = await startProduct({ folder })
  return {
    folder,
    backup: join(folder, 'backup'),
    identity: join(folder, 'identity'),
    recipient: await recipientOf(identity),
    product() {
      if (product === undefined) throw new Error('the service is stopped')
      return product
    },
    async start() {
      product = await startProduct({ folder })
    },
    async stop() {
      await product?.stop()
      product = undefined
    },
    async [Symbol.asyncDispose]() {
      await product?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function publishStatements(place: Place, texts: readonly string[]) {
  const { url, invitations } = place.product()
  const [firstLink = '', secondLink = ''] = invitations
  const alder = await becomeVolunteer(firstLink, 'alder')
  const birch = await becomeVolunteer(secondLink, 'birch')
  for (const text of texts) await fileOne(place.product(), text)
  await proposeAll(await unlockAs(url, 'alder', alder.passphrase))
  await approveAll(await unlockAs(url, 'birch', birch.passphrase))
  await untilCount(url, texts.length)
  return { alder: alder.passphrase, birch: birch.passphrase }
}

async function fileOne({ url }: Product, text: string): Promise<string> {
  const filing = await prepareFiling(url, { text, organisation: 'party' })
  return filing.send()
}

function avow(folder: string, args: readonly string[]) {
  return startAvow(args, registerIn(folder)).ended
}

async function requireVerified(folder: string, declarations: number): Promise<void> {
  const root = join(folder, 'data/public')
  const verified = await runAvow(['verify', root, '--policy', join(root, 'log/policy'), '--json'])
  assert.equal(verified.code, 0, verified.output)
  assert.match(verified.output, new RegExp(`"declarations":\\{?[^}]*${declarations}`))
}

/** Everything but the public copy and the counts is ciphertext. */
async function requireSealed(backup: string, words: readonly string[]): Promise<void> {
  const files = await readdir(backup)
  assert.deepEqual(files.sort(), ['backup.json', 'public', 'register.age', 'submissions.age'])
  for (const name of files.filter((name) => name !== 'public')) {
    const bytes = await readFile(join(backup, name))
    for (const word of words) assert.ok(!bytes.includes(word), `${word} in ${name}`)
  }
}
