import type { DirectoryChangeTable } from '../centres/tables.ts'

/** What the intake role may name. It inserts into the first three and reads only the public directory. */
export interface IntakeTables {
  readonly 'avow.epoch': {
    readonly id: Uint8Array
    readonly centre: string
    readonly sealed_start: Uint8Array
    readonly day: string
  }
  readonly 'avow.envelope': {
    readonly id: Uint8Array
    readonly centre: string
    readonly line: string
    readonly channel: string
    readonly language: string
    readonly day: string
    readonly size_class: number
    readonly sealing: 'epoch' | 'age'
    readonly epoch: Uint8Array | null
    readonly row_index: number | null
    readonly sealed: Uint8Array
  }
  readonly 'avow.receipt': {
    readonly lookup_hash: Uint8Array
    readonly envelope: Uint8Array
    readonly person: number
  }
  readonly 'avow.directory_change': DirectoryChangeTable
}
