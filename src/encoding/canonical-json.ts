/** Values that have one spelling: no floats, no undefined, no dates. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue }

/**
 * RFC 8785 for the values we allow: keys sorted by UTF-16 code units, no white space, safe integers only.
 * Throws TypeError for anything else, so that two writers cannot sign different bytes for one meaning.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('lone surrogate in text')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('only safe integers are canonical')
    return JSON.stringify(value)
  }
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((key) => {
      const member = value[key]
      if (member === undefined) throw new TypeError(`${key} is undefined`)
      return `${JSON.stringify(key)}:${canonicalJson(member)}`
    })
  return `{${members.join(',')}}`
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}
