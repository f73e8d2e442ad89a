import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, utf8 } from '../../encoding/bytes.ts'
import { toHex } from '../../encoding/hex.ts'
import type { CompactTranslate } from '../../i18n/compact-message.ts'
import { type Policy, parsePolicy } from '../../tlog/policy.ts'
import { MAX_POLICY_BYTES, POLICY_FILE } from '../../verify/logged-files.ts'
import type { ReadFile } from '../../verify/read-file.ts'
import type { CheckerData } from './checker-data.ts'
import { choice, element, field } from './elements.ts'
import { Unreadable } from './read-source.ts'

/** By what is judged: the policy a file carries, one that the reader brings, or, last, the one that the site serves. */
export class PolicyChoice {
  readonly element: HTMLElement
  readonly #t: CompactTranslate
  readonly #baked: string | null
  readonly #own: HTMLTextAreaElement

  constructor(t: CompactTranslate, { policy }: Pick<CheckerData, 'policy'>) {
    this.#t = t
    this.#baked = policy
    this.#own = element('textarea', {
      rows: '5',
      spellcheck: 'false',
      dir: 'ltr',
      autocomplete: 'off',
    })
    const ownField = field(t('policyLabel'), this.#own, t('policyHint'))
    this.element = element(
      'fieldset',
      {},
      element('legend', {}, t('policyTitle')),
      policy === null
        ? choice('policy', 'served', t('policyServed'), true)
        : choice('policy', 'baked', t('policyBaked', { hash: toHex(sha256(utf8(policy))) }), true),
      choice('policy', 'own', t('policyOwn'), false),
      ownField,
    )
    ownField.hidden = true
    this.element.addEventListener('change', ({ target }) => {
      // Leaving the field changes it too, and must not be called back by the focus.
      if (target === this.#own) return
      ownField.hidden = this.#chosen() !== 'own'
      if (!ownField.hidden) this.#own.focus()
    })
  }

  /** `read` is undefined where there is nothing that could serve a policy. */
  async obtain(read: ReadFile | undefined): Promise<Policy> {
    const text = await this.#text(read)
    try {
      return parsePolicy(text)
    } catch (cause) {
      throw new Unreadable(this.#t('policyBad'), { cause })
    }
  }

  #chosen(): string | undefined {
    return this.element.querySelector<HTMLInputElement>('input:checked')?.value
  }

  async #text(read: ReadFile | undefined): Promise<string> {
    const chosen = this.#chosen()
    if (chosen === 'baked' && this.#baked !== null) return this.#baked
    if (chosen === 'own') {
      const own = this.#own.value.trim()
      if (own === '') throw new Unreadable(this.#t('policyMissing'))
      return `${own.replaceAll('\r\n', '\n')}\n`
    }
    const bytes = await read?.(POLICY_FILE, MAX_POLICY_BYTES)
    if (bytes === undefined) throw new Unreadable(this.#t('policyMissing'))
    return fromUtf8(bytes)
  }
}
