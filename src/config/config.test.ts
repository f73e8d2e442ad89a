import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from './config.ts'
import type { Environment } from './env.ts'
import { ConfigError } from './error.ts'

async function withFolder(
  work: (env: Environment, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-config-'))
  try {
    await work({ AVOW_DATA: join(folder, 'data'), AVOW_CONFIG: join(folder, 'avow.json') }, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('statements are published at once only where nobody else can reach the service', () =>
  withFolder(async (env) => {
    assert.equal((await loadConfig(env)).pace, 'development')
    assert.equal((await loadConfig({ ...env, AVOW_HOST: '::1' })).pace, 'development')
    assert.equal((await loadConfig({ ...env, AVOW_HOST: '0.0.0.0' })).pace, 'production')
    const behindProxy = await loadConfig({ ...env, AVOW_PUBLIC_URL: 'https://register.example' })
    assert.equal(behindProxy.pace, 'production')
    assert.ok(behindProxy.notBefore.minHours >= 1 && behindProxy.notBefore.minStatements > 1)
  }))

test('the name of a register is fixed at its first start', () =>
  withFolder(async (env) => {
    assert.equal((await loadConfig(env)).name, 'localhost/quit-ccp')
    await assert.rejects(loadConfig({ ...env, AVOW_ORIGIN: 'other.example/x' }), {
      code: 'name_changed',
    })
  }))

test('a key that the configuration does not know is an error, not ignored', () =>
  withFolder(async (env, folder) => {
    await writeFile(join(folder, 'avow.json'), '{"pase": "production"}')
    await assert.rejects(loadConfig(env), ConfigError)
  }))
