import { join } from 'node:path'
import { LATEST_FILE } from '../verify/latest.ts'
import { BucketJournal } from './bucket-journal.ts'
import { eachAtOnce, findFile } from './durable-files.ts'
import { type FileMark, type FolderLook, FolderWatch } from './folder-watch.ts'
import { isImmutable, type ObjectStore } from './object-store.ts'

export type BucketPublisherDeps = {
  readonly publicFolder: string
  readonly journalPath: string
  readonly store: ObjectStore
  readonly clock: () => Date
  readonly onProblem: (problem: unknown) => void
}

export interface BucketPublisher extends AsyncDisposable {
  /** Something new is on the disk. Returns at once; one upload runs at a time, and another follows if this came during it. */
  readonly wake: () => void
  /** Uploads what is not there yet; throws where that failed. */
  readonly sync: () => Promise<void>
}

/**
 * Keeps a bucket equal to the public folder. The disk is always first and never waits for the bucket: one that is away
 * shows the older pair until it is back.
 */
export async function openBucketPublisher(deps: BucketPublisherDeps): Promise<BucketPublisher> {
  const journal = await BucketJournal.open(deps.journalPath)
  const watch = new FolderWatch(deps.publicFolder, deps.clock)
  let running: Promise<void> = Promise.resolve()
  let isWaiting = false
  const sync = () => {
    const next = running.then(() => uploadChanges(deps, journal, watch))
    running = next.catch(() => {})
    return next
  }
  return {
    sync,
    wake() {
      if (isWaiting) return
      isWaiting = true
      running
        .then(() => {
          isWaiting = false
          return sync()
        })
        .catch(deps.onProblem)
    },
    async [Symbol.asyncDispose]() {
      await running
    },
  }
}

/**
 * The order of a publication, for readers of the bucket: what never changes; contents, rewritten before the texts that
 * they no longer name are removed; everything that shows the register; last the pair, as it was before this began, so
 * that all it implies is there. A crash anywhere leaves the older pair, and the journal says what is still to do.
 */
async function uploadChanges(
  { publicFolder, store }: BucketPublisherDeps,
  journal: BucketJournal,
  watch: FolderWatch,
): Promise<void> {
  const heads = await readHeads(publicFolder)
  const look = await watch.look()
  const marks = changedFiles(look, journal)
  const changed = [...marks.keys()]
  const gone = goneFiles(look, journal)
  const upload = (names: readonly string[]) =>
    eachAtOnce(names, async (name) => {
      const bytes = await findFile(join(publicFolder, name))
      // Gone since it was listed: the next look removes it.
      if (bytes === undefined) return
      if (isImmutable(name)) await store.putOnce(name, bytes)
      else await store.put(name, bytes)
      const uploaded = marks.get(name)
      if (uploaded !== undefined) await journal.noteUploaded(name, uploaded)
    })
  const remove = (names: readonly string[]) =>
    eachAtOnce(names, async (name) => {
      await store.remove(name)
      await journal.noteRemoved(name)
    })
  const isContent = (name: string) => name.startsWith('content/')
  const isText = (name: string) => name.startsWith('content/texts/')
  await upload(changed.filter(isImmutable))
  await upload(changed.filter(isText))
  await upload(changed.filter((name) => isContent(name) && !isText(name)))
  await remove(gone.filter(isContent))
  await upload(changed.filter((name) => !isImmutable(name) && !isContent(name)))
  for (const [name, bytes] of heads) {
    await store.put(name, bytes)
  }
  await remove(gone.filter((name) => !isContent(name)))
  look.settle()
}

function changedFiles({ listed }: FolderLook, journal: BucketJournal): Map<string, FileMark> {
  const changed = new Map<string, FileMark>()
  for (const [folder, files] of listed) {
    const known = journal.filesOf(folder)
    for (const [name, now] of files) {
      if (!isHead(name) && !isSame(known.get(name), now)) changed.set(name, now)
    }
  }
  return changed
}

function goneFiles({ folders, listed }: FolderLook, journal: BucketJournal): string[] {
  return journal.folders.flatMap((folder) => {
    const found = listed.get(folder)
    if (found === undefined && folders.has(folder)) return []
    const known = [...journal.filesOf(folder).keys()]
    return known.filter((name) => found?.has(name) !== true && !isHead(name))
  })
}

/** What says which files belong together, in the order in which a reader may see it. */
const HEADS = [
  'log/tally',
  'log/declarations/checkpoint',
  'log/events/checkpoint',
  LATEST_FILE,
] as const

function isHead(name: string): boolean {
  return HEADS.some((head) => head === name)
}

async function readHeads(publicFolder: string): Promise<[string, Uint8Array][]> {
  const heads: [string, Uint8Array][] = []
  // Newest last: what is read first is never newer than what is read after it.
  for (const name of HEADS.toReversed()) {
    const bytes = await findFile(join(publicFolder, name))
    if (bytes !== undefined) heads.unshift([name, bytes])
  }
  return heads
}

function isSame(known: FileMark | undefined, now: FileMark): boolean {
  return known !== undefined && known.size === now.size && known.changedNs === now.changedNs
}
