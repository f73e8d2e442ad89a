import { join } from 'node:path'
import { formatTally } from '../declaration/tally.ts'
import { utf8 } from '../encoding/bytes.ts'
import { formatLatest, LATEST_FILE, type Pair } from '../verify/latest.ts'
import { type ContentRange, type PreparedContent, serveContentFiles } from './content-store.ts'
import { loadAnnouncedDirectory } from './directory-follower.ts'
import { findFile, type NamedBytes, writeDurably } from './durable-files.ts'
import { RegisterError } from './error.ts'
import type { LogState } from './log-state-store.ts'
import { CENTRES_FILE, loadAnnouncedCentres } from './public-centres.ts'
import type { SequencingDeps } from './sequence.ts'
import type { RegisterDatabase } from './tables.ts'
import { loadTally } from './tally-store.ts'

const TALLY_FILE = 'log/tally'
const DIRECTORY_FILE = 'log/directory'

export type ShowingDeps = Pick<SequencingDeps, 'testingOnlyAfterStep'> & {
  readonly db: RegisterDatabase
  readonly publicFolder: string
  readonly scratch: string
  /** Policy and form definition: what `key` and `form` events name by hash, by path from the site's root. */
  readonly namedFiles: readonly NamedBytes[]
}

/**
 * Writes what belongs to the pair but to neither log, and last the pair's own name. Until `latest` is renamed into place
 * readers see the older pair; whatever a crash leaves of this is written again at start, before anything else is accepted.
 */
export async function showPair(
  { declarations, events }: { readonly declarations: LogState; readonly events: LogState },
  content: ContentRange,
  deps: ShowingDeps,
  prepared?: PreparedContent,
): Promise<Pair> {
  if (events.edge.size === 0) throw new RegisterError('bad_state', 'no tally was ever logged')
  const pair: Pair = {
    declarations: { size: declarations.edge.size, root: declarations.root },
    events: { size: events.edge.size, root: events.root },
  }
  // 9. Content, then the files that the newest events name by hash.
  await serveContentFiles(deps.db, content, deps, prepared)
  const tally = await loadTally(deps.db, declarations.edge.size, events.edge.size - 1)
  const directory = await loadAnnouncedDirectory(deps.db)
  const centres = await loadAnnouncedCentres(deps.db)
  await writeChanged(
    [
      ...deps.namedFiles,
      ...(directory === undefined ? [] : [{ path: DIRECTORY_FILE, bytes: directory }]),
      ...(centres === undefined ? [] : [{ path: CENTRES_FILE, bytes: centres }]),
      { path: TALLY_FILE, bytes: utf8(formatTally(tally)) },
    ],
    deps,
  )
  await deps.testingOnlyAfterStep?.('events', 9)

  // 10. The pair: from here on readers see it.
  await writeChanged([{ path: LATEST_FILE, bytes: formatLatest(pair) }], deps)
  await deps.testingOnlyAfterStep?.('events', 10)
  return pair
}

async function writeChanged(
  files: readonly NamedBytes[],
  { publicFolder, scratch }: ShowingDeps,
): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(publicFolder, path)
    const known = await findFile(target)
    if (known !== undefined && Buffer.compare(known, bytes) === 0) continue
    await writeDurably([{ path: target, bytes }], scratch)
  }
}
