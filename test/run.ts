import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { startTestCluster, TEST_CLUSTER_VARIABLE } from './support/test-database.ts'

/**
 * `npm test [-- PATTERN…]`: installs the peers where it may, starts one database server for all files, and runs them with
 * Node's own runner. SLOW=1 adds the long runs; AVOW_REQUIRE_PEERS=1 turns a skip for a missing peer into a failure.
 */
const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
if (files.length === 0) {
  process.stderr.write(`no test file matches ${wanted.join(' ')}\n`)
  process.exitCode = 2
} else {
  spawnSync('sh', [join(root, 'scripts/debian-packages.sh')], { stdio: 'inherit' })
  await using cluster = await startTestCluster()
  // A file that hangs must not take the whole run with it; the long runs may take as long as they take.
  const patience = process.env['SLOW'] === '1' ? [] : ['--test-timeout=600000']
  const run = spawnSync(
    process.execPath,
    ['--test', '--test-concurrency=2', ...patience, ...files],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, [TEST_CLUSTER_VARIABLE]: cluster.address },
    },
  )
  process.exitCode = run.status ?? 1
}
