import { EVIDENCE, mayLower } from '../../declaration/evidence.ts'
import type { Choice } from '../../declaration/form-definition.ts'
import type { SubmittedPerson } from '../../declaration/submission.ts'
import type { DraftPerson } from '../client/case-draft.ts'
import { labelOf, useApp } from './app-context.ts'
import { Checkbox, SelectField } from './fields.tsx'
import { Facts } from './parts.tsx'

interface PersonFieldsProps {
  readonly from: SubmittedPerson
  readonly person: DraftPerson
  readonly onChange: (person: DraftPerson) => void
}

/** Everything about one person that a reviewer may make less of. */
export function PersonFields({ from, person, onChange }: PersonFieldsProps) {
  const { t, desk, language } = useApp()
  const { form } = desk.state
  const optionsOf = (choices: readonly Choice[]) =>
    choices.map(({ id }) => ({ id, label: labelOf(choices, id, language) }))
  const keepOut = (
    <SelectField
      label={t('case.keepOut')}
      hint={t('case.keepOutHint')}
      value={person.keptOut}
      options={optionsOf(form.keptOutReasons)}
      empty={t('case.keepIn')}
      onChange={(keptOut) => onChange({ ...person, keptOut })}
    />
  )
  if (person.keptOut !== null) return keepOut
  return (
    <>
      <NameFields from={from} person={person} onChange={onChange} />
      <Checkbox
        label={t('case.showText')}
        checked={person.showText}
        disabled={!from.consents.text}
        {...(from.consents.text ? {} : { hint: t('case.noConsent') })}
        onChange={(showText) => onChange({ ...person, showText })}
      />
      <OrganisationFields person={person} onChange={onChange} from={from} />
      <div class="pairs">
        <SelectField
          label={t('case.sector')}
          value={person.sector}
          options={optionsOf(form.sectors)}
          empty={t('nothing')}
          onChange={(sector) => onChange({ ...person, sector })}
        />
        <SelectField
          label={t('case.standing')}
          value={person.standing}
          options={optionsOf(form.standings)}
          empty={t('nothing')}
          onChange={(standing) => onChange({ ...person, standing })}
        />
        <SelectField
          label={t('case.region')}
          value={person.region}
          options={optionsOf(form.regions)}
          empty={t('nothing')}
          onChange={(region) => onChange({ ...person, region })}
        />
        <SelectField
          label={t('case.voice')}
          value={person.voice}
          options={optionsOf(form.voices)}
          onChange={(voice) => onChange({ ...person, voice: voice ?? person.voice })}
        />
        <PositionField from={from} person={person} onChange={onChange} />
        <SelectField
          label={t('case.evidence')}
          hint={t('case.evidenceHint')}
          value={person.evidence}
          options={EVIDENCE.filter((weaker) => mayLower(from.evidence, weaker)).map((id) => ({
            id,
            label: t(`evidence.${id}`),
          }))}
          onChange={(chosen) => {
            const evidence = EVIDENCE.find((one) => one === chosen)
            if (evidence !== undefined) onChange({ ...person, evidence })
          }}
        />
      </div>
      <GivenFacts from={from} person={person} />
      {keepOut}
    </>
  )
}

/** The name as it was given; it can be shown or kept, not changed. */
function NameFields({ from, person, onChange }: PersonFieldsProps) {
  const { t } = useApp()
  if (from.name === null) return <p class="hint">{t('case.nameNone')}</p>
  return (
    <>
      <p>
        {t('case.name')}: <bdi class="given">{from.name.value}</bdi>{' '}
        <span class="hint">{t(`case.nameKind.${from.name.kind}`)}</span>
      </p>
      <Checkbox
        label={t('case.showName')}
        checked={person.showName}
        disabled={!from.consents.name}
        {...(from.consents.name ? {} : { hint: t('case.noConsent') })}
        onChange={(showName) => onChange({ ...person, showName })}
      />
    </>
  )
}

function OrganisationFields({ person, onChange }: PersonFieldsProps) {
  const { t, desk, language } = useApp()
  const { organisations } = desk.state.form
  const toggle = (id: string, isLeft: boolean) => {
    const others = person.organisations.filter((one) => one !== id && one !== 'unstated')
    const left = isLeft ? [...others, id].toSorted() : others
    onChange({ ...person, organisations: left.length === 0 ? ['unstated'] : left })
  }
  return (
    <fieldset>
      <legend>{t('case.organisations')}</legend>
      {organisations.map(({ id }) => (
        <Checkbox
          key={id}
          label={labelOf(organisations, id, language)}
          checked={person.organisations.includes(id)}
          onChange={(isLeft) => toggle(id, isLeft)}
        />
      ))}
    </fieldset>
  )
}

function PositionField({ from, person, onChange }: PersonFieldsProps) {
  const { t } = useApp()
  const { position } = from.about
  if (position === undefined) return null
  return (
    <div>
      <p>
        {t('case.position')}: <bdi class="given">{position}</bdi>
      </p>
      <Checkbox
        label={t('case.showPosition')}
        checked={person.position !== null}
        disabled={!from.consents.position}
        {...(from.consents.position ? {} : { hint: t('case.noConsent') })}
        onChange={(isShown) => onChange({ ...person, position: isShown ? position : null })}
      />
    </div>
  )
}

/** What came with the person and cannot be changed here. */
function GivenFacts({ from, person }: Pick<PersonFieldsProps, 'from' | 'person'>) {
  const { t, desk, language } = useApp()
  const { consents, receipt, key } = from
  const given = desk.state.form.consents
    .filter(({ id }) => id === 'count' || (id in consents && consents[id as keyof typeof consents]))
    .map(({ id }) => labelOf(desk.state.form.consents, id, language))
  return (
    <Facts
      rows={[
        ...(person.claimedDay === null
          ? []
          : ([[t('case.claimedDay'), person.claimedDay]] as const)),
        [
          t('case.consents'),
          <ul key="consents">
            {given.map((consent) => (
              <li key={consent}>{consent}</li>
            ))}
          </ul>,
        ],
        [t('case.receipt'), receipt === null ? t('case.receiptNone') : t(`case.receipt.${key}`)],
      ]}
    />
  )
}
