import { useEffect, useState } from 'preact/hooks'
import type { ReadFile } from '../../../verify/read-file.ts'
import {
  type AuditableBatch,
  type AuditDesk,
  drawAudit,
  type OpenedAudit,
  publishAudit,
  readBatches,
} from '../../client/audit.ts'
import { useApp } from '../app-context.ts'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useAction } from '../use-action.ts'

/** Which approvals stand behind the leaves of a batch: drawn, checked and signed in this browser. No case is shown. */
export function AuditScreen() {
  const { t, desk, lock } = useApp()
  const [found, setFound] = useState<AuditDesk | null>(null)
  const [audit, setAudit] = useState<OpenedAudit | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const load = async () => {
    await desk.refreshDirectory()
    setFound(await readBatches(desk.state, readServed))
  }
  useEffect(() => run(load), [])
  const draw = ({ batch }: AuditableBatch) =>
    run(async () => {
      setSaid(null)
      if (found !== null) setAudit(await drawAudit(desk.state, found.log, batch))
      scrollTo(0, 0)
    })
  const publish = (opened: OpenedAudit) =>
    run(async () => {
      await publishAudit(desk.state, opened)
      setAudit(null)
      setSaid(t('audit.published'))
      await load()
    })
  return (
    <>
      <Heading>{t('audit.title')}</Heading>
      <FailureNote failure={failure} />
      <div role="status">
        {busy ? <p class="note">{t('audit.busy')}</p> : said !== null && <p class="note">{said}</p>}
      </div>
      {audit !== null ? (
        <OneAudit
          audit={audit}
          busy={busy}
          onPublish={() => publish(audit)}
          onBack={() => setAudit(null)}
        />
      ) : (
        <>
          <p>{t('audit.intro')}</p>
          <Button second busy={busy} onClick={() => run(load)}>
            {t('queue.refresh')}
          </Button>
          {found !== null && <BatchTable batches={found.batches} busy={busy} onDraw={draw} />}
        </>
      )}
    </>
  )
}

function BatchTable(props: {
  readonly batches: readonly AuditableBatch[]
  readonly busy: boolean
  readonly onDraw: (batch: AuditableBatch) => void
}) {
  const { t } = useApp()
  const { batches, busy, onDraw } = props
  const waiting = batches.filter(({ audits }) => audits.length === 0)
  const audited = batches.filter(({ audits }) => audits.length > 0)
  return (
    <>
      <section data-list="unaudited">
        <h2>{t('audit.waiting')}</h2>
        {waiting.length === 0 && <p>{t('audit.none')}</p>}
        {waiting.map((one) => (
          <div class="row" key={one.batch.position} data-batch={one.batch.position}>
            <h3>{rangeOf(t, one.batch.range)}</h3>
            <div class="actions">
              {one.isDrawable ? (
                <Button
                  busy={busy}
                  label={drawLabel(t, 'audit.draw', one)}
                  onClick={() => onDraw(one)}
                >
                  {t('audit.draw')}
                </Button>
              ) : (
                <p class="hint">{t('audit.notYet')}</p>
              )}
            </div>
          </div>
        ))}
      </section>
      {audited.length > 0 && (
        <section data-list="audited">
          <h2>{t('audit.audited')}</h2>
          {audited.map((one) => (
            <div class="row" key={one.batch.position} data-batch={one.batch.position}>
              <h3>{rangeOf(t, one.batch.range)}</h3>
              <ul>
                {one.audits.map(({ position, auditor, day, drawn, missing }) => (
                  <li key={position}>
                    {missing.length === 0
                      ? t('audit.saidAll', { name: auditor, day, count: drawn.length })
                      : t('audit.saidMissing', { name: auditor, day, count: missing.length })}
                  </li>
                ))}
              </ul>
              <div class="actions">
                <Button
                  second
                  busy={busy}
                  label={drawLabel(t, 'audit.drawAgain', one)}
                  onClick={() => onDraw(one)}
                >
                  {t('audit.drawAgain')}
                </Button>
              </div>
            </div>
          ))}
        </section>
      )}
    </>
  )
}

function OneAudit(props: {
  readonly audit: OpenedAudit
  readonly busy: boolean
  readonly onPublish: () => void
  readonly onBack: () => void
}) {
  const { t, desk } = useApp()
  const { audit, busy, onPublish, onBack } = props
  const { batch, rootSize, leaves } = audit
  const wrong = leaves.filter(({ result }) => result !== 'fits').length
  const own = leaves.some(({ signedBy }) => signedBy.includes(desk.state.volunteer.id))
  return (
    <section data-list="drawn">
      <h2>{rangeOf(t, batch.range)}</h2>
      <p>{t('audit.drawnBy', { count: leaves.length, size: rootSize })}</p>
      <p class={wrong === 0 ? 'note' : 'warning'} data-wrong={wrong}>
        {wrong === 0 ? t('audit.allFit') : t('audit.someWrong', { count: wrong })}
      </p>
      {own && <p class="warning">{t('audit.own')}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{t('audit.index')}</th>
            <th scope="col">{t('audit.result')}</th>
            <th scope="col">{t('audit.signedBy')}</th>
          </tr>
        </thead>
        <tbody>
          {leaves.map(({ index, result, signedBy }) => (
            <tr key={index} data-result={result}>
              <th scope="row">{index}</th>
              <td>{t(`audit.${result}`)}</td>
              <td>{signedBy.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{t('audit.publishHint')}</p>
      <div class="actions">
        <Button busy={busy} onClick={onPublish}>
          {t('audit.publish')}
        </Button>
        <Button second busy={busy} onClick={onBack}>
          {t('audit.back')}
        </Button>
      </div>
    </section>
  )
}

type Translate = ReturnType<typeof useApp>['t']
type DrawKey = 'audit.draw' | 'audit.drawAgain'

function rangeOf(t: Translate, { first, end }: AuditableBatch['batch']['range']): string {
  return t('audit.range', { first, last: end - 1, count: end - first })
}

function drawLabel(t: Translate, key: DrawKey, { batch }: AuditableBatch): string {
  return `${t(key)}: ${rangeOf(t, batch.range)}`
}

/** The public files of this very service, as any mirror serves them. */
const readServed: ReadFile = async (path) => {
  const response = await fetch(`/${path}`, { cache: 'no-store', credentials: 'omit' })
  if (response.status === 404) return undefined
  if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
