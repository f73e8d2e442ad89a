import assert from 'node:assert/strict'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AwsClient } from 'aws4fetch'
import { type ObjectStore, openBucket } from '../../src/register/object-store.ts'
import { type BucketPublisher, openBucketPublisher } from '../../src/register/publish-to-bucket.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { verifyRegister } from '../../src/verify/verify-register.ts'
import {
  openRegisterHouse,
  ownStatement,
  type RegisterHouse,
  sha256,
  type TestStatement,
} from '../support/register-house.ts'
import { missingSwift, type SwiftServer, startSwift } from '../support/swift-server.ts'

const skip = missingSwift()
let server: SwiftServer | undefined
let buckets = 0
after(() => server?.[Symbol.asyncDispose]())

test('a bucket of OpenStack Swift serves a register that verifies, and follows it', {
  skip,
}, async () => {
  await using house = await openRegisterHouse()
  const swift = await startBucket()
  const store = openBucket(swift, { fetch })
  await using bucket = await follow(house, store)
  await publish(house, 3)
  await bucket.sync()
  assert.equal(await verifiedSize(house, store), 3)
  // Beyond a full tile with few objects: every put takes its time.
  await publishStatements(house, [{ text: null, persons: Array.from({ length: 300 }, () => ({})) }])
  await bucket.sync()
  assert.equal(await verifiedSize(house, store), 303)
  for (const path of await listFiles(house.publicFolder)) {
    assert.deepEqual(
      await store.find(path),
      new Uint8Array(await readFile(join(house.publicFolder, path))),
      path,
    )
  }
  // The partial tiles whose full tile is there are gone here as on the disk.
  assert.equal(await store.find('log/declarations/tile/0/000.p/3'), undefined)
})

test('what is erased on the disk is erased in the bucket', { skip }, async () => {
  await using house = await openRegisterHouse()
  const swift = await startBucket()
  const store = openBucket(swift, { fetch })
  await using bucket = await follow(house, store)
  await publish(house, 2)
  await bucket.sync()
  const [text = ''] = await readdir(join(house.publicFolder, 'content/texts'))
  assert.notEqual(await store.find(`content/texts/${text}`), undefined)
  const content = join(house.publicFolder, 'content/000')
  const kept = (await readFile(content, 'utf8')).split('\n').filter((line) => !line.includes(text))
  await writeFile(`${content}.new`, kept.join('\n'))
  await rename(`${content}.new`, content)
  await rm(join(house.publicFolder, 'content/texts', text))
  await bucket.sync()
  assert.equal(await store.find(`content/texts/${text}`), undefined)
  assert.equal(Buffer.from((await store.find('content/000')) ?? []).includes(text), false)
})

test('a bucket that is away shows the older pair until it is back, and a new process goes on', {
  skip,
}, async () => {
  await using house = await openRegisterHouse()
  const swift = await startBucket()
  const store = openBucket(swift, { fetch, retryAfterMs: 1 })
  {
    await using bucket = await follow(house, store)
    await publish(house, 1)
    await bucket.sync()
    await swift.stop()
    await publish(house, 1)
    await assert.rejects(bucket.sync(), { code: 'bucket_unreachable' })
  }
  await swift.start()
  assert.equal(await verifiedSize(house, store), 1)
  await using again = await follow(house, store)
  await again.sync()
  assert.equal(await verifiedSize(house, store), 2)
})

test('a stop anywhere leaves the older pair whole', { skip }, async () => {
  await using house = await openRegisterHouse()
  const swift = await startBucket()
  const store = openBucket(swift, { fetch })
  await publish(house, 1)
  {
    await using bucket = await follow(house, store)
    await bucket.sync()
  }
  await publish(house, 1)
  for (let left = 0; ; left++) {
    let calls = 0
    const stopping: ObjectStore = {
      ...store,
      put: async (key, bytes) => {
        if (calls++ >= left) throw new Error('stopped')
        await store.put(key, bytes)
      },
      putOnce: async (key, bytes) => {
        if (calls++ >= left) throw new Error('stopped')
        await store.putOnce(key, bytes)
      },
    }
    await using bucket = await follow(house, stopping)
    const outcome = await bucket.sync().catch((error: unknown) => error)
    const size = await verifiedSize(house, store).catch((error: unknown) => error)
    if (outcome === undefined) {
      assert.equal(size, 2)
      break
    }
    // Contents go a moment before their pair, as on the disk.
    const isAhead = size instanceof Error && 'code' in size && size.code === 'part_not_shown'
    assert.ok(size === 1 || size === 2 || isAhead, String(size))
  }
})

test('immutable files are never replaced by others', { skip }, async () => {
  const swift = await startBucket()
  const store = openBucket(swift, { fetch })
  const key = 'log/declarations/tile/0/000'
  await store.putOnce(key, Buffer.from('one'))
  await store.putOnce(key, Buffer.from('one'))
  await assert.rejects(store.putOnce(key, Buffer.from('two')), { code: 'file_differs' })
  assert.deepEqual(Buffer.from((await store.find(key)) ?? []).toString(), 'one')
})

/** One server for the file, since it takes its time to start; a bucket for each test. */
async function startBucket() {
  server ??= await startSwift()
  const address = { ...server, url: server.urlOf(`register-${++buckets}`) }
  const signer = new AwsClient({ ...address, service: 's3' })
  const made = await signer.fetch(address.url, { method: 'PUT' })
  assert.equal(made.status, 200, await made.text())
  return address
}

function follow(house: RegisterHouse, store: ObjectStore): Promise<BucketPublisher> {
  return openBucketPublisher({
    publicFolder: house.publicFolder,
    journalPath: join(house.stagingFolder, 'bucket/journal'),
    store,
    clock: () => new Date(),
    onProblem: (problem) => assert.fail(String(problem)),
  })
}

async function publish(house: RegisterHouse, count: number): Promise<void> {
  const texts = Array.from({ length: count }, (_, i) => `text ${i}`)
  await publishStatements(
    house,
    texts.map((text) => ownStatement(text)),
  )
}

async function publishStatements(
  house: RegisterHouse,
  statements: readonly TestStatement[],
): Promise<void> {
  await using publisher = await house.start()
  await house.approve(statements)
  await publisher.runRound()
}

async function verifiedSize(house: RegisterHouse, store: ObjectStore): Promise<number> {
  const { declarations, events } = house.deps().logKeys
  const policy = parsePolicy(
    `log ${declarations.verifierKey}\nlog ${events.verifierKey}\nquorum none\n`,
  )
  const { pair } = await verifyRegister((path) => store.find(path), { policy, sha256 })
  return pair.declarations.size
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
}
