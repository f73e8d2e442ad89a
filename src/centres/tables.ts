/** The tables of this room as the desk and intake roles see them. */
export interface CentresTables {
  'avow.directory_change': DirectoryChangeTable
  'avow.pending_change': PendingChangeTable
  'avow.invitation': InvitationTable
  'avow.account': AccountTable
  'avow.passkey': PasskeyTable
  'avow.recovery_file': RecoveryFileTable
  'avow.applicant': ApplicantTable
  'avow.handed_key': HandedKeyTable
}

export interface DirectoryChangeTable {
  readonly seq: number
  readonly body: string
  readonly signatures: string
}

interface PendingChangeTable {
  readonly id: Uint8Array
  readonly line: string
  readonly proposed: string
}

interface InvitationTable {
  readonly lookup_hash: Uint8Array
  readonly sealed: Uint8Array
  readonly renews: string | null
  readonly day: string
}

interface AccountTable {
  readonly volunteer: string
  readonly centre: string
  readonly login_hash: Uint8Array
  readonly keyring: Uint8Array
  readonly keyring_at: number
}

interface PasskeyTable {
  readonly credential: Uint8Array
  readonly volunteer: string
  readonly public_key: Uint8Array
  readonly counter: string
  readonly wrapped: Uint8Array
  readonly sealed_name: Uint8Array
}

interface RecoveryFileTable {
  readonly id: boolean
  readonly at: number
  readonly sealed: Uint8Array
}

interface ApplicantTable {
  readonly volunteer: string
  readonly centre: string
  readonly roles: string
  readonly recipient: string
  readonly signing_key: string
  readonly login_hash: Uint8Array
  readonly keyring: Uint8Array
  readonly day: string
}

interface HandedKeyTable {
  readonly id: Uint8Array
  readonly pending: Uint8Array | null
  readonly volunteer: string
  readonly centre: string
  readonly month: string
  readonly sealed: Uint8Array
}
