import { type FsckDeps, type FsckReport, fsck } from './fsck.ts'

const MAX_LOOKS = 6
const AGAIN_AFTER_MS = 1000

/**
 * On a running service a batch may be on its way, and half of it looks like damage. What two looks in a row find alike is
 * a difference; what differs from look to look is work in progress.
 */
export async function fsckSettled(
  deps: FsckDeps,
  wait: (ms: number) => Promise<unknown>,
): Promise<FsckReport> {
  let before = ''
  for (let look = 1; ; look++) {
    const report = await fsck(deps)
    const found = JSON.stringify(report.differences.listed)
    if (report.differences.found === 0 || found === before || look === MAX_LOOKS) return report
    before = found
    await wait(AGAIN_AFTER_MS)
  }
}
