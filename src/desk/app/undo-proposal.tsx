import { type Screen, useApp } from './app-context.ts'
import { Button, FailureNote } from './parts.tsx'
import { useAction } from './use-action.ts'

/**
 * Takes the last proposal back and opens it again. What is in hand meanwhile is put back first, its draft saved, since
 * nobody holds two cases.
 */
export function UndoProposal(props: {
  readonly caseId: string
  readonly screen: Screen
  readonly onDone: () => void
}) {
  const { t, desk, saver, go, lock } = useApp()
  const { caseId, screen, onDone } = props
  const { busy, failure, run } = useAction(() => lock('expired'))
  const undo = () =>
    run(async () => {
      await desk.withdrawProposal(caseId)
      onDone()
      if (screen.name === 'case') {
        await saver.flush()
        await desk.release(screen.open.summary.id)
      }
      go({ name: 'case', open: await desk.take(caseId) }, t('undo.done'))
    })
  return (
    <>
      <FailureNote failure={failure} />
      <p>
        <Button second busy={busy} shortcut="u" onClick={undo}>
          {t('undo.proposal')}
        </Button>
      </p>
    </>
  )
}
