import { useState } from 'preact/hooks'
import { NOTE_MAX_LENGTH } from '../client/notes.ts'
import { reviewsFor } from '../colleagues.ts'
import { useApp } from './app-context.ts'
import { CodedAct } from './coded-act.tsx'
import { TextField } from './fields.tsx'
import { Button, FailureNote } from './parts.tsx'
import { useAction } from './use-action.ts'

const ESCALATION_CODES = ['danger', 'identity', 'law', 'press', 'threat', 'other'] as const

/** The ways out of a case that is not for this volunteer: to a colleague, upwards, or away from themselves for good. */
export function PassOn({ caseId }: { readonly caseId: string }) {
  const { t, desk, saver, done } = useApp()
  const { volunteer, directory } = desk.state
  const colleagues = [...directory.volunteers.values()]
    .filter((one) => one.id !== volunteer.id && reviewsFor(volunteer.centre, one))
    .map(({ id }) => ({ id, label: id }))
  const leave = async (work: () => Promise<void>, notice: string) => {
    await saver.flush()
    await work()
    saver.forget(caseId)
    await done(notice)
  }
  return (
    <>
      <AddNote caseId={caseId} />
      <CodedAct
        title={t('pass.hand')}
        label={t('pass.to')}
        hint={t('pass.handHint')}
        shortcut="h"
        options={colleagues}
        act={(to) => leave(() => desk.handOver(caseId, to), t('pass.handed', { name: to }))}
      />
      <CodedAct
        title={t('pass.escalate')}
        label={t('pass.why')}
        hint={t('pass.escalateHint')}
        shortcut="e"
        options={ESCALATION_CODES.map((id) => ({ id, label: t(`escalate.${id}`) }))}
        act={(code) => leave(() => desk.escalate(caseId, code), t('pass.escalated'))}
      />
      <CodedAct
        title={t('pass.recuse')}
        label={t('pass.sure')}
        hint={t('pass.recuseHint')}
        shortcut="w"
        options={[{ id: 'yes', label: t('pass.recuseYes') }]}
        act={() => leave(() => desk.recuse(caseId), t('pass.recused'))}
      />
    </>
  )
}

export function AddNote({ caseId }: { readonly caseId: string }) {
  const { t, desk, lock } = useApp()
  const [text, setText] = useState('')
  const [isKept, setKept] = useState(false)
  const { busy, failure, run } = useAction(() => lock('expired'))
  return (
    <details class="row" name="reasons">
      <summary>{t('notes.add')}</summary>
      <FailureNote failure={failure} />
      <TextField
        label={t('notes.label')}
        hint={t('notes.hint')}
        value={text}
        maxLength={NOTE_MAX_LENGTH}
        onInput={setText}
      />
      <Button
        second
        busy={busy || text.trim() === ''}
        onClick={() =>
          run(async () => {
            await desk.addNote(caseId, text.trim())
            setText('')
            setKept(true)
          })
        }
      >
        {t('notes.keep')}
      </Button>
      <p role="status">{isKept && text === '' && t('notes.kept')}</p>
    </details>
  )
}
