import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { standardRegister } from '../../test/support/tiny-examples.ts'
import { sha256 } from '../../test/support/tiny-log.ts'
import { proofOf } from '../../test/support/tiny-proof.ts'
import type { TinyRegister } from '../../test/support/tiny-register.ts'
import { utf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { verifyCommand } from './verify-command.ts'

type Run = { readonly code: number; readonly out: string; readonly err: string }

async function run(...args: readonly string[]): Promise<Run> {
  let out = ''
  let err = ''
  const code = await verifyCommand(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    nextLookAfterMs: 0,
  })
  return { code, out, err }
}

/** A register as a folder, and its policy as someone else would have it. */
async function openCopy(register: TinyRegister) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-verify-'))
  const site = join(folder, 'public')
  const policy = join(folder, 'policy')
  await register.writeTo(site)
  await writeFile(policy, register.policyText)
  return {
    site,
    policy,
    write: (path: string, bytes: Uint8Array) => writeFile(join(site, path), bytes),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Answer) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function serveFiles(files: ReadonlyMap<string, Uint8Array>, prefix = '/'): Answer {
  return (request, response) => {
    const path = (request.url ?? '').slice(prefix.length)
    const bytes = files.get(path.endsWith('/') ? `${path}index.html` : path)
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  }
}

test('a copy in a folder verifies, in words that say what is not proven', async () => {
  await using copy = await openCopy(await standardRegister())
  const { code, out } = await run(copy.site, '--policy', copy.policy)
  assert.equal(code, 0)
  assert.match(out, /9 declarations stand under the root that register\.example\/tiny\/log\/decl/)
  assert.match(out, /No independent witness has cosigned this yet/)
  assert.match(out, /nothing was changed, not that a person stands behind each leaf/)
  assert.doesNotMatch(out, /policy came from the site itself/)
})

test('a witnessed register is said to be witnessed, by whom and when', async () => {
  await using copy = await openCopy(await standardRegister({ witnesses: 2 }))
  const { out } = await run(copy.site, '--policy', copy.policy)
  assert.match(out, /witnesses cosigned it: w0 on 2026-01-03, w1 on 2026-01-03/)
  assert.doesNotMatch(out, /No independent witness/)
})

test('without a policy nothing is verified, and the served one is named as what it is', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  const refused = await run(copy.site)
  assert.equal(refused.code, 2)
  assert.match(refused.err, /--policy FILE/)
  const trusting = await run(copy.site, '--trust-served-policy')
  assert.equal(trusting.code, 0)
  assert.match(trusting.out, /policy came from the site itself/)
  assert.ok(trusting.out.includes(toHex(sha256(utf8(register.policyText)))))
})

test('mistakes in the command line exit with 2 and the usage', async () => {
  const mistakes = [
    [],
    ['--policy', 'x'],
    ['one', 'two', '--policy', 'x'],
    ['site', '--nonsense'],
    ['site', '--policy', 'x', '--trust-served-policy'],
  ]
  for (const args of mistakes) {
    const { code, out, err } = await run(...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, /Usage: avow verify/)
  }
  assert.deepEqual((await run('--help')).code, 0)
})

test('a finding exits with 1 and names file and fault, for people and for programs', async () => {
  await using copy = await openCopy(await standardRegister())
  await copy.write('log/tally', utf8('avow/tally/v1\n'))
  const told = await run(copy.site, '--policy', copy.policy)
  assert.equal(told.code, 1)
  assert.match(told.out, /FINDING/)
  assert.match(told.out, /file: log\/tally\n {2}what: it is not what the two logs add up to/)
  const { code, out } = await run(copy.site, '--policy', copy.policy, '--json')
  assert.equal(code, 1)
  const { result, file, code: reason } = JSON.parse(out)
  assert.deepEqual([result, file, reason], ['finding', 'log/tally', 'tally_mismatch'])
})

test('as JSON everything is one object on one line', async () => {
  await using copy = await openCopy(await standardRegister())
  const { out } = await run(copy.site, '--policy', copy.policy, '--json')
  assert.equal(out.indexOf('\n'), out.length - 1)
  const report = JSON.parse(out)
  assert.equal(report.result, 'verified')
  assert.equal(report.declarations, 9)
  assert.equal(report.notProven.length, 3)
})

test('a folder that is no register, a policy that is none and a site that is away exit with 2', async () => {
  await using copy = await openCopy(await standardRegister())
  await using other = await serve((_, response) => response.destroy())
  const failures = [
    [join(copy.site, 'content'), '--policy', copy.policy],
    [copy.site, '--policy', join(copy.site, 'missing')],
    [copy.site, '--policy', join(copy.site, 'log/latest')],
    [other.url, '--policy', copy.policy],
    ['http://', '--policy', copy.policy],
  ]
  for (const args of failures) {
    const { code, out, err } = await run(...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
    assert.match(err, /Nothing was verified/)
  }
})

test('a site verifies, below a path too', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  for (const prefix of ['/', '/registers/tiny/']) {
    await using site = await serve(serveFiles(register.files, prefix))
    const { code, out, err } = await run(`${site.url}${prefix}`, '--policy', copy.policy)
    assert.equal(code, 0, err + out)
    assert.match(out, /numbers in count\.json, en\/index\.html/)
    assert.match(out, /a site cannot be listed/)
  }
})

test('a site that answers with an error or sends elsewhere is not called a liar', async () => {
  await using copy = await openCopy(await standardRegister())
  await using broken = await serve((_, response) => response.writeHead(503).end())
  await using moved = await serve((_, response) =>
    response.writeHead(302, { location: 'http://other.example/' }).end(),
  )
  for (const [{ url }, reason] of [
    [broken, /503/],
    [moved, /other\.example/],
  ] as const) {
    const { code, err } = await run(url, '--policy', copy.policy)
    assert.equal(code, 2)
    assert.match(err, reason)
  }
})

test('an answer without end is cut at the bound of its file', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  const files = serveFiles(register.files)
  await using site = await serve((request, response) => {
    if (request.url !== '/content/000') return files(request, response)
    const flood = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
    }
    response.writeHead(200).on('drain', flood)
    return flood()
  })
  const { code, out } = await run(site.url, '--policy', copy.policy, '--json')
  assert.equal(code, 1)
  const { code: reason, file } = JSON.parse(out)
  assert.deepEqual([reason, file], ['file_too_large', 'content/000'])
})

test('a register that publishes while it is read is verified up to what it published', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  const files = new Map(register.files)
  const withdrawn = register.act({ type: 'withdraw', index: 0 })
  await withdrawn.hide(0, 'body', 'name', 'about').publish('2026-01-04')
  const answer = serveFiles(files)
  await using site = await serve((request, response) => {
    // The withdrawal is published between the events and the content.
    if (request.url === '/content/000') {
      for (const [path, bytes] of register.files) files.set(path, bytes)
    }
    answer(request, response)
  })
  const { code, out, err } = await run(site.url, '--policy', copy.policy)
  assert.equal(code, 0, out)
  assert.equal(err, '')
  assert.match(out, /withdrawn 1/)
})

test('a lie that stays is a finding, however often it is looked at', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  register.hide(0, 'name').writeContent()
  await using site = await serve(serveFiles(register.files))
  const { code, out } = await run(site.url, '--policy', copy.policy)
  assert.equal(code, 1)
  assert.match(out, /name of declaration 0 is missing/)
})

test('a file is verified as the proof of one declaration', async () => {
  const register = await standardRegister()
  await using copy = await openCopy(register)
  const file = join(copy.site, '../4.tlog-proof')
  const name = { salt: register.salt(4, 'name'), value: utf8('Person 4') }
  await writeFile(file, await proofOf(register, 4, { name }))
  const told = await run(file, '--policy', copy.policy)
  assert.equal(told.code, 0)
  assert.match(told.out, /declaration 4 of the register register\.example\/tiny/)
  assert.match(told.out, /Its name: Person 4/)
  assert.match(told.out, /its day is the operator’s word/)
  const json = await run(file, '--policy', copy.policy, '--json')
  assert.equal(JSON.parse(json.out).name, 'Person 4')

  assert.equal((await run(file, '--trust-served-policy')).code, 2)
  await truncate(file, 300)
  const broken = await run(file, '--policy', copy.policy)
  assert.equal(broken.code, 1)
  assert.match(broken.out, /code: bad_proof/)
  await truncate(file, 2 ** 40)
  assert.match((await run(file, '--policy', copy.policy)).out, /code: file_too_large/)
})

test('giant, linked, nested and special files in a folder end in a finding', async () => {
  const register = await standardRegister()
  const surprises: readonly (readonly [string, (site: string) => Promise<unknown>])[] = [
    ['log/tally', (site) => truncate(join(site, 'log/tally'), 2 ** 40)],
    ['log/latest', (site) => replace(join(site, 'log/latest'), '/dev/zero')],
    ['log/policy', (site) => replace(join(site, 'log/policy'), site)],
    ['content/loop', (site) => symlink('..', join(site, 'content/loop'))],
    [
      `content${'/d'.repeat(16)}`,
      (site) => mkdir(join(site, `content${'/d'.repeat(40)}`), { recursive: true }),
    ],
  ]
  for (const [file, prepare] of surprises) {
    await using copy = await openCopy(register)
    await prepare(copy.site)
    const { code, out } = await run(copy.site, '--policy', copy.policy, '--json')
    assert.equal(code, 1, file)
    assert.ok(JSON.parse(out).file.startsWith(file), out)
  }
})

async function replace(path: string, target: string): Promise<void> {
  await rm(path)
  await symlink(target, path)
}
