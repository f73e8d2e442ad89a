import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupCommit } from './group-commit.ts'

interface Recorded {
  readonly commits: GroupCommit<number>
  readonly groups: (readonly number[])[]
  readonly mostAtOnce: () => number
}

function record(fail: (group: readonly number[]) => boolean = () => false): Recorded {
  const groups: (readonly number[])[] = []
  let running = 0
  let most = 0
  const commits = new GroupCommit<number>({
    commit: async (items) => {
      running++
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running--
      groups.push(items)
      if (fail(items)) throw new Error('disk')
    },
    weightOf: (item) => item,
    windowMs: 1,
    maxItems: 4,
    maxWeight: 100,
    maxWaitingWeight: 1000,
  })
  return { commits, groups, mostAtOnce: () => most }
}

test('senders share commits, in groups within both bounds, one commit at a time', async () => {
  const { commits, groups, mostAtOnce } = record()
  const items = [1, 1, 1, 1, 1, 60, 60, 500, 1]
  await Promise.all(items.map((item) => commits.add(item)))
  assert.deepEqual(groups, [[1, 1, 1, 1], [1, 60], [60], [500], [1]])
  assert.equal(mostAtOnce(), 1)
})

test('a failed commit rejects its own senders and no others', async () => {
  const { commits } = record((group) => group.includes(3))
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((item) => commits.add(item)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
  )
})

test('more than may wait is refused at once', async () => {
  const { commits } = record()
  const first = commits.add(900)
  await assert.rejects(commits.add(101), { code: 'busy' })
  await commits.add(100)
  await first
})

test('closing waits for what was taken', async () => {
  const { commits, groups } = record()
  const taken = commits.add(1)
  await commits[Symbol.asyncDispose]()
  await taken
  assert.deepEqual(groups, [[1]])
  await assert.rejects(commits.add(2), { code: 'closed' })
})
