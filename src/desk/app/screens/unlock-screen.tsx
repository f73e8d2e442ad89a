import { useEffect, useState } from 'preact/hooks'
import type { Desk, DeskClient } from '../../client/desk-client.ts'
import { tidyPassphrase } from '../../client/passphrase.ts'
import type { LockReason } from '../app-context.ts'
import { browserAuthenticator, canUsePasskeys } from '../browser-authenticator.ts'
import { Checkbox, TextField } from '../fields.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useTexts } from '../texts.ts'
import { useAction } from '../use-action.ts'
import { RecoverScreen } from './recover-screen.tsx'

export interface UnlockScreenProps {
  readonly client: DeskClient
  readonly reason: LockReason | null
  readonly onUnlocked: (desk: Desk) => void
}

export function UnlockScreen({ client, reason, onUnlocked }: UnlockScreenProps) {
  const { t } = useTexts()
  const [name, setName] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [covered, setCovered] = useState(true)
  const [recovering, setRecovering] = useState(false)
  const [passkeys, setPasskeys] = useState<boolean | null>(null)
  const { busy, failure, run } = useAction()
  useEffect(() => {
    void canUsePasskeys().then(setPasskeys)
  }, [])
  const unlock = () =>
    run(async () => {
      onUnlocked(await client.unlock(name.trim().toLowerCase(), tidyPassphrase(passphrase)))
    })
  if (recovering) return <RecoverScreen client={client} onDone={() => setRecovering(false)} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        unlock()
      }}
    >
      <Heading>{t('unlock.title')}</Heading>
      {reason !== null && <p class="note">{t(`unlock.${reason}`)}</p>}
      <FailureNote failure={failure} />
      <p>{t('unlock.intro')}</p>
      <TextField label={t('unlock.name')} value={name} maxLength={48} onInput={setName} />
      <TextField
        label={t('unlock.passphrase')}
        hint={t('unlock.hint')}
        value={passphrase}
        hidden={covered}
        onInput={setPassphrase}
      />
      <Checkbox label={t('unlock.hide')} checked={covered} onChange={setCovered} />
      <div class="actions">
        <button type="submit" class="button" aria-disabled={busy}>
          {busy ? t('unlock.opening') : t('unlock.button')}
        </button>
        {passkeys === true && (
          <Button
            second
            busy={busy}
            onClick={() =>
              run(async () => onUnlocked(await client.unlockWithPasskey(browserAuthenticator)))
            }
          >
            {t('unlock.passkey')}
          </Button>
        )}
      </div>
      {passkeys === false && <p class="hint">{t('unlock.noPasskey')}</p>}
      <p>
        <button type="button" class="plain" onClick={() => setRecovering(true)}>
          {t('recover.open')}
        </button>
      </p>
    </form>
  )
}
