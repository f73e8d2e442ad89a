import { openDatabase } from '../postgres/database.ts'
import { finishErasure } from '../register/finish-erasure.ts'
import type { RegisterTables } from '../register/tables.ts'

const DAY_MS = 24 * 60 * 60_000

/** Finishes what was erased, at start and once a day, as `avow erase --finish` does. */
export function eraseDaily(ownerUrl: string, onFault: (fault: unknown) => void): AsyncDisposable {
  const owner = openDatabase<RegisterTables>(ownerUrl, { max: 1 })
  let last: Promise<unknown> = Promise.resolve()
  const finish = () => {
    last = finishErasure(owner).catch(onFault)
  }
  finish()
  const timer = setInterval(finish, DAY_MS)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await last
      await owner.destroy()
    },
  }
}
