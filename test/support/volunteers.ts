import { randomBytes } from 'node:crypto'
import { keepCookies } from '../../src/desk/client/connection.ts'
import { createDeskClient, type Desk, type DeskClient } from '../../src/desk/client/desk-client.ts'

/** Accepts an invitation link as a person would and unlocks the desk with the passphrase that was shown. */
export async function becomeVolunteer(
  link: string,
  volunteer: string,
): Promise<{ readonly desk: Desk; readonly passphrase: string }> {
  const url = new URL(link)
  const client = clientOf(url.origin)
  const invitation = await client.openInvitation(url.hash.slice(1))
  const passphrase = client.newPassphrase()
  await client.acceptInvitation(invitation, { volunteer, passphrase })
  return { desk: await client.unlock(volunteer, passphrase), passphrase }
}

/** Invites a further volunteer of the same centre, whom both key holders admit. */
export async function admitVolunteer(
  baseUrl: string,
  keyHolder: Desk,
  other: Desk,
  volunteer: string,
): Promise<{ readonly desk: Desk; readonly passphrase: string }> {
  const { origin } = new URL(baseUrl)
  const { centre } = keyHolder.state.volunteer
  const link = new URL(await keyHolder.invite(origin, { roles: ['reviewer'], centre }))
  const client = clientOf(origin)
  const passphrase = client.newPassphrase()
  await client.acceptInvitation(await client.openInvitation(link.hash), { volunteer, passphrase })
  const applicant = (await keyHolder.listApplicants()).find((one) => one.volunteer === volunteer)
  if (applicant === undefined) throw new Error('the applicant did not arrive')
  await keyHolder.refreshDirectory()
  await keyHolder.admit(applicant)
  for (const change of await other.listPending()) await other.sign(change)
  return { desk: await client.unlock(volunteer, passphrase), passphrase }
}

/** Unlocks an existing account: after a restart every session is gone. */
export function unlockAs(baseUrl: string, volunteer: string, passphrase: string): Promise<Desk> {
  return clientOf(new URL(baseUrl).origin).unlock(volunteer, passphrase)
}

function clientOf(origin: string): DeskClient {
  return createDeskClient({
    transport: keepCookies(origin, fetch),
    random: (length) => Uint8Array.from(randomBytes(length)),
    clock: () => new Date(),
  })
}

/** Takes and proposes everything that waits, as it came. Returns how many cases. */
export async function proposeAll(desk: Desk): Promise<number> {
  let count = 0
  for (;;) {
    const { lists } = await desk.readQueue()
    const [first] = lists.waiting.cases
    if (first === undefined) return count
    await desk.propose(await desk.take(first.id))
    count += 1
  }
}

/** Approves everything that is proposed. Returns how many cases. */
export async function approveAll(desk: Desk): Promise<number> {
  let count = 0
  for (;;) {
    const { lists } = await desk.readQueue()
    const [first] = lists['to-decide'].cases
    if (first === undefined) return count
    const review = await desk.openProposal(first.id)
    if (review.kind !== 'publish') throw new Error(`a ${review.kind} among the proposals`)
    await desk.approve(review)
    count += 1
  }
}
