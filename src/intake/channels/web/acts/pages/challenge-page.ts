import { type FieldProblem, textField } from '../../../../../ui/form.ts'
import { html } from '../../../../../ui/html.ts'
import type { ActContext } from '../act-context.ts'
import type { ActPageParts } from './act-frame.ts'
import { oneActPage } from './act-page.ts'

/** Asks for the question of one verifier, which nobody else has asked. */
export function challengePage(
  context: ActContext,
  kind: 'prove' | 'open-name',
  problems: readonly FieldProblem[] = [],
): ActPageParts {
  const { t, fields } = context
  return oneActPage(context, {
    kind,
    middle: html`${textField({
      name: 'verifier',
      label: t('challengeVerifier'),
      hint: t('challengeVerifierHint'),
      problems,
      value: fields.get('verifier') ?? '',
    })}${textField({
      name: 'nonce',
      label: t('challengeNonce'),
      hint: t('challengeNonceHint'),
      problems,
      value: fields.get('nonce') ?? '',
    })}`,
    lasting: null,
    button: t(`${kind}-do`),
    go: 'do',
    problems,
  })
}
