import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSiteHouse, variedRegister } from '../support/site-house.ts'
import { UNCHANGED } from '../support/tiny-register.ts'
import { missingNginx, startNginx } from './nginx.ts'
import { runHttpScript } from './run-http-script.ts'

const script = readFileSync(join(import.meta.dirname, 'site.txt'), 'utf8')
const register = await registerOfTheScript()

test('the built-in server keeps the public side’s contract', async (t) => {
  await using house = await openSiteHouse()
  await house.publish(register)
  await runHttpScript(t, script, (request) => house.app.request(request))
})

test('nginx with our configuration keeps the same contract', {
  skip: missingNginx(),
}, async (t) => {
  await using house = await openSiteHouse()
  await house.publish(register)
  await using nginx = await startNginx(house.publicFolder, house.app)
  await runHttpScript(t, script, (request) => fetchThrough(nginx.url, request))
})

test('with the service stopped the public register stays up', {
  skip: missingNginx(),
}, async () => {
  await using house = await openSiteHouse()
  await house.publish(register)
  await using nginx = await startNginx(house.publicFolder, house.app)
  const get = (path: string) => fetch(`${nginx.url}${path}`)
  await (await get('/en/declaration/7/')).text()
  const before = nginx.originRequests()
  for (let i = 0; i < 20; i++) await (await get('/en/declaration/7/')).text()
  assert.equal(nginx.originRequests(), before, 'a page in the cache does not reach the service')
  await nginx.stopOrigin()
  for (const path of ['/', '/en/', '/log/latest', '/content/000', '/en/declaration/7/']) {
    const response = await get(path)
    assert.equal(response.status, 200, path)
    await response.text()
  }
})

test('nginx serves what was compressed at publication', { skip: missingNginx() }, async () => {
  await using house = await openSiteHouse()
  await house.publish(register)
  await using nginx = await startNginx(house.publicFolder, house.app)
  for (const coding of ['br', 'gzip']) {
    const headers = { 'accept-encoding': coding }
    const response = await fetch(`${nginx.url}/en/`, { headers })
    assert.equal(response.headers.get('content-encoding'), coding)
    assert.match(await response.text(), /<data id="count" value="600">/)
  }
})

/** Redirects are answers here, and the address is nginx's. */
function fetchThrough(url: string, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const { method, headers } = request
  return fetch(url + pathname, { method, headers, redirect: 'manual' })
}

async function registerOfTheScript() {
  const made = await variedRegister(600)
  const operator = { kind: 'operator', reason: 'data-protection', country: null } as const
  const shown = { name: false, text: false }
  made.act({ type: 'withdraw', index: 593 }).hide(593, 'body', 'name', 'about')
  made.log({ type: 'flag', ranges: [{ first: 594, end: 595 }], reason: 'clerical' })
  made.act({ ...UNCHANGED, type: 'redact', index: 595, shown }, operator).hide(595, 'body', 'name')
  return made.publish('2026-11-22')
}
