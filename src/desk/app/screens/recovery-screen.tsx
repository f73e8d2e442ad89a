import { useState } from 'preact/hooks'
import { RECOVERY_NEEDED_MIN, type RecoveryShare } from '../../../sealing/recovery-share.ts'
import { useApp } from '../app-context.ts'
import { SelectField } from '../fields.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { ShareFields } from '../share-fields.tsx'
import { ShareSheet } from '../share-sheet.tsx'
import { useAction } from '../use-action.ts'

/** More people than this are hard to find again on one day. */
const COUNTS = [2, 3, 4, 5, 6, 7, 8, 9]

/** For key holders: splits a recovery secret, prints the shares once, and rehearses that they still open the file. */
export function RecoveryScreen({ onDone }: { readonly onDone: () => void }) {
  const { t, desk, lock } = useApp()
  const [needed, setNeeded] = useState(2)
  const [count, setCount] = useState(3)
  const [shares, setShares] = useState<readonly RecoveryShare[]>([])
  const [said, setSaid] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const numbers = (from: number, to: number) =>
    COUNTS.filter((one) => one >= from && one <= to).map((one) => ({
      id: String(one),
      label: String(one),
    }))
  const rehearse = (entered: readonly RecoveryShare[]) =>
    run(async () => {
      setSaid(null)
      await desk.refreshDirectory()
      await desk.rehearseRecovery(entered)
      setSaid(t('recovery.rehearsed'))
    })
  if (shares.length > 0) {
    return (
      <>
        <Heading>{t('recovery.shares')}</Heading>
        <div class="no-print">
          <p class="warning">{t('recovery.once')}</p>
          <div class="actions">
            <Button onClick={() => print()}>{t('recovery.print')}</Button>
            <Button second onClick={() => setShares([])}>
              {t('recovery.printed')}
            </Button>
          </div>
        </div>
        {shares.map((share) => (
          <ShareSheet key={share.number} share={share} count={shares.length} />
        ))}
      </>
    )
  }
  return (
    <>
      <Heading>{t('recovery.title')}</Heading>
      <FailureNote failure={failure} />
      <div role="status">{said !== null && <p class="note">{said}</p>}</div>
      <p>{t('recovery.intro')}</p>
      <p>
        {t(desk.state.directory.recovery === undefined ? 'recovery.nothing' : 'recovery.named')}
      </p>
      <h2>{t('recovery.split')}</h2>
      <p>{t('recovery.power')}</p>
      <SelectField
        label={t('recovery.count')}
        value={String(count)}
        options={numbers(RECOVERY_NEEDED_MIN, 9)}
        onChange={(id) => {
          setCount(Number(id))
          setNeeded(Math.min(needed, Number(id)))
        }}
      />
      <SelectField
        label={t('recovery.needed')}
        value={String(needed)}
        options={numbers(RECOVERY_NEEDED_MIN, count)}
        onChange={(id) => setNeeded(Number(id))}
      />
      <Button
        busy={busy}
        onClick={() => run(async () => setShares(await desk.splitRecovery(needed, count)))}
      >
        {t('recovery.splitNow')}
      </Button>
      <h2>{t('recovery.rehearse')}</h2>
      <p>{t('recovery.rehearseHint')}</p>
      <ShareFields busy={busy} action={t('recovery.rehearse')} onShares={rehearse} />
      <Button second onClick={onDone}>
        {t('recover.back')}
      </Button>
    </>
  )
}
