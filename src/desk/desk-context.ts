import type { Kysely, Transaction } from 'kysely'
import type { Volunteer } from '../sealing/directory-state.ts'
import type { DeskTables } from './tables.ts'

export type DeskDatabase = Kysely<DeskTables>

/** What one request of a signed-in volunteer works with: their own centre, one transaction, today. */
export interface DeskRequest {
  readonly tx: Transaction<DeskTables>
  readonly volunteer: Volunteer
  readonly day: string
  readonly random: (length: number) => Uint8Array
}
