import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A disk of its own size below a folder: a tmpfs, which only root may mount. */
export interface SmallDisk extends Disposable {
  /** Leaves this many bytes. */
  readonly fill: (leftBytes: number) => void
  readonly empty: () => void
  readonly allowWrites: (mode: 'ro' | 'rw') => void
}

/** The reason for a skip, or false. As root, in a run that requires its peers, it has to work. */
export function missingMount(): string | false {
  const isRoot = process.getuid?.() === 0
  const probe = join('/tmp', `avow-mount-${process.pid}`)
  mkdirSync(probe, { recursive: true })
  const mounted = isRoot && run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe)
  if (mounted) run('umount', probe)
  rmSync(probe, { recursive: true, force: true })
  if (mounted) return false
  if (isRoot && process.env['AVOW_REQUIRE_PEERS'] === '1') throw new Error('root may not mount')
  return 'only root may mount a small disk'
}

export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true })
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) {
    throw new Error(`cannot mount a disk at ${folder}`)
  }
  const filler = join(folder, 'something-else')
  return {
    fill(leftBytes) {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)))
    },
    empty: () => rmSync(filler, { force: true }),
    allowWrites(mode) {
      if (!run('mount', '-o', `remount,${mode}`, folder)) throw new Error(`cannot remount ${mode}`)
    },
    [Symbol.dispose]() {
      run('umount', '--lazy', folder)
    },
  }
}

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
