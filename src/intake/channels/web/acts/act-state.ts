import { encodeLeaf, parseLeaf } from '../../../../declaration/leaf.ts'
import type { ActView } from '../../../../declaration/possible-acts.ts'
import { fromBase64, toBase64 } from '../../../../encoding/base64.ts'
import { fromUtf8, utf8 } from '../../../../encoding/bytes.ts'
import { WebError } from '../error.ts'
import type { PageKeys } from '../page-keys.ts'
import type { ActKind } from './act-kinds.ts'

/** What an act's pages carry from one to the next, sealed like the form's: the receipt is in no address and no cookie. */
export interface ActState {
  readonly receipt: Uint8Array
  readonly page: 'status' | ActKind
  /** The act, signed when its page was made: pressing twice sends the same bytes. */
  readonly signed: Prepared | null
  /** The receipt that takes this one's place. */
  readonly heir: Uint8Array | null
  /** Which of the new words are to be typed again, counted from one. */
  readonly retype: readonly number[]
}

export interface Prepared {
  readonly message: Uint8Array
  readonly after: ActView
}

/** A kept file with the longest text, in a message, in a page. */
export const ACT_STATE_MAX_CHARS = 3 * 1024 * 1024

const FORMAT = 'avow/web-act/v1'

interface Written {
  readonly format: string
  readonly receipt: string
  readonly page: ActState['page']
  readonly signed: { readonly message: string; readonly after: WrittenView } | null
  readonly heir: string | null
  readonly retype: readonly number[]
}
type WrittenView = Omit<ActView, 'leaf'> & { readonly leaf: string }

export function startState(receipt: Uint8Array): ActState {
  return { receipt, page: 'status', signed: null, heir: null, retype: [] }
}

export function sealActState(state: ActState, keys: PageKeys): string {
  const { receipt, signed, heir, ...rest } = state
  const written: Written = {
    format: FORMAT,
    ...rest,
    receipt: toBase64(receipt),
    heir: heir === null ? null : toBase64(heir),
    signed:
      signed === null
        ? null
        : {
            message: fromUtf8(signed.message),
            after: { ...signed.after, leaf: fromUtf8(encodeLeaf(signed.after.leaf)) },
          },
  }
  return keys.seal(utf8(JSON.stringify(written)))
}

/** What opens was sealed by this very program since its start, so its shape needs no second look. Throws WebError. */
export function openActState(text: string, keys: PageKeys): ActState {
  const written: Written = JSON.parse(fromUtf8(keys.open(text, ACT_STATE_MAX_CHARS)))
  if (written.format !== FORMAT) throw new WebError('unsealed', 'another format')
  const { page, retype, signed, heir } = written
  return {
    page,
    retype,
    receipt: fromBase64(written.receipt),
    heir: heir === null ? null : fromBase64(heir),
    signed:
      signed === null
        ? null
        : {
            message: utf8(signed.message),
            after: { ...signed.after, leaf: parseLeaf(utf8(signed.after.leaf)) },
          },
  }
}
