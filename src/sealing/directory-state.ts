import { toBase64 } from '../encoding/base64.ts'
import type { LogName, Role } from './directory-change.ts'
import type { DirectoryCentre } from './directory-months.ts'

export type Volunteer = {
  readonly id: string
  readonly roles: readonly Role[]
  readonly centre: string
  readonly recipient: string
  readonly signingKey: Uint8Array
  /** Number of the entry that says this of them. A session begun under an earlier one has ended. */
  readonly since: number
}

/** What a verified chain says. `head` is the hash of its last entry, `size` their number. */
export type Directory = {
  readonly register: string
  readonly root: Uint8Array
  /** Keys that may each enter one key holder; undefined while the root still signs. Base64. */
  readonly founders: ReadonlySet<string> | undefined
  /** Whom the recovery file is sealed to, and whose key may name new founding keys once; undefined when nothing was split. */
  readonly recovery: { readonly recipient: string; readonly key: Uint8Array } | undefined
  readonly logs: ReadonlyMap<LogName, string>
  readonly centres: ReadonlyMap<string, DirectoryCentre>
  /** Whoever counts now. Nobody suspended or revoked is in here. */
  readonly volunteers: ReadonlyMap<string, Volunteer>
  readonly suspendedVolunteers: ReadonlyMap<string, Volunteer>
  readonly formerVolunteers: ReadonlyMap<string, Volunteer & { readonly revokedAt: number }>
  /** Every key ever named, and whose it was: one person must not sign as two. */
  readonly keyOwners: ReadonlyMap<string, string>
  /** Proposals that became entries; none counts twice. */
  readonly usedNonces: ReadonlySet<string>
  readonly size: number
  readonly head: string
  readonly day: string
}

/** A directory under construction, owned by the one call that verifies. */
export type DirectoryDraft = { -readonly [K in keyof Directory]: Draft<Directory[K]> }
type Draft<T> =
  T extends ReadonlyMap<infer K, infer V> ? Map<K, V> : T extends ReadonlySet<infer K> ? Set<K> : T

export function emptyDirectory(register: string, root: Uint8Array): DirectoryDraft {
  return {
    register,
    root,
    founders: undefined,
    recovery: undefined,
    logs: new Map(),
    centres: new Map(),
    volunteers: new Map(),
    suspendedVolunteers: new Map(),
    formerVolunteers: new Map(),
    keyOwners: new Map([[toBase64(root), 'root']]),
    usedNonces: new Set(),
    size: 0,
    head: '-',
    day: '',
  }
}

export function draftOf(directory: Directory): DirectoryDraft {
  return {
    ...directory,
    founders: directory.founders === undefined ? undefined : new Set(directory.founders),
    logs: new Map(directory.logs),
    centres: new Map(directory.centres),
    volunteers: new Map(directory.volunteers),
    suspendedVolunteers: new Map(directory.suspendedVolunteers),
    formerVolunteers: new Map(directory.formerVolunteers),
    keyOwners: new Map(directory.keyOwners),
    usedNonces: new Set(directory.usedNonces),
  }
}

export function keyHoldersOf(directory: Directory): readonly Volunteer[] {
  return [...directory.volunteers.values()].filter(({ roles }) => roles.includes('key-holder'))
}
