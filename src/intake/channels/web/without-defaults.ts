/** What differs from `usual`, member by member; undefined when nothing does. Lists are kept whole or left out. */
export function withoutDefaults(value: unknown, usual: unknown): unknown {
  if (!isRecord(value) || !isRecord(usual)) {
    return value === usual || isSameList(value, usual) ? undefined : value
  }
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (member === undefined) continue
    const before = usual[key]
    const differing = before === undefined ? member : withoutDefaults(member, before)
    if (differing !== undefined) kept[key] = differing
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** The value again. A member that `usual` has and `value` never had would appear, so both have the same members. */
export function withDefaults(differing: unknown, usual: unknown): unknown {
  if (differing === undefined) return usual
  if (!isRecord(differing) || !isRecord(usual)) return differing
  const whole: Record<string, unknown> = { ...usual }
  for (const key of Object.keys(differing)) {
    const member = differing[key]
    const before = usual[key]
    if (member !== undefined)
      whole[key] = before === undefined ? member : withDefaults(member, before)
  }
  return whole
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false
  return one.length === other.length && JSON.stringify(one) === JSON.stringify(other)
}
