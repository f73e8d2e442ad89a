import { useState } from 'preact/hooks'
import type { RecoveryShare } from '../../sealing/recovery-share.ts'
import { readShare } from '../client/recovery-shares.ts'
import { TextField } from './fields.tsx'
import { Button } from './parts.tsx'
import { type Texts, useTexts } from './texts.ts'

/** As many fields as shares are at hand; a slip is named beside its field. Nothing of it is kept. */
export function ShareFields(props: {
  readonly busy: boolean
  readonly action: string
  readonly onShares: (shares: readonly RecoveryShare[]) => void
}) {
  const { t } = useTexts()
  const [typed, setTyped] = useState<readonly string[]>(['', ''])
  const [checked, setChecked] = useState(false)
  const read = typed.map(readShare)
  const go = () => {
    setChecked(true)
    const shares = read.flatMap((one) => (one.state === 'share' ? [one.share] : []))
    if (shares.length === read.length) props.onShares(shares)
  }
  return (
    <>
      {typed.map((value, i) => (
        <TextField
          key={`share-${i}`}
          label={t('recovery.shareField', { number: i + 1 })}
          value={value}
          error={checked ? slipOf(read[i], t) : undefined}
          onInput={(text) => setTyped(typed.with(i, text))}
        />
      ))}
      <div class="actions">
        <Button second onClick={() => setTyped([...typed, ''])}>
          {t('recovery.more')}
        </Button>
        {typed.length > 2 && (
          <Button second onClick={() => setTyped(typed.slice(0, -1))}>
            {t('recovery.fewer')}
          </Button>
        )}
        <Button busy={props.busy} onClick={go}>
          {props.action}
        </Button>
      </div>
    </>
  )
}

function slipOf(read: ReturnType<typeof readShare> | undefined, t: Texts['t']): string | undefined {
  switch (read?.state) {
    case 'unknown-word':
      return read.nearest.length === 0
        ? t('recovery.unknownWord', { place: read.place, word: read.word })
        : t('recovery.nearestWord', {
            place: read.place,
            word: read.word,
            nearest: read.nearest.join(t('listJoin')),
          })
    case 'word-count':
      return t('recovery.wordCount', { count: read.count })
    case 'wrong-word':
      return t('recovery.wrongWord')
    case 'share':
    case undefined:
      return undefined
  }
}
