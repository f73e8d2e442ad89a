import { useEffect, useState } from 'preact/hooks'
import type { CaseDraft, DraftStatement } from '../../client/case-draft.ts'
import type { OpenCase } from '../../client/open-case.ts'
import { useApp } from '../app-context.ts'
import { CaseFacts } from '../case-facts.tsx'
import { CodedAct } from '../coded-act.tsx'
import type { SaveState } from '../draft-saver.ts'
import { TextField } from '../fields.tsx'
import { NoteList } from '../note-list.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { PassOn } from '../pass-on.tsx'
import { PersonList } from '../person-list.tsx'
import { Preview } from '../preview.tsx'
import { useShortcut } from '../shortcut-registry.ts'
import { StatementText } from '../statement-text.tsx'
import { messageOf } from '../texts.ts'
import { useAction } from '../use-action.ts'
import { useSettled } from '../use-settled.ts'

/** One case in hand: what came in, what becomes of it, and to whom it goes next. */
export function CaseScreen({ open }: { readonly open: OpenCase }) {
  const { t, desk, saver, go, proposed, lock } = useApp()
  const [draft, setDraft] = useState(open.draft)
  const { busy, failure, run } = useAction(() => lock('expired'))
  const { summary, submissions } = open
  const change = (next: CaseDraft) => {
    setDraft(next)
    saver.note(summary.id, next)
  }
  const changeStatement = (index: number, next: DraftStatement) =>
    change({
      ...draft,
      statements: draft.statements.map((old, i) => (i === index ? next : old)),
    })
  const propose = () =>
    run(async () => {
      await desk.propose(open, draft)
      saver.forget(summary.id)
      await proposed(summary.id, t('case.proposed'))
    })
  const release = () =>
    run(async () => {
      await saver.flush()
      await desk.release(summary.id)
      saver.forget(summary.id)
      go({ name: 'queue' }, t('case.released'))
    })
  const back = () => go({ name: 'queue' })
  useShortcut('Escape', back)
  useShortcut('i', () => document.querySelector<HTMLElement>('[data-suggestion]')?.focus())
  const isSettled = useSettled()
  let offset = 0
  return (
    <>
      <p class="back">
        <button type="button" class="plain" aria-keyshortcuts="Escape" onClick={back}>
          {t('case.back')}
        </button>
      </p>
      <Heading>{t('case.title', { day: summary.day })}</Heading>
      <CaseFacts summary={summary} />
      {open.returnedCode !== null && (
        <p class="warning">
          {t('case.returned', {
            reason: messageOf(t, `return.${open.returnedCode}`, 'return.other'),
          })}
        </p>
      )}
      <NoteList notes={open.notes} />
      {open.unreadable > 0 && <p class="warning">{t('case.unreadable')}</p>}
      {draft.statements.map((statement, i) => {
        const submission = submissions[i]
        if (submission === undefined) return null
        const first = offset
        offset += statement.persons.length
        return (
          <section key={`statement-${i}`}>
            <h2>
              {draft.statements.length === 1
                ? t('case.text')
                : t('case.statement', { number: i + 1 })}
            </h2>
            <p class="hint">{t(`case.who.${submission.who}`)}</p>
            {submission.replaces !== null && <p class="hint">{t('case.replaces')}</p>}
            <StatementText
              submission={submission}
              text={statement.text}
              onChange={(text) => changeStatement(i, { ...statement, text })}
            />
            <PersonList
              first={first}
              submission={submission}
              statement={statement}
              onChange={(next) => changeStatement(i, next)}
            />
          </section>
        )
      })}
      <ClaimedField
        claimed={draft.claimed}
        cameIn={submissions.reduce((sum, { claimed }) => sum + claimed, 0)}
        onChange={(claimed) => change({ ...draft, claimed })}
      />
      {submissions.length > 0 && <h2>{t('case.preview')}</h2>}
      <Preview draft={draft} submissions={submissions} />
      <SaveNote />
      <FailureNote failure={failure} />
      <div class="actions">
        {open.unreadable === 0 && (
          <Button shortcut="p" busy={busy || !isSettled} onClick={propose}>
            {busy ? t('case.proposing') : t('case.propose')}
          </Button>
        )}
        <Button second shortcut="b" busy={busy} onClick={release}>
          {t('case.release')}
        </Button>
      </div>
      <ProposeRejection open={open} />
      <PassOn caseId={summary.id} />
    </>
  )
}

function ClaimedField(props: {
  readonly claimed: number
  readonly cameIn: number
  readonly onChange: (claimed: number) => void
}) {
  const { t } = useApp()
  const { claimed, cameIn, onChange } = props
  if (cameIn === 0) return null
  return (
    <TextField
      label={t('case.claimed')}
      hint={t('case.claimedHint')}
      value={String(claimed)}
      maxLength={7}
      onInput={(value) => {
        const number = Number(value.replaceAll(/\D/g, ''))
        onChange(Math.min(cameIn, number))
      }}
    />
  )
}

function ProposeRejection({ open }: { readonly open: OpenCase }) {
  const { t, language, desk, saver, proposed } = useApp()
  return (
    <CodedAct
      title={t('case.reject')}
      label={t('case.rejectReason')}
      hint={t('case.rejectHint')}
      shortcut="r"
      options={desk.state.form.rejectionReasons.map(({ id, label }) => ({
        id,
        label: label[language] ?? id,
      }))}
      act={async (code) => {
        await desk.proposeRejection(open, code)
        saver.forget(open.summary.id)
        await proposed(open.summary.id, t('case.proposed'))
      }}
    />
  )
}

function SaveNote() {
  const { t, saver } = useApp()
  const [state, setState] = useState<SaveState>('quiet')
  useEffect(() => {
    saver.onState(setState)
    return () => saver.onState(() => {})
  }, [saver])
  return (
    <p role="status" class={state === 'unsaved' ? 'warning' : 'hint'}>
      {state !== 'quiet' && t(`case.${state}`)}
    </p>
  )
}
