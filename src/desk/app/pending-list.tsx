import type { WaitingChange } from '../client/pending-changes.ts'
import { useApp } from './app-context.ts'
import { Button } from './parts.tsx'

/** Changes that one person has signed. Whoever signs second sees what they make true, and the code to compare. */
export function PendingList(props: {
  readonly pending: readonly WaitingChange[]
  readonly busy: boolean
  readonly onSign: (change: WaitingChange) => void
  readonly onDiscard: (change: WaitingChange) => void
}) {
  const { t, desk } = useApp()
  const { pending, busy, onSign, onDiscard } = props
  const isKeyHolder = desk.state.volunteer.roles.includes('key-holder')
  return (
    <section data-list="pending">
      <h2>{t('people.pending')}</h2>
      {pending.length === 0 && <p class="hint">{t('people.pendingNone')}</p>}
      {pending.map((one) => {
        const words = changeWords(one, t)
        return (
          <div class="row" key={one.id}>
            <p>
              <strong>{words}</strong>
            </p>
            <p class="hint">
              {one.refusal === 'own'
                ? t('people.pendingOwn')
                : t('people.pendingBy', { name: one.proposedBy })}
            </p>
            {one.refusal === 'refused' && <p class="warning">{t('people.pendingRefused')}</p>}
            {hasCode(one) && (
              <>
                <p>
                  {t('people.code')}: <strong class="code">{one.code}</strong>
                </p>
                {one.refusal === null && (
                  <p>{t('people.pendingCompare', { name: subjectOf(one) })}</p>
                )}
              </>
            )}
            <div class="actions">
              {one.refusal === null && isKeyHolder && (
                <Button
                  busy={busy}
                  label={`${t('people.sign')}: ${words}`}
                  onClick={() => onSign(one)}
                >
                  {t('people.sign')}
                </Button>
              )}
              {(isKeyHolder || one.refusal === 'own') && (
                <Button
                  second
                  busy={busy}
                  label={`${discardWord(one, t)}: ${words}`}
                  onClick={() => onDiscard(one)}
                >
                  {discardWord(one, t)}
                </Button>
              )}
            </div>
          </div>
        )
      })}
    </section>
  )
}

function discardWord(one: WaitingChange, t: ReturnType<typeof useApp>['t']): string {
  return one.refusal === 'own' ? t('people.takeBack') : t('people.discard')
}

/** New keys are compared by voice; a change of tasks keeps the keys that were. */
function hasCode({ kind }: WaitingChange): boolean {
  return kind === 'admit' || kind === 'renew'
}

function subjectOf({ change }: WaitingChange): string {
  return 'id' in change ? change.id : ''
}

function changeWords(one: WaitingChange, t: ReturnType<typeof useApp>['t']): string {
  const { change, kind } = one
  const name = subjectOf(one)
  switch (change.change) {
    case 'volunteer': {
      const roles = change.roles.map((role) => t(`role.${role}`)).join(t('listJoin'))
      return t(`change.${volunteerKind(kind)}`, { name, centre: change.centre, roles })
    }
    case 'suspend':
    case 'revoke':
      return t(`change.${change.change}`, { name })
    case 'centre': {
      const key = kind === 'centre-new' ? 'change.centre-new' : 'change.centre-key'
      return t(key, { centre: change.id, month: change.month })
    }
    case 'close':
      return t('change.close', { centre: change.centre, month: change.month })
    case 'recovery':
      return t('change.recovery')
    case 'log':
    case 'root':
    case 'found':
      return t('change.log')
  }
}

function volunteerKind(kind: WaitingChange['kind']): 'admit' | 'renew' | 'restore' | 'edit' {
  return kind === 'renew' || kind === 'restore' || kind === 'edit' ? kind : 'admit'
}
