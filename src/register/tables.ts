import type { Generated, Kysely, Transaction } from 'kysely'
import type { LogId } from './log-keys.ts'

/** The tables the publisher's role may touch, as `schema.ts` makes them. */
export type RegisterTables = {
  'avow.approved_item': {
    case_id: Uint8Array
    kind: 'desk' | 'import' | 'order'
    centre: string
    recipient_hash: Uint8Array
    sealed: Uint8Array
    due_hour: number | null
    last_hour: number | null
    state: 'waiting' | 'staged' | 'published'
  }
  'avow.import_manifest': { hash: Uint8Array; signed: string }
  'avow.imported_statement': { key: Uint8Array }
  'avow.refused_item': {
    case_id: Uint8Array
    kind: 'desk' | 'import' | 'order'
    centre: string
    day: string
    code: string
  }
  'avow.publisher_recipient': { recipient_hash: Uint8Array; note: string; current: boolean }
  'avow.log_state': {
    log: LogId
    origin: string
    size: number
    root: Uint8Array
    edge: Uint8Array
    last_day: string
    signed_size: number
    signed_note: string
    cosigned: Generated<boolean>
    published_size: number
    content_synced: Generated<number>
  }
  'avow.staged_batch': {
    log: LogId
    edge_before: Uint8Array
    entries: Uint8Array
    sealed_content: Uint8Array | null
  }
  'avow.event_queue': { id: Uint8Array; place: number; body: string }
  'avow.announced': { kind: string; value: string }
  'avow.public_centres': { stage: 'wanted' | 'announced'; list: Uint8Array }
  'avow.tally_part': { part: string; declarations: number }
  'avow.content_bundle': { bundle: number; lines: Uint8Array }
  'avow.content_text': { id: Uint8Array; body: string; members: number }
  'avow.kept_opening': {
    lookup_hash: Uint8Array
    /** Null where the receipt was forgotten. */
    idx: number | null
    leaf: Uint8Array | null
    sealed: Uint8Array | null
    refused: string | null
  }
  'avow.receipt_fate': { lookup_hash: Uint8Array; fate: 'withdrawn' | 'staged' }
  'avow.leaf_state': {
    idx: number
    leaf: Uint8Array
    seq: number
    rekeyed: Uint8Array | null
    author_salt: Uint8Array | null
    withdrawn: boolean
    confirmed: boolean
  }
  'avow.flagged_range': { first: number; end: number }
  'avow.pending_act': {
    id: Uint8Array
    lookup_hash: Uint8Array
    sealed: Uint8Array
    urgency: 'now' | 'batch'
    last_day: string | null
  }
  'avow.refused_act': { day: string; code: string; acts: number }
  'avow.act_recipient': { one: Generated<boolean>; note: string }
  'avow.raised_part': {
    idx: number
    part: 'body' | 'name'
    sealed: Uint8Array
    stage: Generated<'waiting' | 'logged' | 'in-rows'>
  }
  'avow.erasure': {
    idx: number
    text_id: Uint8Array | null
    stage: Generated<'rows' | 'files' | 'logged'>
  }
  'avow.approval_evidence': {
    first_index: number
    size: number
    root: Uint8Array
    sealed: Uint8Array
  }
  'avow.signed_audit': { id: Uint8Array; written: string }
  'avow.rebuilt_leaf': { author: Uint8Array; idx: number; leaf: Uint8Array }
  'avow.visible_group': { form: Uint8Array; key: string; statements: number }
  'avow.directory_change': { seq: number; body: string; signatures: string }
}

export type RegisterDatabase = Kysely<RegisterTables>
export type RegisterTransaction = Transaction<RegisterTables>
