import { emptyRoot } from '../tlog/hash.ts'
import { archiveFile } from './archive.ts'
import { verifyArchivedGrowth, verifyArchivedNote, verifyArchivedTree } from './archived-tree.ts'
import { VerifyError } from './error.ts'
import type { LogName } from './latest.ts'
import { replayLog } from './replay-log.ts'
import type { Bundle } from './replay-tree.ts'
import type { SignedTree } from './signed-tree.ts'
import type { Trust } from './trust.ts'
import { verifyWitnessedDays } from './witnessed-days.ts'

/** What the rules of one log say about its entries, asked in the order of the log. */
export type EntryRules = {
  /** Judges one entry and gives its day. */
  readonly accept: (position: number, entry: Uint8Array, bundle: Bundle) => string
  /** Called when all entries of a bundle were accepted. */
  readonly afterBundle?: (bundle: Bundle) => Promise<void>
  /** Whether a checkpoint of this size was published. */
  readonly isArchived: (size: number) => boolean
  readonly onAhead?: (bundleIndex: number) => void
  /** What was replayed before: its days and checkpoints are not looked at again. */
  readonly since?: { readonly size: number; readonly lastDay: string }
  /** Which bundles are read at all; all of those since then must be among them. */
  readonly wanted?: (first: number, end: number) => boolean
}

/**
 * The entries of a log in order: under the signed root, by the rules of the log, on days that never go
 * back; and every published checkpoint on the way was one of this very tree.
 * Returns how many archived checkpoints that were.
 */
export async function replayEntries(
  log: LogName,
  tree: SignedTree & { readonly origin: string },
  rules: EntryRules,
  trust: Trust,
): Promise<number> {
  const { accept, afterBundle, isArchived, since, wanted } = rules
  const known = since?.size ?? 0
  let archived = 0
  if (known === 0 && isArchived(0)) {
    await verifyArchivedNote(log, { size: 0, root: emptyRoot(trust.sha256) }, tree.origin, trust)
    archived++
  }
  let lastDay = since?.lastDay ?? ''
  // The first day that no archived checkpoint covers yet.
  let uncoveredDay: string | null = null
  for await (const { bundle, before } of replayLog(tree, { ...trust, ...rules })) {
    const published: { size: number; firstDay: string; lastDay: string }[] = []
    let position = bundle.first
    for (const entry of bundle.entries) {
      const day = accept(position, entry, bundle)
      if (position++ < known) {
        if (day > lastDay) lastDay = day
        continue
      }
      if (day < lastDay) {
        throw new VerifyError(
          'day_decreases',
          bundle.file,
          `entry ${position - 1} is of ${day}, the one before it of ${lastDay}`,
        )
      }
      lastDay = day
      uncoveredDay ??= day
      if (position === tree.size || isArchived(position)) {
        published.push({ size: position, firstDay: uncoveredDay, lastDay })
        uncoveredDay = null
      }
    }
    await afterBundle?.(bundle)
    for (const { size, firstDay, lastDay } of published) {
      const { cosignatures } =
        wanted === undefined
          ? await verifyArchivedTree(log, size, bundle, before, tree, trust)
          : await verifyArchivedGrowth(log, size, tree, trust)
      verifyWitnessedDays(archiveFile(log, size), cosignatures, firstDay, lastDay)
      archived++
    }
    trust.onProgress({ log, entries: position, size: tree.size })
  }
  return archived
}
