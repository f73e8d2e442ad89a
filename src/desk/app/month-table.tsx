import { useState } from 'preact/hooks'
import { type Months, nextMonth } from '../client/centre-months.ts'
import { useApp } from './app-context.ts'
import { TextField } from './fields.tsx'
import { Button } from './parts.tsx'

export interface MonthTableProps {
  readonly months: Months
  readonly busy: boolean
  readonly onMake: (centre: string, month: string) => void
  readonly onDestroy: (centre: string, month: string) => void
}

/** The keys of each centre by month: make the next, destroy what is finished. */
export function MonthTable({ months, busy, onMake, onDestroy }: MonthTableProps) {
  const { t, desk } = useApp()
  const { directory, volunteer } = desk.state
  const isKeyHolder = volunteer.roles.includes('key-holder')
  const centres = isKeyHolder ? [...directory.centres.keys()] : [volunteer.centre]
  return (
    <section data-list="months">
      <h2>{t('months.title')}</h2>
      <p>{t('months.intro')}</p>
      {centres.map((centre) => (
        <CentreMonths key={centre} {...{ centre, months, busy, onMake, onDestroy }} />
      ))}
      {isKeyHolder && <NewCentre busy={busy} onMake={onMake} />}
    </section>
  )
}

function CentreMonths(props: MonthTableProps & { readonly centre: string }) {
  const { t, desk } = useApp()
  const [asked, setAsked] = useState<string | null>(null)
  const { centre, months, busy, onMake, onDestroy } = props
  const rows = months.months.filter((row) => row.centre === centre)
  const closed = months.closed.find((row) => row.centre === centre)
  const now = desk.state.today().slice(0, 7)
  const newest = desk.state.directory.centres.get(centre)?.month ?? ''
  const next = nextMonth(desk.state, centre)
  return (
    <div class="row" data-centre={centre}>
      <h3>{centre}</h3>
      {newest < now && <p class="warning">{t('months.late', { centre, month: newest })}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">{t('months.month')}</th>
            <th scope="col">{t('months.open')}</th>
            <th scope="col">{t('months.state')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ month, lastDay, unfinished }) => (
            <tr key={month}>
              <th scope="row">{month}</th>
              <td>{unfinished}</td>
              <td>
                {lastDay === null ? t('months.newest') : t('months.since', { day: lastDay })}
                {lastDay !== null && lastDay < desk.state.today() && unfinished === 0 && (
                  <div class="actions">
                    {asked === month ? (
                      <>
                        <p class="warning">{t('months.destroyConfirm', { centre, month })}</p>
                        <Button busy={busy} onClick={() => onDestroy(centre, month)}>
                          {t('months.destroyYes')}
                        </Button>
                      </>
                    ) : (
                      <Button second onClick={() => setAsked(month)}>
                        {t('months.destroy', { centre, month })}
                      </Button>
                    )}
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {closed !== undefined && (
        <p class="hint">
          {t('months.closed', { centre, month: closed.through })}{' '}
          {closed.keyrings > 0 && t('months.keyrings', { count: closed.keyrings })}
        </p>
      )}
      <div class="actions">
        {newest < next && (
          <Button second={newest >= now} busy={busy} onClick={() => onMake(centre, next)}>
            {t('months.make', { centre, month: next })}
          </Button>
        )}
        {newest >= now && (
          <Button second busy={busy} onClick={() => onMake(centre, newest)}>
            {t('months.again', { centre, month: newest })}
          </Button>
        )}
      </div>
    </div>
  )
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/

function NewCentre({ busy, onMake }: Pick<MonthTableProps, 'busy' | 'onMake'>) {
  const { t, desk } = useApp()
  const [name, setName] = useState('')
  const known = desk.state.directory.centres.has(name)
  return (
    <details class="row">
      <summary>{t('months.newCentre')}</summary>
      <TextField label={t('months.newCentreName')} value={name} maxLength={48} onInput={setName} />
      <div class="actions">
        <Button
          second
          busy={busy || known || !NAME.test(name)}
          onClick={() => onMake(name, desk.state.today().slice(0, 7))}
        >
          {t('months.newCentreMake')}
        </Button>
      </div>
    </details>
  )
}
