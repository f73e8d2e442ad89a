import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js'
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js'
import { combine, split } from 'shamir-secret-sharing'
import { nearestWords } from '../../declaration/nearest-words.ts'
import { concatBytes } from '../../encoding/bytes.ts'
import { type Language, languages } from '../../i18n/languages.ts'
import { SealingError } from '../../sealing/error.ts'
import { deriveRecoveryKeys, type RecoveryKeys } from '../../sealing/recovery.ts'
import {
  formatShare,
  parseShare,
  RECOVERY_NEEDED_MIN,
  RECOVERY_SECRET_BYTES,
  RECOVERY_SHARE_WORDS,
  RECOVERY_SHARES_MAX,
  type RecoveryShare,
  requireEnoughShares,
} from '../../sealing/recovery-share.ts'
import { DeskClientError } from './error.ts'
import { tidyPassphrase } from './passphrase.ts'

const lists: Readonly<Record<Language, readonly string[]>> = {
  en: english,
  'zh-hans': simplified,
  'zh-hant': traditional,
}

/** What was typed for one share: the share, or where the slip is. */
export type ReadShare =
  | { readonly state: 'share'; readonly share: RecoveryShare }
  | { readonly state: 'word-count'; readonly count: number }
  | {
      readonly state: 'unknown-word'
      readonly place: number
      readonly word: string
      readonly nearest: readonly string[]
    }
  /** Every word is of the list, but together they are no share: one is another word, or two changed places. */
  | { readonly state: 'wrong-word' }

export interface NewShares {
  readonly keys: RecoveryKeys
  readonly shares: readonly RecoveryShare[]
}

/** A new secret in `count` shares of which `needed` bring it back. The secret itself is overwritten at once. */
export async function makeShares(
  random: (length: number) => Uint8Array,
  needed: number,
  count: number,
): Promise<NewShares> {
  if (needed < RECOVERY_NEEDED_MIN || needed > count || count > RECOVERY_SHARES_MAX) {
    throw new DeskClientError('bad_request', 'two or more are needed, of fifteen at most')
  }
  const secret = random(RECOVERY_SECRET_BYTES)
  const keys = await deriveRecoveryKeys(secret)
  const pieces = await split(secret, count, needed)
  secret.fill(0)
  const shares = pieces.map((piece, i) => ({
    split: keys.split,
    needed,
    number: i + 1,
    points: piece.slice(0, RECOVERY_SECRET_BYTES),
    coordinate: piece[RECOVERY_SECRET_BYTES] ?? 0,
  }))
  return { keys, shares }
}

export function shareWords(share: RecoveryShare, language: Language): readonly string[] {
  return formatShare(share, lists[language]).split(' ')
}

/** Words in any of the three languages. Chinese words are single characters, typed with or without spaces. */
export function readShare(typed: string): ReadShare {
  const words = tidyPassphrase(typed).split(' ')
  const list = listOf(words)
  const place = words.findIndex((word) => !list.includes(word))
  if (place !== -1) {
    const word = words[place] ?? ''
    return { state: 'unknown-word', place: place + 1, word, nearest: nearestWords(word, list) }
  }
  if (words.length !== RECOVERY_SHARE_WORDS) return { state: 'word-count', count: words.length }
  try {
    return { state: 'share', share: parseShare(words.join(' '), list) }
  } catch (error) {
    if (error instanceof SealingError) return { state: 'wrong-word' }
    throw error
  }
}

/** Throws DeskClientError for too few shares, shares of different splittings, and what does not fit together. */
export async function joinShares(shares: readonly RecoveryShare[]): Promise<RecoveryKeys> {
  const enough = requireJoinable(shares)
  const secret = await combine(
    enough.map(({ points, coordinate }) => concatBytes(points, Uint8Array.of(coordinate))),
  )
  const keys = await deriveRecoveryKeys(secret)
  secret.fill(0)
  if (keys.split !== enough[0]?.split) {
    throw new DeskClientError('mixed_shares', 'the shares do not fit together')
  }
  return keys
}

function requireJoinable(shares: readonly RecoveryShare[]): readonly RecoveryShare[] {
  try {
    return requireEnoughShares(shares)
  } catch (error) {
    if (!(error instanceof SealingError)) throw error
    const code = error.code === 'mixed_shares' ? 'mixed_shares' : 'too_few_shares'
    throw new DeskClientError(code, 'the shares are not enough or not of one splitting', error)
  }
}

/** The list that has most of the words: the two Chinese ones share many. */
function listOf(words: readonly string[]): readonly string[] {
  const known = (language: Language) =>
    words.filter((word) => lists[language].includes(word)).length
  const best = languages.toSorted((a, b) => known(b) - known(a))[0] ?? 'en'
  return lists[best]
}
