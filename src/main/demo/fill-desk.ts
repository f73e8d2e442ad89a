import type { Config } from '../../config/config.ts'
import { encodeSubmission } from '../../declaration/submission.ts'
import type { Desk } from '../../desk/client/desk-client.ts'
import type { QueueList } from '../../desk/read-queue.ts'
import { followCentreRecipients } from '../../intake/centre-recipient.ts'
import { EnvelopeCommits, receiveEnvelope } from '../../intake/receive-envelope.ts'
import type { IntakeTables } from '../../intake/tables.ts'
import { openDatabase } from '../../postgres/database.ts'
import { clock, random } from '../world.ts'
import { sampleSubmission } from './sample-submission.ts'

/** Cases that go all the way, and those that are left at each stage for a visitor to find. */
const PUBLISHED = 12
const TO_DECIDE = 3
const RETURNED = 1
const WAITING = 8
const ELSEWHERE = { centre: 'europe', cases: 4 }
/** Numbers of sample submissions begin above those of the sample archive. */
const FIRST_CASE = 100_000

export interface DeskFilling {
  readonly config: Pick<Config, 'name' | 'form' | 'formHash'>
  readonly intakeUrl: string
  readonly rootPublicKey: Uint8Array
}

/** Files made-up cases the way a channel does. Filing them again changes nothing. */
export async function fileSampleCases(filling: DeskFilling): Promise<void> {
  const { config, intakeUrl, rootPublicKey } = filling
  await using db = openDatabase<IntakeTables>(intakeUrl, { max: 2 })
  await using commits = new EnvelopeCommits({
    db,
    clock,
    random,
    findRecipient: followCentreRecipients({
      db,
      register: config.name,
      findRootPublicKey: async () => rootPublicKey,
      clock,
    }),
  })
  const here = PUBLISHED + TO_DECIDE + RETURNED + WAITING
  const numbers = Array.from({ length: here + ELSEWHERE.cases }, (_, i) => FIRST_CASE + i)
  await Promise.all(
    numbers.map((number, i) => {
      const { id, submission, receipts } = sampleSubmission(number, config.form, config.formHash)
      const envelope = {
        plaintext: encodeSubmission(submission),
        id,
        centre: i < here ? 'global' : ELSEWHERE.centre,
        line: 'web',
        channel: submission.channel,
        language: submission.language,
        receipts,
      }
      return receiveEnvelope(envelope, commits)
    }),
  )
}

/**
 * Two volunteers take the first cases to their end and leave the rest at every stage. How far an earlier start came is
 * read from the queue: whatever is not waiting any more was done.
 */
export async function workThroughCases([first, second]: readonly [Desk, Desk]): Promise<void> {
  for (const desk of [first, second]) {
    for (const { id } of (await desk.readQueue()).lists.mine.cases) await desk.release(id)
  }
  const waitingNow = async () => (await first.readQueue()).counts['waiting'] ?? 0
  let waiting = await waitingNow()
  for (; waiting > TO_DECIDE + RETURNED + WAITING; waiting--) {
    await propose(first)
    const review = await openFirst(second)
    if (review.kind === 'publish') await second.approve(review)
  }
  for (; waiting > RETURNED + WAITING; waiting--) await propose(second)
  for (; waiting > WAITING; waiting--) {
    await propose(second)
    await first.giveBack(await openFirst(first), 'redact-more')
  }
}

async function propose(desk: Desk): Promise<void> {
  await desk.propose(await desk.take(await firstOf(desk, 'waiting')))
}

async function openFirst(desk: Desk) {
  return desk.openProposal(await firstOf(desk, 'to-decide'))
}

async function firstOf(desk: Desk, list: QueueList): Promise<string> {
  const [found] = (await desk.readQueue()).lists[list].cases
  if (found === undefined) throw new RangeError(`nothing is ${list}`)
  return found.id
}
