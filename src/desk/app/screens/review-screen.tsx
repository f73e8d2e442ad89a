import { DeskClientError } from '../../client/error.ts'
import type { Review } from '../../client/review.ts'
import { useApp } from '../app-context.ts'
import { CaseFacts } from '../case-facts.tsx'
import { CameIn, Changes, RedactedTexts } from '../changes.tsx'
import { CodedAct } from '../coded-act.tsx'
import { NoteList } from '../note-list.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { AddNote } from '../pass-on.tsx'
import { Preview } from '../preview.tsx'
import { useShortcut } from '../shortcut-registry.ts'
import { useAction } from '../use-action.ts'
import { useSettled } from '../use-settled.ts'

const RETURN_CODES = [
  'redact-more',
  'redact-less',
  'organisations',
  'person-fields',
  'keep-out',
  'evidence',
  'duplicate',
  'do-not-publish',
  'other',
] as const

/** The second pair of eyes: what came in beside what is proposed, and the three ways on. */
export function ReviewScreen({ review }: { readonly review: Review }) {
  const { t, desk, go, done, lock, language, run: inRun } = useApp()
  const { busy, failure, run } = useAction(() => lock('expired'))
  const { summary, proposedBy, submissions } = review
  const form = desk.state.form
  /** In a run somebody else may have decided first: then there is nothing to do here, and the run goes on. */
  const decide = async (work: () => Promise<void>, notice: string) => {
    try {
      await work()
    } catch (error) {
      const isDecided = error instanceof DeskClientError && error.code === 'case_not_proposed'
      if (!isDecided || inRun === null) throw error
      return done(t('error.case_not_proposed'))
    }
    await done(notice)
  }
  const back = () => go({ name: 'queue' })
  useShortcut('Escape', back)
  const isSettled = useSettled()
  const reasons = form.rejectionReasons.map(({ id, label }) => ({
    id,
    label: label[language] ?? id,
  }))
  return (
    <>
      <p class="back">
        <button type="button" class="plain" aria-keyshortcuts="Escape" onClick={back}>
          {t('case.back')}
        </button>
      </p>
      <Heading>{t('review.title', { day: summary.day })}</Heading>
      <CaseFacts summary={summary} />
      <p>{t('review.by', { name: proposedBy })}</p>
      <NoteList notes={review.notes} />
      {review.kind === 'publish' ? (
        <>
          <p class="note">{t('review.verified')}</p>
          <RedactedTexts draft={review.bundle.draft} submissions={submissions} by={proposedBy} />
          <h2>{t('review.changed')}</h2>
          <Changes draft={review.bundle.draft} submissions={submissions} />
          <h2>{t('case.preview')}</h2>
          <Preview draft={review.bundle.draft} submissions={submissions} />
        </>
      ) : (
        <>
          <p class="warning">
            {t('review.rejectProposed', {
              name: proposedBy,
              reason: reasons.find(({ id }) => id === review.code)?.label ?? review.code,
            })}
          </p>
          <h2>{t('review.cameIn')}</h2>
          {review.unreadable > 0 && <p class="warning">{t('case.unreadable')}</p>}
          <CameIn submissions={submissions} />
        </>
      )}
      <FailureNote failure={failure} />
      <div class="actions">
        {review.kind === 'publish' ? (
          <Button
            shortcut="a"
            busy={busy || !isSettled}
            onClick={() =>
              run(async () => {
                await decide(() => desk.approve(review), t('review.approved'))
              })
            }
          >
            {busy ? t('review.approving') : t('review.approve')}
          </Button>
        ) : (
          <Button
            shortcut="a"
            busy={busy || !isSettled}
            onClick={() =>
              run(async () => {
                await decide(() => desk.reject(review, review.code), t('review.rejected'))
              })
            }
          >
            {t('review.confirmReject')}
          </Button>
        )}
      </div>
      <CodedAct
        title={t('review.return')}
        label={t('review.returnReason')}
        shortcut="r"
        options={RETURN_CODES.map((id) => ({ id, label: t(`return.${id}`) }))}
        act={async (code) => {
          await decide(() => desk.giveBack(review, code), t('review.givenBack'))
        }}
      />
      {review.kind === 'publish' && (
        <CodedAct
          title={t('review.reject')}
          label={t('case.rejectReason')}
          shortcut="x"
          options={reasons}
          act={async (code) => {
            await decide(() => desk.reject(review, code), t('review.rejected'))
          }}
        />
      )}
      <AddNote caseId={summary.id} />
      <CodedAct
        title={t('pass.recuse')}
        label={t('pass.sure')}
        hint={t('pass.recuseHint')}
        shortcut="w"
        options={[{ id: 'yes', label: t('pass.recuseYes') }]}
        act={async () => {
          await desk.recuse(summary.id)
          await done(t('pass.recused'))
        }}
      />
    </>
  )
}
