import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { AxeBuilder } from '@axe-core/playwright'
import {
  encodeApprovalOpening,
  parseApprovalOpening,
} from '../../src/declaration/approval-opening.ts'
import {
  type AuditableBatch,
  drawAudit,
  publishAudit,
  readBatches,
} from '../../src/desk/client/audit.ts'
import { keepCookies } from '../../src/desk/client/connection.ts'
import { createDeskClient, type Desk } from '../../src/desk/client/desk-client.ts'
import { DeskClientError } from '../../src/desk/client/error.ts'
import type { UnlockedDesk } from '../../src/desk/client/unlocked-desk.ts'
import { fromBase64, toBase64 } from '../../src/encoding/base64.ts'
import { openWith, recipientOf, sealTo } from '../../src/sealing/age.ts'
import { pad, unpad } from '../../src/sealing/padding.ts'
import type { ReadFile } from '../../src/verify/read-file.ts'
import { missingChromium, startBrowser } from '../support/browser.ts'
import { prepareFiling } from '../support/http-filer.ts'
import { startProduct } from '../support/product.ts'
import { approveAll, becomeVolunteer, proposeAll } from '../support/volunteers.ts'
import { runAvow, untilCount } from '../support/watch-register.ts'

const DEADLINE_MS = 120_000

test('an auditor draws, checks and signs, sees no case, and finds approvals that were exchanged', async (t) => {
  await using product = await startProduct()
  const { url } = product
  const read = readerOf(url)
  const [firstLink = '', secondLink = ''] = product.invitations
  const alder = (await becomeVolunteer(firstLink, 'alder')).desk
  const birch = (await becomeVolunteer(secondLink, 'birch')).desk
  const publish = async (texts: readonly string[], count: number) => {
    for (const text of texts) {
      await (await prepareFiling(url, { text, organisation: 'party' })).send()
    }
    await proposeAll(alder)
    await approveAll(birch)
    await untilCount(url, count)
  }
  await publish(['Made up before there was an auditor.'], 1)
  const { desk: wren, passphrase } = await admitAuditor(url, alder, birch)
  await publish(['Made up, the second.'], 2)
  await publish(['Made up, the third.'], 3)

  await t.test('an auditor who is no reviewer sees no case', async () => {
    const isRefused = (error: unknown) =>
      error instanceof DeskClientError && error.code === 'not_allowed'
    await assert.rejects(wren.readQueue(), isRefused)
    await assert.rejects(wren.take('00'.repeat(16)), isRefused)
  })

  const found = await readBatches(wren.state, read)
  assert.deepEqual(
    found.batches.map(({ batch, isDrawable }) => [batch.range.first, isDrawable]),
    [
      [2, false],
      [1, true],
      [0, true],
    ],
  )
  const [, second, first] = found.batches
  assert.ok(second !== undefined && first !== undefined)

  await t.test('what was published before is for auditors of that time', async () => {
    await assert.rejects(
      drawAudit(wren.state, found.log, first.batch),
      (error) => error instanceof DeskClientError && error.code === 'not_for_you',
    )
    const byKeyHolder = await drawAudit(birch.state, found.log, first.batch)
    assert.deepEqual(byKeyHolder.leaves, [
      { index: 0, result: 'fits', signedBy: ['alder', 'birch'] },
    ])
  })

  await t.test('what two people approved fits, and the audit stands in the log', async () => {
    const audit = await drawAudit(wren.state, found.log, second.batch)
    assert.deepEqual(audit.leaves, [{ index: 1, result: 'fits', signedBy: ['alder', 'birch'] }])
    await publishAudit(wren.state, audit)
    const { audits } = await untilAudited(wren.state, read, second, 1)
    assert.deepEqual(
      audits.map(({ auditor, drawn, missing }) => ({ auditor, drawn, missing })),
      [{ auditor: 'wren', drawn: [1], missing: [] }],
    )
  })

  await t.test('an opening that somebody else put in its place shows nothing', async () => {
    const tampered = tamperedDesk(wren.state)
    const audit = await drawAudit(tampered, found.log, second.batch)
    assert.deepEqual(audit.leaves, [{ index: 1, result: 'missing', signedBy: [] }])
    await publishAudit(wren.state, audit)
    const { audits } = await untilAudited(wren.state, read, second, 2)
    assert.deepEqual(audits.at(-1)?.missing, [1])
  })

  await t.test('the auditor’s page does the same by keyboard', { skip: missingChromium() }, () =>
    auditInBrowser(url, passphrase),
  )

  await t.test('the verifier draws again and accepts', async () => {
    const policy = `${product.folder}/data/public/log/policy`
    const verified = await runAvow(['verify', url, '--policy', policy])
    assert.equal(verified.code, 0, verified.output)
  })
})

/** Unlocks as wren on a telephone's screen, goes by keyboard from the list to a signed audit. */
async function auditInBrowser(url: string, passphrase: string): Promise<void> {
  await using browser = await startBrowser()
  const context = await browser.open({ scripts: 'on', screen: 'phone' })
  const page = await context.newPage()
  await page.goto(`${url}desk`)
  await page.getByLabel('Your name here').fill('wren')
  await page.getByLabel('Your seven words').fill(passphrase)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Audits' }).waitFor({ timeout: DEADLINE_MS })
  assert.equal(await page.getByRole('button', { name: 'Cases' }).count(), 0)
  const again = page.locator('[data-list="audited"]').getByRole('button')
  await again.waitFor({ timeout: DEADLINE_MS })
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])
  await again.focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-wrong="0"]').waitFor({ timeout: DEADLINE_MS })
  assert.equal(await page.locator('[data-result="fits"]').count(), 1)
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [])
  const width = await page.evaluate('document.documentElement.scrollWidth')
  assert.ok(Number(width) <= 360, `${width} wide`)
  await page.getByRole('button', { name: 'Sign and publish the audit' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('It stands in the log with the next publication').waitFor({
    timeout: DEADLINE_MS,
  })
}

async function admitAuditor(
  url: string,
  keyHolder: Desk,
  other: Desk,
): Promise<{ readonly desk: Desk; readonly passphrase: string }> {
  const { origin } = new URL(url)
  const { centre } = keyHolder.state.volunteer
  const link = new URL(await keyHolder.invite(origin, { roles: ['auditor'], centre }))
  const client = createDeskClient({
    transport: keepCookies(origin, fetch),
    random: (length) => Uint8Array.from(randomBytes(length)),
    clock: () => new Date(),
  })
  const passphrase = client.newPassphrase()
  const invitation = await client.openInvitation(link.hash)
  await client.acceptInvitation(invitation, { volunteer: 'wren', passphrase })
  const [applicant] = await keyHolder.listApplicants()
  if (applicant === undefined) throw new Error('the applicant did not arrive')
  await keyHolder.refreshDirectory()
  await keyHolder.admit(applicant)
  for (const change of await other.listPending()) await other.sign(change)
  return { desk: await client.unlock('wren', passphrase), passphrase }
}

/** The database's owner knows whom evidence is sealed to, and seals another: here with one approver's name exchanged. */
function tamperedDesk(state: UnlockedDesk): UnlockedDesk {
  const post = async <Answer>(path: string, body: unknown): Promise<Answer> => {
    const answer = await state.connection.post<Answer & { sealed?: string }>(path, body)
    if (!path.endsWith('/open') || answer.sealed === undefined) return answer
    const { identity } = state.keyring
    const bytes = unpad(await openWith([identity], fromBase64(answer.sealed)))
    const opening = parseApprovalOpening(bytes)
    const proposals = opening.proposals.map((one) => ({ ...one, approvedBy: 'wren' }))
    const forged = pad(encodeApprovalOpening({ ...opening, proposals }))
    return { ...answer, sealed: toBase64(await sealTo([await recipientOf(identity)], forged)) }
  }
  return { ...state, connection: { ...state.connection, post } }
}

async function untilAudited(
  state: UnlockedDesk,
  read: ReadFile,
  { batch }: AuditableBatch,
  audits: number,
): Promise<AuditableBatch> {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const { batches } = await readBatches(state, read)
    const found = batches.find((one) => one.batch.position === batch.position)
    if (found !== undefined && found.audits.length >= audits) return found
    assert.ok(performance.now() < deadline, 'the audit was not logged')
    await sleep(250)
  }
}

function readerOf(url: string): ReadFile {
  return async (path) => {
    const response = await fetch(`${url}${path}`)
    if (response.status === 404) return undefined
    return new Uint8Array(await response.arrayBuffer())
  }
}
