import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Accepted, OpenedInvitation } from '../client/accept-invitation.ts'
import { tidyPassphrase } from '../client/passphrase.ts'
import { TextField } from './fields.tsx'
import { Button, Heading } from './parts.tsx'
import { useTexts } from './texts.ts'

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/

export function NameStep(props: {
  readonly opened: OpenedInvitation
  readonly name: string
  readonly note: ComponentChildren
  readonly onName: (name: string) => void
  readonly onAnother: () => void
  readonly onNext: () => void
}) {
  const { t } = useTexts()
  const [wrong, setWrong] = useState(false)
  const { centre, register, roles, volunteer } = props.opened.invitation
  const tasks = roles.map((role) => t(`role.${role}`)).join(t('listJoin'))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (NAME.test(props.name)) props.onNext()
        else setWrong(true)
      }}
    >
      <Heading>{t('invite.title')}</Heading>
      {props.note}
      <p>{t('invite.intro', { centre, register, roles: tasks })}</p>
      {volunteer !== null && <p>{t('invite.again', { name: volunteer })}</p>}
      {volunteer === null && (
        <TextField
          label={t('invite.name')}
          hint={t('invite.nameHint')}
          error={wrong ? t('invite.nameWrong') : undefined}
          value={props.name}
          maxLength={48}
          onInput={props.onName}
        />
      )}
      <div class="actions">
        <button type="submit" class="button">
          {t('invite.next')}
        </button>
        {volunteer === null && (
          <Button second onClick={props.onAnother}>
            {t('invite.another')}
          </Button>
        )}
      </div>
    </form>
  )
}

export function WordsStep({
  words,
  onNext,
}: {
  readonly words: readonly string[]
  readonly onNext: () => void
}) {
  const { t } = useTexts()
  return (
    <>
      <Heading>{t('invite.wordsTitle')}</Heading>
      <p>{t('invite.wordsIntro')}</p>
      <ol class="receipt">
        {words.map((word, i) => (
          <li key={`${i}-${word}`}>
            <b>{i + 1}</b>
            <span class="word">{word}</span>
          </li>
        ))}
      </ol>
      <div class="actions">
        <Button onClick={onNext}>{t('invite.wordsKept')}</Button>
      </div>
    </>
  )
}

export function RetypeStep(props: {
  readonly words: readonly string[]
  readonly busy: boolean
  readonly note: ComponentChildren
  readonly random: (length: number) => Uint8Array
  readonly onBack: () => void
  readonly onRight: () => void
}) {
  const { t } = useTexts()
  const [asked] = useState(() => twoOf(props.words.length, props.random))
  const [typed, setTyped] = useState<readonly string[]>(['', ''])
  const [checked, setChecked] = useState(false)
  const isRight = (i: number) => tidyPassphrase(typed[i] ?? '') === props.words[asked[i] ?? 0]
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setChecked(true)
        if (asked.every((_, i) => isRight(i)) && !props.busy) props.onRight()
      }}
    >
      <Heading>{t('invite.retypeTitle')}</Heading>
      {props.note}
      <p>{t('invite.retypeIntro')}</p>
      {asked.map((word, i) => (
        <TextField
          key={word}
          label={t('invite.retypeWord', { number: word + 1 })}
          error={checked && !isRight(i) ? t('invite.retypeWrong', { number: word + 1 }) : undefined}
          value={typed[i] ?? ''}
          onInput={(value) => setTyped(typed.map((old, j) => (j === i ? value : old)))}
        />
      ))}
      <div class="actions">
        <button type="submit" class="button" aria-disabled={props.busy}>
          {props.busy ? t('invite.making') : t('invite.finish')}
        </button>
        <Button second onClick={props.onBack}>
          {t('invite.back')}
        </Button>
      </div>
    </form>
  )
}

export function AcceptedScreen({
  accepted,
  onDone,
}: {
  readonly accepted: Accepted
  readonly onDone: () => void
}) {
  const { t } = useTexts()
  const { volunteer, state, code } = accepted
  const leave = () => {
    history.replaceState(null, '', '/desk')
    onDone()
  }
  if (state === 'admitted') {
    return (
      <>
        <Heading>{t('invite.admittedTitle')}</Heading>
        <p>{t('invite.admitted', { name: volunteer })}</p>
        <Button onClick={leave}>{t('invite.toUnlock')}</Button>
      </>
    )
  }
  return (
    <>
      <Heading>{t('invite.appliedTitle')}</Heading>
      <p>{t('invite.applied', { name: volunteer })}</p>
      <p>
        {t('invite.code')}: <strong class="code">{code}</strong>
      </p>
      <Button onClick={leave}>{t('invite.toUnlock')}</Button>
    </>
  )
}

/** Two different positions, in order. */
function twoOf(length: number, random: (length: number) => Uint8Array): readonly number[] {
  const [a = 0, b = 0] = random(2)
  const first = a % length
  const second = (first + 1 + (b % (length - 1))) % length
  return [first, second].toSorted((x, y) => x - y)
}
