import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Language, languageFacts, languages } from '../../i18n/languages.ts'
import { browserTransport } from '../client/connection.ts'
import { createDeskClient, type Desk } from '../client/desk-client.ts'
import type { LockReason } from './app-context.ts'
import { DraftSaver } from './draft-saver.ts'
import { InvitationScreen } from './screens/invitation-screen.tsx'
import { UnlockScreen } from './screens/unlock-screen.tsx'
import { catalogue, preferredLanguage, TextsContext, useTexts } from './texts.ts'
import { UnlockedApp } from './unlocked-app.tsx'
import { useIdleLock } from './use-idle-lock.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** `invitation` is the fragment of an invitation link, or null at the desk itself. */
export function App({ invitation }: { readonly invitation: string | null }) {
  const [language, setLanguage] = useState(() => preferredLanguage(navigator.languages))
  const [fragment, setFragment] = useState(invitation)
  const [desk, setDesk] = useState<Desk | null>(null)
  const [lockReason, setLockReason] = useState<LockReason | null>(null)
  const saver = useRef(new DraftSaver())
  const client = useMemo(
    () => createDeskClient({ transport: browserTransport, random, clock: () => new Date() }),
    [],
  )
  const texts = useMemo(() => ({ language, t: catalogue(language) }), [language])

  const unlocked = (opened: Desk) => {
    saver.current.attach(opened.state)
    setLockReason(null)
    setDesk(opened)
  }
  const lock = async (reason: LockReason) => {
    const closing = desk
    await saver.current.detach()
    setDesk(null)
    setLockReason(reason)
    await closing?.logout().catch(() => {})
  }
  useIdleLock(desk !== null, () => void lock('idle'))
  useEffect(() => {
    document.documentElement.lang = languageFacts[language].tag
    document.documentElement.dir = languageFacts[language].direction
    document.title = texts.t('title')
  }, [language, texts])

  return (
    <TextsContext.Provider value={texts}>
      {desk === null ? (
        <Frame onLanguage={setLanguage}>
          {fragment === null ? (
            <UnlockScreen client={client} reason={lockReason} onUnlocked={unlocked} />
          ) : (
            <InvitationScreen
              client={client}
              fragment={fragment}
              random={random}
              onDone={() => setFragment(null)}
            />
          )}
        </Frame>
      ) : (
        <UnlockedApp
          desk={desk}
          saver={saver.current}
          lock={(reason) => void lock(reason)}
          languageSwitch={<LanguageSwitch onLanguage={setLanguage} />}
        />
      )}
    </TextsContext.Provider>
  )
}

function Frame(props: {
  readonly onLanguage: (language: Language) => void
  readonly children: preact.ComponentChildren
}) {
  const { t } = useTexts()
  return (
    <>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <header class="top">
        <div class="wrap">
          <span class="register">{t('title')}</span>
          <LanguageSwitch onLanguage={props.onLanguage} />
        </div>
      </header>
      <div class="wrap">
        <main id="main" tabIndex={-1}>
          {props.children}
        </main>
      </div>
    </>
  )
}

function LanguageSwitch({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { language, t } = useTexts()
  return (
    <nav class="languages" aria-label={t('language')}>
      <ul>
        {languages.map((other) => (
          <li key={other}>
            <button
              type="button"
              class="plain"
              lang={languageFacts[other].tag}
              aria-current={other === language ? 'true' : undefined}
              onClick={() => onLanguage(other)}
            >
              {languageFacts[other].ownName}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
