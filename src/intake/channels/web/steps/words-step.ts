import { labelIn } from '../../../../declaration/form-definition.ts'
import { countChars, TEXT_MAX_CHARS, tidyText } from '../../../../declaration/text.ts'
import { languageFacts, languages } from '../../../../i18n/languages.ts'
import { checkbox, headingLabel, radios, select, textArea } from '../../../../ui/form.ts'
import { html } from '../../../../ui/html.ts'
import type { WebTranslate } from '../catalogue.ts'
import { type FormContext, offered, type Step } from '../form-context.ts'
import type { WebKey } from '../messages.en.ts'
import { findTextWarnings, type WarningKind } from '../text-warnings.ts'

/** Statements may be in any language; these are offered, and `und` stands for every other. */
const OTHER_LANGUAGES = ['bo', 'ug', 'mn', 'kk', 'ja', 'ko', 'vi', 'fr', 'de', 'es', 'ru', 'und']

const warningKeys: Readonly<Record<WarningKind, WebKey>> = {
  identity: 'foundIdentity',
  card: 'foundCard',
  phone: 'foundPhone',
  email: 'foundEmail',
  account: 'foundAccount',
  address: 'foundAddress',
  employer: 'foundEmployer',
}

export const wordsStep: Step = {
  id: 'words',
  appliesTo: () => true,
  title: ({ t }) => t('wordsTitle'),
  read: (fields, answers, { form }) => {
    const standard = form.standardTexts.map(({ id }) => `standard-${id}`)
    const text = tidyText(fields.get('text') ?? '')
    return {
      ...answers,
      words: {
        choice: offered(fields.get('words'), [...standard, 'own']),
        text,
        language: offered(fields.get('text-language'), [...languages, ...OTHER_LANGUAGES]),
        // Agreed to for this text only: another text is looked at again.
        keep: fields.get('keep') === 'yes' && text === answers.words.text,
      },
    }
  },
  check: ({ words: { choice, text, keep } }, { t }) => {
    if (choice === '') return [{ field: 'words', message: t('wordsMissing') }]
    if (choice !== 'own') return []
    if (text === '') return [{ field: 'text', message: t('wordsEmpty') }]
    const count = countChars(text)
    if (count > TEXT_MAX_CHARS) {
      return [{ field: 'text', message: t('wordsLong', { count, max: TEXT_MAX_CHARS }) }]
    }
    const found = findTextWarnings(text)
    if (found.length === 0 || keep) return []
    return [{ field: 'text', message: t('wordsFound', { kinds: kindsInWords(found, t) }) }]
  },
  view: ({ who, words }, context, problems) => {
    const { t, form, language } = context
    const standard = form.standardTexts.map((text) => ({
      value: `standard-${text.id}`,
      label: t('wordsStandard'),
      hint: labelIn(text.text, language),
      checked: words.choice === '' || words.choice === `standard-${text.id}`,
    }))
    const own = {
      value: 'own',
      label: t(who === 'asked' ? 'wordsOwnAsked' : 'wordsOwn'),
      checked: words.choice === 'own',
    }
    // What is too long goes back to its writer anyway, and may be as long as a request.
    const isSearched = words.choice === 'own' && countChars(words.text) <= TEXT_MAX_CHARS
    const asksToKeep = isSearched && findTextWarnings(words.text).length > 0
    return html`${radios({
      name: 'words',
      label: headingLabel(t('wordsHeading')),
      hint: t('wordsLead'),
      problems,
      choices: [...standard, own],
    })}<p class="warning" id="leave-out">${t('wordsLeaveOut')}</p>
${textArea({
  name: 'text',
  label: t('wordsField'),
  hint: t('wordsFieldHint', { max: TEXT_MAX_CHARS }),
  problems,
  value: words.text,
})}${asksToKeep && checkbox('keep', { value: 'yes', label: t('wordsKeep'), checked: words.keep })}${select(
  {
    name: 'text-language',
    label: t('wordsLanguage'),
    problems,
    value: words.language === '' ? language : words.language,
    options: languageOptions(context),
  },
)}`
  },
}

function kindsInWords(found: readonly WarningKind[], t: WebTranslate): string {
  return found.map((kind) => t(warningKeys[kind])).join(', ')
}

function languageOptions({ t, language }: FormContext) {
  const names = new Intl.DisplayNames(languageFacts[language].tag, { type: 'language' })
  return [
    ...languages.map((value) => ({ value, label: languageFacts[value].ownName })),
    ...OTHER_LANGUAGES.map((value) => ({
      value,
      label: value === 'und' ? t('wordsOther') : (names.of(value) ?? value),
    })),
  ]
}
