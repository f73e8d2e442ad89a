import type { Secrets } from '../../config/secrets.ts'
import { keepCookies } from '../../desk/client/connection.ts'
import { createDeskClient, type Desk, type DeskClient } from '../../desk/client/desk-client.ts'
import { DeskClientError } from '../../desk/client/error.ts'
import type { AvowService } from '../start-service.ts'
import { clock, random } from '../world.ts'

/** One made-up volunteer, with what a visitor of the demonstration types to become them. */
export interface SignIn {
  readonly volunteer: string
  readonly passphrase: string
  readonly centre: string
}

/** Centres of the sample register; the first is the one every register begins with. */
const CENTRES = ['global', 'europe', 'asia'] as const
const VOLUNTEERS = [
  { volunteer: 'sample-amber', centre: 'global' },
  { volunteer: 'sample-birch', centre: 'global' },
  { volunteer: 'sample-cedar', centre: 'europe' },
  { volunteer: 'sample-delta', centre: 'europe' },
] as const
const FILE = 'sign-ins.json'

/** What must outlive a crash in the middle of the first start: the links are printed once and never again. */
interface Plan {
  readonly links: readonly string[]
  readonly signIns: readonly SignIn[]
}

export interface Volunteers {
  readonly signIns: readonly SignIn[]
  /** The desks of the first centre's two volunteers, unlocked. */
  readonly desks: readonly [Desk, Desk]
}

/** The four volunteers of the demonstration, made at the first start, found again at the next. */
export async function obtainVolunteers(
  service: Pick<AvowService, 'url' | 'invitations'>,
  secrets: Secrets,
): Promise<Volunteers> {
  const baseUrl = service.url.replace(/\/$/, '')
  const { links, signIns } = await obtainPlan(service, secrets)
  const [first, other, ...others] = signIns
  if (first === undefined || other === undefined) throw new RangeError('two volunteers at least')
  const desks = [
    await join(newClient(baseUrl), links[0] ?? '', first),
    await join(newClient(baseUrl), links[1] ?? '', other),
  ] as const
  const [keyHolder, second] = desks
  await signAll(second)
  await keyHolder.refreshDirectory()
  for (const centre of CENTRES) {
    if (!keyHolder.state.directory.centres.has(centre)) await keyHolder.makeCentreKey(centre)
  }
  await signAll(second)
  await keyHolder.refreshDirectory()
  for (const signIn of others) await admit(keyHolder, baseUrl, signIn)
  await signAll(second)
  return { signIns, desks }
}

async function obtainPlan(
  { invitations }: Pick<AvowService, 'invitations'>,
  secrets: Secrets,
): Promise<Plan> {
  const { newPassphrase } = newClient('http://localhost')
  const text = await secrets.obtain(FILE, () => {
    const signIns = VOLUNTEERS.map((one) => ({ ...one, passphrase: newPassphrase() }))
    return JSON.stringify({ links: invitations, signIns } satisfies Plan)
  })
  const plan: Plan = JSON.parse(text)
  return plan
}

/** Every change takes two people: what the first proposed, now or before a crash, the second signs. */
async function signAll(desk: Desk): Promise<void> {
  await desk.refreshDirectory()
  for (const change of await desk.listPending()) {
    if (change.refusal === null) await desk.sign(change)
  }
}

async function join(client: DeskClient, link: string, signIn: SignIn): Promise<Desk> {
  const { volunteer, passphrase } = signIn
  try {
    const invitation = await client.openInvitation(new URL(link).hash)
    await client.acceptInvitation(invitation, { volunteer, passphrase })
  } catch (error) {
    // An earlier start got further: the invitation is used up, and by us.
    if (!(error instanceof DeskClientError) || error.code !== 'invitation_gone') throw error
  }
  return client.unlock(volunteer, passphrase)
}

async function admit(keyHolder: Desk, baseUrl: string, signIn: SignIn): Promise<void> {
  const { volunteer, passphrase, centre } = signIn
  if (keyHolder.state.directory.volunteers.has(volunteer)) return
  const findApplicant = async () =>
    (await keyHolder.listApplicants()).find((applicant) => applicant.volunteer === volunteer)
  if ((await findApplicant()) === undefined) {
    const client = newClient(baseUrl)
    const link = await keyHolder.invite(baseUrl, { roles: ['reviewer'], centre })
    const invitation = await client.openInvitation(new URL(link).hash)
    await client.acceptInvitation(invitation, { volunteer, passphrase })
  }
  const applicant = await findApplicant()
  if (applicant === undefined) throw new RangeError(`${volunteer} did not apply`)
  await keyHolder.admit(applicant)
}

function newClient(baseUrl: string): DeskClient {
  return createDeskClient({ transport: keepCookies(baseUrl, fetch), random, clock })
}
