import { sha256 } from '@noble/hashes/sha2.js'
import { encodeQR } from 'qr'
import type { RecoveryShare } from '../../sealing/recovery-share.ts'
import { shareWords } from '../client/recovery-shares.ts'
import { useApp } from './app-context.ts'
import { rootFingerprint } from './root-fingerprint.ts'

/** One share on a page of its own when printed: words, the same as a QR code, and what it belongs to. */
export function ShareSheet({
  share,
  count,
}: {
  readonly share: RecoveryShare
  readonly count: number
}) {
  const { t, desk, language } = useApp()
  const { register, rootPublicKey } = desk.state.keyring
  const words = shareWords(share, language)
  const root = rootFingerprint(sha256(rootPublicKey))
  return (
    <section class="share" data-share={share.number}>
      <h2>{t('recovery.sheet', { number: share.number, count, needed: share.needed })}</h2>
      <p>
        {register} · <span class="mono">{share.split}</span>
      </p>
      <ol class="share-words">
        {words.map((word, i) => (
          <li key={`${i}-${word}`}>{word}</li>
        ))}
      </ol>
      <ShareCode text={words.join(' ')} label={t('recovery.code')} />
      <p>
        {t('recovery.root')} <span class="mono">{root}</span>
      </p>
      <p>{t('recovery.sheetAdvice')}</p>
    </section>
  )
}

function ShareCode({ text, label }: { readonly text: string; readonly label: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'medium' })
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return (
    <svg class="share-code" viewBox={`0 0 ${rows.length} ${rows.length}`} role="img">
      <title>{label}</title>
      <rect width={rows.length} height={rows.length} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
