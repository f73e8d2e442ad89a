import { useState } from 'preact/hooks'
import type { Review } from '../../client/review.ts'
import { useApp } from '../app-context.ts'
import { CaseFacts } from '../case-facts.tsx'
import { CameIn, Changes, RedactedTexts } from '../changes.tsx'
import { SelectField } from '../fields.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { Preview } from '../preview.tsx'
import { useAction } from '../use-action.ts'

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
  const { t, desk, go, lock, language } = useApp()
  const { busy, failure, run } = useAction(() => lock('expired'))
  const { summary, proposedBy, submissions } = review
  const form = desk.state.form
  const done = (notice: string) => go({ name: 'queue' }, notice)
  const reasons = form.rejectionReasons.map(({ id, label }) => ({
    id,
    label: label[language] ?? id,
  }))
  return (
    <>
      <p class="back">
        <button type="button" class="plain" onClick={() => go({ name: 'queue' })}>
          {t('case.back')}
        </button>
      </p>
      <Heading>{t('review.title', { day: summary.day })}</Heading>
      <CaseFacts summary={summary} />
      <p>{t('review.by', { name: proposedBy })}</p>
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
            busy={busy}
            onClick={() =>
              run(async () => {
                await desk.approve(review)
                done(t('review.approved'))
              })
            }
          >
            {busy ? t('review.approving') : t('review.approve')}
          </Button>
        ) : (
          <Button
            busy={busy}
            onClick={() =>
              run(async () => {
                await desk.reject(review, review.code)
                done(t('review.rejected'))
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
        options={RETURN_CODES.map((id) => ({ id, label: t(`return.${id}`) }))}
        act={async (code) => {
          await desk.giveBack(review, code)
          done(t('review.givenBack'))
        }}
      />
      {review.kind === 'publish' && (
        <CodedAct
          title={t('review.reject')}
          label={t('case.rejectReason')}
          options={reasons}
          act={async (code) => {
            await desk.reject(review, code)
            done(t('review.rejected'))
          }}
        />
      )}
    </>
  )
}

/** An act that needs a reason from a fixed list. */
function CodedAct(props: {
  readonly title: string
  readonly label: string
  readonly options: readonly { readonly id: string; readonly label: string }[]
  readonly act: (code: string) => Promise<void>
}) {
  const { t, lock } = useApp()
  const { title, label, options, act } = props
  const [code, setCode] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const { busy, failure, run } = useAction(() => lock('expired'))
  return (
    <details class="row">
      <summary>{title}</summary>
      <FailureNote failure={failure} />
      <SelectField
        label={label}
        error={missing && code === null ? t('case.chooseFirst') : undefined}
        value={code}
        options={options}
        empty={t('case.choose')}
        onChange={setCode}
      />
      <Button
        second
        busy={busy}
        onClick={() => {
          setMissing(code === null)
          if (code !== null) run(() => act(code))
        }}
      >
        {title}
      </Button>
    </details>
  )
}
