import type { Directory } from '../sealing/directory-state.ts'
import { type Ed25519Verify, nobleEd25519 } from '../tlog/ed25519.ts'
import {
  drawDueHours,
  listDueItems,
  listImportItems,
  type NotBefore,
} from './approved-item-store.ts'
import { auditorRecipients } from './directory-follower.ts'
import type { FormIds } from './form-ids.ts'
import type { BatchAuthority } from './publish-declarations.ts'
import { reviewImports } from './review-import.ts'
import { reviewItems } from './review-items.ts'
import type { ReviewedItem } from './reviewed-item.ts'
import type { RegisterDatabase } from './tables.ts'
import type { UnsealIdentity } from './unseal-identity.ts'

export type ChoosingDeps = {
  readonly db: RegisterDatabase
  readonly config: {
    readonly name: string
    readonly formHash: string
    readonly notBefore: NotBefore
    /** Everything in the register is made up: an archive may enter it unsigned. */
    readonly sample: boolean
  }
  readonly formIds: FormIds
  readonly unseal: UnsealIdentity
  readonly stagingKey: Uint8Array
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  /** Of the two people behind a case or an archive; without it the portable one, which takes ten times as long. */
  readonly ed25519Verify?: Ed25519Verify
}

export type ChosenBatch = {
  readonly items: readonly ReviewedItem[]
  readonly authority: BatchAuthority
}

/** A batch is kept in memory whole; items beyond this many declarations wait for the next round. */
const BATCH_MAX_DECLARATIONS = 30_000
/** Some thousand declarations each. */
const IMPORT_PARTS_AT_ONCE = 4
const HOUR_MS = 3_600_000

/** What goes now: statements of the desk that are due, or else the next parts of an archive. */
export async function chooseBatch(
  directory: Directory,
  deps: ChoosingDeps,
): Promise<ChosenBatch | undefined> {
  return (await chooseDueItems(directory, deps)) ?? (await chooseImportParts(directory, deps))
}

/** Enough statements to be lost among, or one that has waited long enough. */
async function chooseDueItems(
  directory: Directory,
  { db, config, formIds, unseal, clock, random, sha256, ed25519Verify }: ChoosingDeps,
): Promise<ChosenBatch | undefined> {
  const { minStatements } = config.notBefore
  const { identity, recipientHash } = unseal
  const nowHour = Math.floor(clock().getTime() / HOUR_MS)
  await drawDueHours(db, nowHour, config.notBefore, random)
  const waiting = await listDueItems(db, { nowHour, recipientHash, minStatements })
  const trust = {
    register: config.name,
    formIds,
    directory,
    identity,
    sha256,
    ed25519Verify: ed25519Verify ?? nobleEd25519.verify,
  }
  const items = itemsOfOneBatch(await reviewItems(db, waiting, dayOf(clock()), trust))
  const statements = items.reduce((sum, item) => sum + item.statements, 0)
  const isEnough = statements >= minStatements || waiting.some(({ overdue }) => overdue)
  // Cases that made no declaration at all go along with the next that do.
  if (!isEnough || items.every(({ declarations }) => declarations.length === 0)) return undefined
  return { items, authority: { kind: 'approvals', auditors: auditorRecipients(directory) } }
}

/** Parts of one archive, less what is in the register already. */
async function chooseImportParts(
  directory: Directory,
  { db, config, formIds, unseal, stagingKey, clock, random, sha256, ed25519Verify }: ChoosingDeps,
): Promise<ChosenBatch | undefined> {
  const waiting = await listImportItems(db, unseal.recipientHash, IMPORT_PARTS_AT_ONCE)
  const reviewed = await reviewImports(db, waiting, dayOf(clock()), {
    register: config.name,
    formHash: config.formHash,
    directory,
    mayBeUnreviewed: config.sample,
    ed25519Verify: ed25519Verify ?? nobleEd25519.verify,
    sha256,
    formIds,
    identity: unseal.identity,
    secret: stagingKey,
    random,
  })
  const parts = itemsOfOneBatch(reviewed)
  const [part] = parts
  if (part === undefined) return undefined
  const { manifest, file } = part
  const mismatches = parts.reduce((sum, each) => sum + each.mismatches, 0)
  return { items: parts, authority: { kind: 'manifest', manifest, file, mismatches } }
}

/** As many as fit, the first in any case; the others are reviewed again with the next round. */
function itemsOfOneBatch<Item extends ReviewedItem>(items: readonly Item[]): Item[] {
  let declarations = 0
  return items.filter((item) => {
    declarations += item.declarations.length
    return declarations <= BATCH_MAX_DECLARATIONS || declarations === item.declarations.length
  })
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
