import { setTimeout as sleep } from 'node:timers/promises'
import { keepCookies } from '../../desk/client/connection.ts'
import { createDeskClient, type Desk } from '../../desk/client/desk-client.ts'
import { DeskClientError } from '../../desk/client/error.ts'
import { clock, random } from '../world.ts'
import type { ChildService } from './child-service.ts'

export type TakenCase = Awaited<ReturnType<Desk['take']>>

export const VOLUNTEERS = ['drill-one', 'drill-two'] as const
const PATIENCE_MS = 120_000

/** Accepts an invitation as a person does. Returns the passphrase that was shown. */
export async function joinDesk(service: ChildService, place: 0 | 1): Promise<string> {
  const client = clientOf(service)
  const passphrase = client.newPassphrase()
  const link = new URL(service.invitations[place] ?? '')
  const invitation = await client.openInvitation(link.hash.slice(1))
  await client.acceptInvitation(invitation, { volunteer: VOLUNTEERS[place], passphrase })
  return passphrase
}

export async function unlockBoth(
  service: ChildService,
  [one, two]: readonly [string, string],
): Promise<readonly [Desk, Desk]> {
  return [
    await clientOf(service).unlock(VOLUNTEERS[0], one),
    await clientOf(service).unlock(VOLUNTEERS[1], two),
  ]
}

/** Takes what `file` sends. What nobody sent is dropped on the way, as in any volunteer's browser. */
export async function takeNew(desk: Desk, file: () => Promise<void>): Promise<TakenCase> {
  const known = await waitingIds(desk)
  await file()
  for (const id of await waitingIds(desk)) {
    if (known.has(id)) continue
    try {
      return await desk.take(id)
    } catch (error) {
      if (!(error instanceof DeskClientError && error.code === 'empty_envelope')) throw error
    }
  }
  throw new Error('what was filed does not wait at the desk')
}

export async function approve(desk: Desk, { summary }: TakenCase): Promise<void> {
  const review = await desk.openProposal(summary.id)
  if (review.kind !== 'publish') throw new Error(`a ${review.kind} among the proposals`)
  await desk.approve(review)
}

/** Asks again and again: what is asked for happens in another process. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    if (await holds()) return
    await sleep(200)
  }
  throw new Error(`it did not happen: ${what}`)
}

async function waitingIds(desk: Desk): Promise<ReadonlySet<string>> {
  const { lists } = await desk.readQueue()
  return new Set(lists.waiting.cases.map(({ id }) => id))
}

function clientOf(service: ChildService) {
  const origin = new URL(service.url).origin
  return createDeskClient({ transport: keepCookies(origin, fetch), random, clock })
}
