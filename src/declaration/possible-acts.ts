import type { Leaf } from './leaf.ts'

/** What the holder of a receipt may want of a published declaration. */
export const WISH_KINDS = [
  'confirm',
  'organisations',
  'alias',
  'remove-name',
  'publish-text',
  'publish-name',
  'take-down-text',
  'take-down-name',
  'take-down-all',
  'withdraw',
  'restore',
  'rekey',
] as const
export type WishKind = (typeof WISH_KINDS)[number]

/** A wish with what it needs. Names are generated aliases: a freely written one needs reviewers. */
export type Wish =
  | { readonly kind: Exclude<WishKind, 'organisations' | 'alias' | 'rekey'> }
  | { readonly kind: 'organisations'; readonly orgs: readonly string[] }
  | { readonly kind: 'alias'; readonly alias: string }
  | { readonly kind: 'rekey'; readonly receipt: Uint8Array }

/** Where a published declaration stands, as its receipt sees it. */
export type ActView = {
  readonly index: number
  /** With its newest values. */
  readonly leaf: Leaf
  /** Of the leaf as logged. */
  readonly leafHash: string
  /** How many acts its author has signed, those that wait for publication included. */
  readonly seq: number
  /** How many of them wait: what they change is not known before they are published. */
  readonly waiting: number
  readonly withdrawn: boolean
  readonly confirmed: boolean
}

/**
 * What can be done now, as far as the public leaf tells; whether a text or name is still kept shows when the receipt opens
 * the kept file.
 */
export function possibleActs(view: ActView): readonly WishKind[] {
  const { leaf, withdrawn, confirmed, waiting } = view
  if (withdrawn) return ['restore', 'rekey']
  // An act names all that is shown after it, so while another waits only what holds in any case can be signed.
  if (waiting > 0) {
    return ['confirm', 'organisations', 'take-down-all', 'withdraw', 'rekey']
  }
  const { shown, body, name } = leaf
  const offers: Readonly<Record<WishKind, boolean>> = {
    confirm: !confirmed,
    organisations: true,
    alias: name !== undefined,
    'remove-name': name !== undefined,
    'publish-text': body !== undefined && !shown.text,
    'publish-name': name !== undefined && !shown.name,
    'take-down-text': shown.text,
    'take-down-name': shown.name,
    'take-down-all': false,
    withdraw: true,
    restore: false,
    rekey: true,
  }
  return WISH_KINDS.filter((kind) => offers[kind])
}

/** Whoever watches the site sees these happen to a text or name; for the others nothing is gained by haste. */
export const MAY_BE_URGENT: readonly WishKind[] = [
  'take-down-text',
  'take-down-name',
  'take-down-all',
  'alias',
  'remove-name',
  'withdraw',
]
