import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'

const folder = import.meta.dirname
const sources = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name))

test('every file of this folder runs in a browser: nothing of node and no stranger is bundled', async () => {
  const contents = sources.map((name, i) => `export * as file${i} from './${name}'`).join('\n')
  const { metafile } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
  })
  assert.ok(sources.length > 5)
  const packages = Object.keys(metafile.inputs)
    .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
    .filter((name) => !/^(@noble|@scure)\//.test(name) && name !== 'age-encryption')
  assert.deepEqual(packages, [])
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
  assert.deepEqual(
    imports.filter(({ external }) => external === true),
    [],
  )
})

test('sealing and opening work with nothing but what a browser has', async () => {
  const contents = `
    import { identityFromSeed, openWith, recipientOf, sealTo } from './age.ts'
    import { pad, unpad } from './padding.ts'
    import { openKeyring, sealKeyring, stretchPassphrase } from './keyring.ts'
    export async function trial() {
      const identity = identityFromSeed(new Uint8Array(32).fill(1))
      const file = await sealTo([await recipientOf(identity)], pad(Uint8Array.of(1, 2, 3)))
      const { filePassphrase } = await stretchPassphrase('a b', 'c')
      const key = new Uint8Array(32)
      const keyring = { volunteer: 'c', register: 'r', rootPublicKey: key, identity,
        signingSeed: key, directory: { size: 0, head: '-' }, centreIdentities: [] }
      const opened = await openKeyring(await sealKeyring(keyring, filePassphrase), filePassphrase)
      return [...unpad(await openWith([opened.identity], file))].join()
    }`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'sealing',
    logLevel: 'silent',
  })
  const script = outputFiles[0]?.text ?? ''
  assert.equal(await runInContext(`${script}; sealing.trial()`, browserLike()), '1,2,3')
})

/** A realm of its own without process, Buffer, require or global. */
function browserLike() {
  return createContext({
    atob,
    btoa,
    crypto,
    CryptoKey,
    DOMException,
    ReadableStream,
    Response,
    setTimeout,
    TextDecoder,
    TextEncoder,
    TransformStream,
    Uint8Array,
    WritableStream,
  })
}
