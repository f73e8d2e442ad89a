import { useRef, useState } from 'preact/hooks'
import { labelIn } from '../../declaration/form-definition.ts'
import type { Submission } from '../../declaration/submission.ts'
import type { StatementText as Text } from '../../declaration/values.ts'
import { redactRange, redactWords } from '../client/redaction.ts'
import { useApp } from './app-context.ts'
import { Field, TextField } from './fields.tsx'
import { Button } from './parts.tsx'
import { Suggestions } from './suggestions.tsx'

/** The text as it will stand, with the ways to take words out of it. There is no way to put words in. */
export function StatementText(props: {
  readonly submission: Submission
  readonly text: Text
  readonly onChange: (text: Text) => void
}) {
  const { t, desk, language } = useApp()
  const { submission, text, onChange } = props
  if (text.kind === 'standard') {
    const standard = desk.state.form.standardTexts.find(({ id }) => id === text.id)
    return (
      <>
        <p>{t('case.standard')}</p>
        <blockquote class="statement" lang={text.language}>
          {standard === undefined ? text.id : labelIn(standard.text, text.language)}
        </blockquote>
        {text.language !== language && standard !== undefined && (
          <p class="hint">{labelIn(standard.text, language)}</p>
        )}
      </>
    )
  }
  const isShown = submission.persons.some(({ consents }) => consents.text)
  return (
    <>
      {!isShown && <p class="note">{t('case.nobodyShows')}</p>}
      <Redaction
        language={text.language}
        text={text.text}
        original={submission.statement.kind === 'own' ? submission.statement.text : text.text}
        onChange={(changed) => onChange({ ...text, text: changed })}
      />
    </>
  )
}

function Redaction(props: {
  readonly language: string
  readonly text: string
  readonly original: string
  readonly onChange: (text: string) => void
}) {
  const { t } = useApp()
  const { language, text, original, onChange } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const [words, setWords] = useState('')
  const [problem, setProblem] = useState<'selection' | 'words' | null>(null)
  const takeOutSelection = () => {
    const { selectionStart = 0, selectionEnd = 0 } = area.current ?? {}
    if (selectionStart === selectionEnd) {
      setProblem('selection')
      return
    }
    setProblem(null)
    onChange(redactRange(text, { start: selectionStart, end: selectionEnd }))
  }
  const takeOutWords = () => {
    const changed = redactWords(text, words)
    setProblem(changed === text ? 'words' : null)
    if (changed !== text) setWords('')
    onChange(changed)
  }
  return (
    <>
      <Field
        label={t('case.textLabel')}
        hint={t('case.textHint')}
        error={problem === 'selection' ? t('case.redactNothing') : undefined}
      >
        {(ids) => (
          <textarea
            {...ids}
            ref={area}
            readOnly
            dir="auto"
            lang={language}
            rows={Math.min(24, 4 + Math.ceil(text.length / 60))}
            value={text}
          />
        )}
      </Field>
      <div class="actions">
        <Button second onClick={takeOutSelection}>
          {t('case.redactSelection')}
        </Button>
        {text !== original && (
          <Button second onClick={() => onChange(original)}>
            {t('case.restore')}
          </Button>
        )}
      </div>
      <Suggestions text={text} onChange={onChange} />
      <TextField
        label={t('case.redactWords')}
        error={problem === 'words' ? t('case.redactWordsNone') : undefined}
        value={words}
        maxLength={200}
        onInput={setWords}
      />
      <Button second onClick={takeOutWords}>
        {t('case.redactWordsButton')}
      </Button>
    </>
  )
}
