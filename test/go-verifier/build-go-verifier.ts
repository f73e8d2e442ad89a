import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const GO_PACKAGES = '/usr/share/gocode'

/** `skip` says why the peer cannot run, or is false. With AVOW_REQUIRE_PEERS=1 that is a failure. */
export function buildGoVerifier(scratch: string): {
  readonly binary: string
  readonly skip: string | false
} {
  const binary = join(scratch, 'go-verifier')
  const missing = spawnSync('go', ['version']).status !== 0 || !existsSync(GO_PACKAGES)
  if (missing && process.env['AVOW_REQUIRE_PEERS'] === '1') {
    throw new Error('go or its packages missing')
  }
  if (missing) return { binary, skip: 'needs golang-go and golang-golang-x-mod-dev' }
  const build = spawnSync('go', ['build', '-o', binary, '.'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: {
      ...process.env,
      GO111MODULE: 'off',
      GOPATH: `${GO_PACKAGES}:${scratch}`,
      ...(process.env['HOME'] === undefined ? { GOCACHE: join(scratch, 'cache') } : {}),
    },
  })
  assert.equal(build.status, 0, build.stderr)
  return { binary, skip: false }
}
