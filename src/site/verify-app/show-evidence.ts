import { byState } from '../../declaration/tally.ts'
import { formatAbout, type StatementText } from '../../declaration/values.ts'
import type { CompactTranslate } from '../../i18n/compact-message.ts'
import type { VerifyError } from '../../verify/error.ts'
import type { DeclarationEvidence } from '../../verify/verify-declaration.ts'
import type { ProofEvidence } from '../../verify/verify-proof.ts'
import type { RegisterEvidence } from '../../verify/verify-register.ts'
import { element, facts } from './elements.ts'

type Row = readonly [string, string]

export function showDeclaration(t: CompactTranslate, evidence: DeclarationEvidence): Node {
  const { index, state, pair, register, independent } = evidence
  const { leaf, withdrawn, confirmed } = state
  const states = [
    t(withdrawn ? 'stateWithdrawn' : 'stateStanding'),
    ...(confirmed ? [t('stateConfirmed')] : []),
  ]
  return result(t, t('resultOne', { index }), [
    [t('factRegister'), register],
    [t('factDay'), leaf.day],
    [t('factOrganisations'), leaf.orgs.join(' · ')],
    [t('factEvidence'), `${leaf.evidence} · ${leaf.key}`],
    [t('factState'), states.join(' · ')],
    ...shownRows(t, evidence),
    [t('factDeclarations'), String(pair.declarations.size)],
    witnessRow(t, independent),
  ])
}

export function showProof(t: CompactTranslate, evidence: ProofEvidence): Node {
  const { index, leaf, register, size, independent } = evidence
  return result(t, t('resultProof', { index }), [
    [t('factRegister'), register],
    [t('factDay'), leaf.day],
    [t('factOrganisations'), leaf.orgs.join(' · ')],
    [t('factEvidence'), `${leaf.evidence} · ${leaf.key}`],
    ...shownRows(t, evidence),
    [t('factDeclarations'), String(size)],
    witnessRow(
      t,
      independent.map(({ name, day }) => `${name} ${day}`),
    ),
  ])
}

export function showRegister(t: CompactTranslate, evidence: RegisterEvidence): Node {
  const { pair, register, opened, tally, independent, lastDay } = evidence
  const states = byState(tally.parts)
  const counts = [states.standing, states.withdrawn, states.flagged, states['withdrawn+flagged']]
  return result(t, `${t('resultAll')} ${t('asOf', { day: lastDay })}`, [
    [t('factRegister'), register],
    [t('factDeclarations'), String(pair.declarations.size)],
    [t('factEvents'), String(pair.events.size)],
    [t('factTexts'), [opened.body, opened.name, opened.about].join(' · ')],
    [t('factStates'), counts.join(' · ')],
    witnessRow(t, independent),
  ])
}

export function showFinding(t: CompactTranslate, { file, message, code }: VerifyError): Node {
  const rows: readonly Row[] = [
    [t('findingFile'), file],
    [t('findingWhat'), message],
    [t('findingCode'), code],
  ]
  const heading = element('h3', {}, t('findingTitle'))
  const first = element('p', {}, t('findingFirst'))
  return element('div', { class: 'error-summary', role: 'alert' }, heading, facts(rows), first)
}

function result(t: CompactTranslate, title: string, rows: readonly Row[]): Node {
  const heading = element('p', {}, element('strong', {}, title))
  return element('div', { class: 'note' }, heading, facts(rows), element('p', {}, t('notProven')))
}

function shownRows(
  t: CompactTranslate,
  { text, name, about }: Pick<DeclarationEvidence, 'text' | 'name' | 'about'>,
): readonly Row[] {
  return [
    [t('factText'), text === null ? t('factNotShown') : textIn(t, text)],
    [t('factName'), name ?? t('factNotShown')],
    ...(about === null
      ? []
      : [[t('factAbout'), formatAbout(about).trim().replaceAll('\n', ' · ')] as const]),
  ]
}

function textIn(t: CompactTranslate, text: StatementText): string {
  return text.kind === 'own' ? text.text : t('textStandard', { id: text.id })
}

function witnessRow(t: CompactTranslate, names: readonly string[]): Row {
  return [t('factWitnesses'), names.length === 0 ? t('witnessesNone') : names.join(' · ')]
}
