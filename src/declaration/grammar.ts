// Sources of the regular expressions shared by every format of this folder. They match whole values;
// wrap them in ^…$ before use. None can backtrack: each alternative starts differently.

/** An id of a form definition: organisation, sector, region, reason code and the like. */
export const ID = '[a-z][a-z0-9-]{0,31}'
/** A lower-case BCP 47 tag. */
export const LANGUAGE = '[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}'
/** A calendar day; `isCalendarDay` refuses the 31st of short months. */
export const DAY = '(?:19|20)\\d\\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
export const HEX_16_BYTES = '[0-9a-f]{32}'
export const HEX_32_BYTES = '[0-9a-f]{64}'
/** Canonical base64: the unused bits of the last character are zero. */
export const BASE64_32_BYTES = '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]='
export const BASE64_64_BYTES = '[A-Za-z0-9+/]{85}[AQgw]=='
/** Decimal without leading zeros, at most fifteen digits, so always a safe integer. */
export const COUNT = '0|[1-9]\\d{0,14}'
/** `unstated` alone, or the organisations left; that they are sorted and distinct is checked after. */
export const ORGANISATIONS = `${ID}(?:,${ID}){0,15}`

export function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`)
}
