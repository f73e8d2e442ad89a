import { useEffect, useState } from 'preact/hooks'
import type { Accepted, OpenedInvitation } from '../../client/accept-invitation.ts'
import type { DeskClient } from '../../client/desk-client.ts'
import { DeskClientError } from '../../client/error.ts'
import { newPassphrase, suggestName } from '../../client/passphrase.ts'
import { AcceptedScreen, NameStep, RetypeStep, WordsStep } from '../invitation-steps.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { useTexts } from '../texts.ts'
import { useAction } from '../use-action.ts'

export interface InvitationScreenProps {
  readonly client: DeskClient
  readonly fragment: string
  readonly random: (length: number) => Uint8Array
  readonly onDone: () => void
}

type Step = 'name' | 'words' | 'retype'

/** From the link to a pair of keys that only seven words open. Nothing is made before the words were typed back. */
export function InvitationScreen({ client, fragment, random, onDone }: InvitationScreenProps) {
  const { t, language } = useTexts()
  const [opened, setOpened] = useState<OpenedInvitation | null>(null)
  const [accepted, setAccepted] = useState<Accepted | null>(null)
  const [name, setName] = useState(() => suggestName(random))
  const [passphrase, setPassphrase] = useState('')
  const [step, setStep] = useState<Step>('name')
  const { busy, failure, run } = useAction()
  useEffect(() => {
    run(async () => {
      const found = await client.openInvitation(fragment)
      if (found.invitation.volunteer !== null) setName(found.invitation.volunteer)
      setOpened(found)
    })
  }, [fragment])

  const accept = (invitation: OpenedInvitation) =>
    run(async () => {
      try {
        setAccepted(await client.acceptInvitation(invitation, { volunteer: name, passphrase }))
      } catch (error) {
        if (!(error instanceof DeskClientError)) throw error
        if (error.code === 'name_taken') setStep('name')
        if (error.code !== 'directory_moved') throw error
        const fresh = await client.openInvitation(fragment)
        setOpened(fresh)
        setAccepted(await client.acceptInvitation(fresh, { volunteer: name, passphrase }))
      }
    })

  if (opened === null) {
    return (
      <>
        <Heading>{t('invite.title')}</Heading>
        {busy && <p role="status">{t('invite.opening')}</p>}
        <FailureNote failure={failure} />
        {failure === 'offline' && (
          <Button onClick={() => run(async () => setOpened(await client.openInvitation(fragment)))}>
            {t('retry')}
          </Button>
        )}
      </>
    )
  }
  if (accepted !== null) return <AcceptedScreen accepted={accepted} onDone={onDone} />
  const note = <FailureNote failure={failure} />
  switch (step) {
    case 'name':
      return (
        <NameStep
          key="name"
          opened={opened}
          name={name}
          note={note}
          onName={setName}
          onAnother={() => setName(suggestName(random))}
          onNext={() => {
            if (passphrase === '') setPassphrase(newPassphrase(language, random))
            setStep('words')
          }}
        />
      )
    case 'words':
      return (
        <WordsStep key="words" words={passphrase.split(' ')} onNext={() => setStep('retype')} />
      )
    case 'retype':
      return (
        <RetypeStep
          key="retype"
          words={passphrase.split(' ')}
          busy={busy}
          note={note}
          random={random}
          onBack={() => setStep('words')}
          onRight={() => accept(opened)}
        />
      )
  }
}
