import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeEd25519Verify } from '../../src/main/native-ed25519.ts'
import { openFolder } from '../../src/main/verify-folder.ts'
import { lookAgain } from '../../src/main/verify-still.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { verifyRegister } from '../../src/verify/verify-register.ts'
import { openRegisterHouse, ownStatement, sha256 } from '../support/register-house.ts'

const BATCHES = 30
// Reading beside a writer at full speed does not always end in time on two busy cores (docs/limits.md).
const skip =
  process.env['SLOW'] === '1' ? false : 'does not end in time on a busy machine; SLOW=1 runs it'

test('a stranger who verifies again and again while thirty batches are published finds nothing wrong', {
  skip,
}, async () => {
  await using house = await openRegisterHouse()
  await using publisher = await house.start()
  const { declarations, events } = house.deps().logKeys
  const policy = parsePolicy(
    `log ${declarations.verifierKey}\nlog ${events.verifierKey}\nquorum none\n`,
  )
  let published = 0
  const publishing = (async () => {
    for (; published < BATCHES; published++) {
      const batch = Array.from({ length: 1 + (published % 4) * 40 }, (_, i) =>
        ownStatement(`${published} ${i}`),
      )
      await house.approve(batch)
      await publisher.runRound()
    }
  })()
  const source = await openFolder(house.publicFolder)
  const seen = new Set<number>()
  let verified = 0
  // A publisher that fails ends the loop too, and says why below.
  let isOver = false
  const ended = publishing.finally(() => {
    isOver = true
  })
  ended.catch(() => {})
  while (!isOver) {
    for (const list of [source.list, undefined]) {
      const { pair } = await verifyRegister(source.read, {
        policy,
        sha256,
        ed25519Verify: nativeEd25519Verify,
        lookAgain: lookAgain(
          { stderr: { write: () => undefined }, nextLookAfterMs: 3_000 },
          () => {},
        ),
        ...(list === undefined ? {} : { list }),
      })
      seen.add(pair.declarations.size)
      verified++
    }
  }
  await ended
  await house.check()
  assert.ok(verified >= 4 && seen.size >= 2, `${verified} verifications of ${seen.size} pairs`)
})
