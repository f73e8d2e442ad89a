import { useEffect, useState } from 'preact/hooks'
import { PASSKEY_NAME_MAX } from '../../../sealing/passkey-wrap.ts'
import type { OwnPasskey } from '../../client/passkeys.ts'
import { useApp } from '../app-context.ts'
import { browserAuthenticator, canUsePasskeys } from '../browser-authenticator.ts'
import { TextField } from '../fields.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useAction } from '../use-action.ts'
import { RecoveryScreen } from './recovery-screen.tsx'

/** What opens the volunteer's own keys: the words, which are not shown again, and passkeys, which come and go. */
export function AccountScreen() {
  const { t, desk, lock } = useApp()
  const [passkeys, setPasskeys] = useState<readonly OwnPasskey[] | null>(null)
  const [usable, setUsable] = useState<boolean | null>(null)
  const [name, setName] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const [recovery, setRecovery] = useState(false)
  const load = async () => setPasskeys(await desk.listPasskeys())
  useEffect(() => {
    run(load)
    void canUsePasskeys().then(setUsable)
  }, [])
  const act = (work: () => Promise<void>, notice: string) =>
    run(async () => {
      setSaid(null)
      await work()
      setSaid(notice)
      await load()
    })
  const add = async () => {
    await desk.addPasskey(browserAuthenticator, name.trim())
    setName('')
  }
  if (recovery) return <RecoveryScreen onDone={() => setRecovery(false)} />
  return (
    <>
      <Heading>{t('account.title')}</Heading>
      <FailureNote failure={failure} />
      <div role="status">{said !== null && <p class="note">{said}</p>}</div>
      <p>{t('account.intro')}</p>
      <h2>{t('account.passkeys')}</h2>
      {passkeys?.length === 0 && <p>{t('account.none')}</p>}
      <ul class="plain-list" data-list="passkeys">
        {passkeys?.map(({ credential, name: known }) => (
          <li key={credential}>
            <span>{known || t('account.nameless')}</span>{' '}
            <Button
              second
              busy={busy}
              label={t('account.removeNamed', { name: known || t('account.nameless') })}
              onClick={() => act(() => desk.removePasskey(credential), t('account.removed'))}
            >
              {t('account.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {usable === false && <p class="note">{t('account.cannot')}</p>}
      {usable === true && (
        <section>
          <h2>{t('account.add')}</h2>
          <p>{t('account.risk')}</p>
          <TextField
            label={t('account.addName')}
            hint={t('account.addHint')}
            value={name}
            maxLength={PASSKEY_NAME_MAX}
            onInput={setName}
          />
          <Button busy={busy || name.trim() === ''} onClick={() => act(add, t('account.added'))}>
            {busy ? t('account.waiting') : t('account.add')}
          </Button>
        </section>
      )}
      {desk.state.volunteer.roles.includes('key-holder') && (
        <section>
          <h2>{t('recovery.title')}</h2>
          <p>{t('recovery.intro')}</p>
          <Button second onClick={() => setRecovery(true)}>
            {t('recovery.open')}
          </Button>
        </section>
      )}
    </>
  )
}
