import type { Role } from '../../sealing/directory-change.ts'
import type { RecoveryShare } from '../../sealing/recovery-share.ts'
import type { CaseContents } from '../case-contents.ts'
import type { Cursor, QueueList, QueuePage } from '../read-queue.ts'
import {
  type Accepted,
  type AcceptOptions,
  acceptInvitation,
  type OpenedInvitation,
  openInvitationLink,
} from './accept-invitation.ts'
import type { Authenticator } from './authenticator.ts'
import type { CaseDraft } from './case-draft.ts'
import { closeMonth, listMonths, type Months, makeCentreKey } from './centre-months.ts'
import { connect, type Transport } from './connection.ts'
import { approve, giveBack, reject, resealItems } from './decide.ts'
import { takeHandedKeys } from './handed-keys.ts'
import { addNote } from './notes.ts'
import type { OpenCase } from './open-case.ts'
import { addPasskey, listPasskeys, type OwnPasskey, removePasskey } from './passkeys.ts'
import { newPassphrase } from './passphrase.ts'
import {
  approveChange,
  discardChange,
  listPendingChanges,
  type WaitingChange,
} from './pending-changes.ts'
import { proposeCase, proposeRejection, saveDraft } from './propose.ts'
import { recoverKeyHolders } from './recover.ts'
import { rehearseRecovery, renewRecoveryFile, splitRecovery } from './recovery.ts'
import { openReview, type Review } from './review.ts'
import { refreshDirectory } from './sign-directory.ts'
import { takeCase } from './take-case.ts'
import { unlock } from './unlock.ts'
import { unlockWithPasskey } from './unlock-with-passkey.ts'
import type { UnlockedDesk } from './unlocked-desk.ts'
import {
  type Applicant,
  admitApplicant,
  editVolunteer,
  inviteAgain,
  inviteVolunteer,
  listApplicants,
  refuseApplicant,
  restoreVolunteer,
  revokeVolunteer,
  suspendVolunteer,
  type Wanted,
} from './volunteers.ts'

export interface DeskClientOptions {
  readonly transport: Transport
  readonly random: (length: number) => Uint8Array
  readonly clock: () => Date
}

export interface Queue {
  readonly counts: Readonly<Record<string, number>>
  readonly lists: Readonly<Record<QueueList, QueuePage>>
}

/**
 * The volunteers' side of the desk without a screen: the browser application, tests and the demonstration
 * register drive the same functions over the same API.
 */
export interface DeskClient {
  readonly openInvitation: (fragment: string) => Promise<OpenedInvitation>
  readonly acceptInvitation: (
    invitation: OpenedInvitation,
    account: Pick<AcceptOptions, 'volunteer' | 'passphrase'>,
  ) => Promise<Accepted>
  readonly unlock: (volunteer: string, passphrase: string) => Promise<Desk>
  readonly unlockWithPasskey: (authenticator: Authenticator) => Promise<Desk>
  /** The two links of new key holders, when all others are lost. */
  readonly recover: (
    shares: readonly RecoveryShare[],
    publicUrl: string,
    centre: string,
  ) => Promise<readonly string[]>
  readonly newPassphrase: () => string
}

/** An unlocked desk. */
export interface Desk {
  readonly state: UnlockedDesk
  readonly readQueue: () => Promise<Queue>
  readonly readMore: (list: QueueList, after: Cursor) => Promise<QueuePage>
  readonly take: (caseId: string) => Promise<OpenCase>
  readonly release: (caseId: string) => Promise<void>
  readonly saveDraft: (open: OpenCase, draft: CaseDraft) => Promise<void>
  readonly propose: (open: OpenCase, draft?: CaseDraft) => Promise<void>
  readonly proposeRejection: (open: OpenCase, code: string) => Promise<void>
  /** Takes an own proposal back that nobody has opened; it then stands among the returned ones. */
  readonly withdrawProposal: (caseId: string) => Promise<void>
  readonly handOver: (caseId: string, to: string) => Promise<void>
  readonly escalate: (caseId: string, code: string) => Promise<void>
  readonly recuse: (caseId: string) => Promise<void>
  readonly addNote: (caseId: string, text: string) => Promise<void>
  readonly openProposal: (caseId: string) => Promise<Review>
  readonly approve: (review: Extract<Review, { kind: 'publish' }>) => Promise<void>
  readonly giveBack: (review: Review, code: string) => Promise<void>
  readonly reject: (review: Review, code: string) => Promise<void>
  readonly resealItems: () => Promise<number>
  readonly invite: (publicUrl: string, wanted: Omit<Wanted, 'volunteer'>) => Promise<string>
  readonly inviteAgain: (publicUrl: string, volunteer: string) => Promise<string>
  readonly refreshDirectory: () => Promise<void>
  readonly listApplicants: () => Promise<readonly Applicant[]>
  /** Proposes; somebody else's `sign` makes it so. So do all below but `suspend`. */
  readonly admit: (applicant: Applicant) => Promise<void>
  readonly refuse: (applicant: Applicant) => Promise<void>
  readonly edit: (
    volunteer: string,
    wanted: { readonly roles: readonly Role[]; readonly centre: string },
  ) => Promise<void>
  readonly suspend: (volunteer: string) => Promise<'done' | 'proposed'>
  readonly restore: (volunteer: string) => Promise<void>
  readonly revoke: (volunteer: string) => Promise<void>
  readonly makeCentreKey: (centre: string, month?: string) => Promise<void>
  readonly closeMonth: (centre: string, month: string) => Promise<void>
  readonly listMonths: () => Promise<Months>
  readonly listPending: () => Promise<readonly WaitingChange[]>
  readonly sign: (change: WaitingChange) => Promise<void>
  readonly discard: (change: WaitingChange) => Promise<void>
  readonly splitRecovery: (needed: number, count: number) => Promise<readonly RecoveryShare[]>
  readonly rehearseRecovery: (shares: readonly RecoveryShare[]) => Promise<void>
  readonly listPasskeys: () => Promise<readonly OwnPasskey[]>
  readonly addPasskey: (authenticator: Authenticator, name: string) => Promise<void>
  readonly removePasskey: (credential: string) => Promise<void>
  readonly logout: () => Promise<void>
}

export function createDeskClient({ transport, random, clock }: DeskClientOptions): DeskClient {
  const connection = connect(transport)
  const today = () => clock().toISOString().slice(0, 10)
  return {
    openInvitation: (fragment) => openInvitationLink(connection, fragment),
    acceptInvitation: (invitation, account) =>
      acceptInvitation(connection, invitation, { ...account, today: today(), random }),
    unlock: async (volunteer, passphrase) =>
      deskOf(await unlock(connection, { volunteer, passphrase, random, today })),
    unlockWithPasskey: async (authenticator) =>
      deskOf(await unlockWithPasskey(connection, authenticator, { random, today })),
    recover: (shares, publicUrl, centre) =>
      recoverKeyHolders(connection, shares, { publicUrl, centre, random, today: today() }),
    newPassphrase: () => newPassphrase('en', random),
  }
}

function deskOf(state: UnlockedDesk): Desk {
  const { connection } = state
  return {
    state,
    readQueue: () => connection.get('queue'),
    readMore: (list, after) => connection.get(`queue/${list}/${after}`),
    take: (id) => takeCase(state, id),
    release: (id) => connection.post(`case/${id}/release`, {}),
    saveDraft: (open, draft) => saveDraft(state, open, draft),
    propose: (open, draft = open.draft) => proposeCase(state, open, draft),
    proposeRejection: (open, code) => proposeRejection(state, open, code),
    withdrawProposal: (id) => connection.post(`case/${id}/withdraw-proposal`, {}),
    handOver: (id, to) => connection.post(`case/${id}/hand-over`, { to }),
    escalate: (id, code) => connection.post(`case/${id}/escalate`, { code }),
    recuse: (id) => connection.post(`case/${id}/recuse`, {}),
    addNote: (id, text) => addNote(state, id, text),
    openProposal: async (id) =>
      openReview(state, await connection.post<CaseContents>(`case/${id}/open-proposal`, {})),
    approve: (review) => approve(state, review),
    giveBack: (review, code) => giveBack(state, review, code),
    reject: (review, code) => reject(state, review, code),
    resealItems: () => resealItems(state),
    invite: (publicUrl, wanted) => inviteVolunteer(state, publicUrl, wanted),
    inviteAgain: (publicUrl, volunteer) => inviteAgain(state, publicUrl, volunteer),
    refreshDirectory: () => refreshDirectory(state),
    listApplicants: () => listApplicants(state),
    admit: (applicant) => admitApplicant(state, applicant),
    refuse: (applicant) => refuseApplicant(state, applicant),
    edit: (volunteer, wanted) => editVolunteer(state, volunteer, wanted),
    suspend: (volunteer) => suspendVolunteer(state, volunteer),
    restore: (volunteer) => restoreVolunteer(state, volunteer),
    revoke: (volunteer) => revokeVolunteer(state, volunteer),
    makeCentreKey: (centre, month) => makeCentreKey(state, centre, month),
    closeMonth: (centre, month) => closeMonth(state, centre, month),
    listMonths: () => listMonths(state),
    listPending: () => listPendingChanges(state),
    sign: async (change) => {
      await approveChange(state, change)
      await takeHandedKeys(state)
      await renewRecoveryFile(state)
    },
    discard: (change) => discardChange(state, change),
    splitRecovery: (needed, count) => splitRecovery(state, needed, count),
    rehearseRecovery: (shares) => rehearseRecovery(state, shares),
    listPasskeys: () => listPasskeys(state),
    addPasskey: (authenticator, name) => addPasskey(state, authenticator, name),
    removePasskey: (credential) => removePasskey(state, credential),
    logout: () => connection.post('logout', {}),
  }
}
