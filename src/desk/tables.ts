import type { CentresTables } from '../centres/tables.ts'

export type CaseState =
  | 'waiting'
  | 'taken'
  | 'proposed'
  | 'returned'
  | 'approved'
  | 'published'
  | 'rejected'
  | 'withdrawn-before'

/** What the desk role may touch. The rows of other rooms stand here only with the columns it was granted. */
export interface DeskTables extends CentresTables {
  'avow.case': CaseTable
  'avow.draft': DraftTable
  'avow.proposal': ProposalTable
  'avow.note': NoteTable
  'avow.recusal': RecusalTable
  'avow.audit': AuditTable
  'avow.audit_head': AuditHeadTable
  'avow.envelope': EnvelopeTable
  'avow.epoch': EpochTable
  'avow.approved_item': ApprovedItemTable
  'avow.waiting_item': WaitingItemView
  'avow.publisher_recipient': PublisherRecipientTable
}

export interface CaseTable {
  readonly id: Uint8Array
  readonly centre: string
  readonly line: string
  readonly channel: string
  readonly language: string
  readonly day: string
  readonly size_class: number
  readonly state: CaseState
  readonly code: string | null
  readonly taken_by: string | null
  readonly handed_to: string | null
  readonly escalated: string | null
}

interface DraftTable {
  readonly case_id: Uint8Array
  readonly centre: string
  readonly volunteer: string
  readonly sealed: Uint8Array
}

export interface ProposalTable {
  readonly case_id: Uint8Array
  readonly centre: string
  readonly kind: 'publish' | 'reject'
  readonly code: string | null
  readonly proposed_by: string
  readonly hash: Uint8Array
  readonly signature: string
  readonly sealed: Uint8Array
  readonly opened: boolean
  readonly returned_code: string | null
  readonly decided_by: string | null
  readonly approved_signature: string | null
}

interface NoteTable {
  readonly id: Uint8Array
  readonly case_id: Uint8Array
  readonly centre: string
  readonly volunteer: string
  readonly day: string
  readonly sealed: Uint8Array
}

interface RecusalTable {
  readonly case_id: Uint8Array
  readonly centre: string
  readonly volunteer: string
}

interface AuditHeadTable {
  readonly centre: string
  readonly place: number
  readonly hash: Uint8Array
}

export interface AuditTable {
  readonly centre: string
  readonly place: number
  readonly day: string
  readonly volunteer: string
  readonly act: string
  readonly case_id: Uint8Array | null
  readonly previous: Uint8Array
  readonly hash: Uint8Array
}

interface EnvelopeTable {
  readonly id: Uint8Array
  readonly sealing: 'epoch' | 'age'
  readonly epoch: Uint8Array | null
  readonly row_index: number | null
  readonly sealed: Uint8Array
  readonly case_id: Uint8Array | null
}

interface EpochTable {
  readonly id: Uint8Array
  readonly sealed_start: Uint8Array
}

interface ApprovedItemTable {
  readonly case_id: Uint8Array
  readonly kind: 'desk'
  readonly centre: string
  readonly recipient_hash: Uint8Array
  readonly sealed: Uint8Array
}

interface WaitingItemView {
  readonly case_id: Uint8Array
  readonly recipient_hash: Uint8Array
}

interface PublisherRecipientTable {
  readonly recipient_hash: Uint8Array
  readonly note: string
  readonly current: boolean
}
