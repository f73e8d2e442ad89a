import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { toHex } from '../../src/encoding/hex.ts'
import { RegisterError } from '../../src/register/error.ts'
import { openRegisterHouse, ownStatement, type RegisterHouse } from '../support/register-house.ts'

const ALWAYS = [
  'declarations 2',
  'declarations 5',
  'declarations 7.1',
  'declarations 7.2',
  'events 3',
]
const SLOW = ['declarations 3', 'declarations 4', 'declarations 6', 'declarations 7', 'events 9']

for (const place of process.env['SLOW'] === '1' ? [...ALWAYS, ...SLOW] : ALWAYS) {
  test(`kill -9 of the publisher after step ${place} loses nothing and doubles nothing`, async () => {
    await using house = await openRegisterHouse()
    {
      await using publisher = await house.start()
      await house.approve([ownStatement('one')])
      await publisher.runRound()
    }
    await house.approve([ownStatement('two'), ownStatement('three')])
    assert.equal(await runUntilKilled(house, place), 'SIGKILL')
    await using publisher = await startOnceFree(house)
    assert.equal((await publisher.runRound()).declarations.size, 3)
    const { opened } = await house.check()
    assert.deepEqual(opened, { body: 3, name: 3, about: 3 })
  })
}

function runUntilKilled(house: RegisterHouse, place: string): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'publish-until-killed.ts')
  const { databaseUrl } = house.deps()
  const args = [databaseUrl, house.folder, toHex(house.rootPublicKey), house.identity]
  const child = spawn(process.execPath, [script, ...args, ...place.split(' ')], {
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
}

/** The database lets go of a dead writer's lock once it has noticed that its connection is gone. */
async function startOnceFree(house: RegisterHouse): ReturnType<RegisterHouse['start']> {
  for (;;) {
    try {
      return await house.start()
    } catch (error) {
      if (!(error instanceof RegisterError) || error.code !== 'second_writer') throw error
      await sleep(20)
    }
  }
}
