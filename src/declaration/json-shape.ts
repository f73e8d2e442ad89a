import { fromUtf8 } from '../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../encoding/canonical-json.ts'
import { DeclarationError, type DeclarationErrorCode } from './error.ts'

/** Reads one JSON value or throws; `path` names the place in messages, never what stands there. */
export type Shape<T> = (value: unknown, path: string) => T
type Shapes = { readonly [key: string]: Shape<unknown> }
type Read<S extends Shapes> = { readonly [K in keyof S]: ReturnType<S[K]> }
type ReadIfAny<S extends Shapes> = { readonly [K in keyof S]?: ReturnType<S[K]> }

class ShapeMismatch extends Error {
  override readonly name = 'ShapeMismatch'
}

/**
 * Parses signed or hashed JSON. The bytes are attacker-controlled: bounded first, then shaped, then
 * compared with the canonical spelling of what was read, which also refuses repeated keys.
 */
export function parseCanonicalJson<T extends CanonicalValue>(
  bytes: Uint8Array,
  maxBytes: number,
  shape: Shape<T>,
  code: DeclarationErrorCode,
): T {
  if (bytes.length > maxBytes) throw new DeclarationError(code, `more than ${maxBytes} bytes`)
  const text = rethrow(code, () => fromUtf8(bytes))
  const value = parseJson(text, shape, code)
  if (rethrow(code, () => canonicalJson(value)) !== text) {
    throw new DeclarationError(code, 'not canonical')
  }
  return value
}

/** Parses JSON whose spelling does not matter. The caller has bounded it. */
export function parseJson<T>(text: string, shape: Shape<T>, code: DeclarationErrorCode): T {
  return rethrow(code, () => {
    const value: unknown = JSON.parse(text)
    return shape(value, '$')
  })
}

export function text(maxChars: number, pattern?: RegExp): Shape<string> {
  return (value, path) => {
    if (typeof value !== 'string' || value.length > maxChars) throw mismatch(path, 'text')
    if (pattern !== undefined && !pattern.test(value)) throw mismatch(path, `${pattern.source}`)
    return value
  }
}

/** A text that `check` accepts by not throwing. */
export function checkedText(check: (text: string) => void): Shape<string> {
  return (value, path) => {
    if (typeof value !== 'string') throw mismatch(path, 'text')
    check(value)
    return value
  }
}

export function oneOf<const T extends string>(members: readonly T[]): Shape<T> {
  return (value, path) => {
    const found = members.find((member) => member === value)
    if (found === undefined) throw mismatch(path, members.join(' or '))
    return found
  }
}

export function integer(min: number, max: number): Shape<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw mismatch(path, `whole number ${min} to ${max}`)
    }
    return value
  }
}

export const boolean: Shape<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw mismatch(path, 'true or false')
  return value
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path))
}

export function listOf<T>(shape: Shape<T>, min: number, max: number): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw mismatch(path, `list of ${min} to ${max}`)
    }
    return value.map((member: unknown, i) => shape(member, `${path}[${i}]`))
  }
}

/** An object with exactly these members; those of `optional` may be missing. */
export function object<R extends Shapes, O extends Shapes = Record<never, never>>(
  required: R,
  optional?: O,
): Shape<Read<R> & ReadIfAny<O>> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries({ ...required, ...optional }))
  return (value, path) => {
    const members = readMembers(value, path)
    for (const key of Object.keys(required)) {
      if (!members.has(key)) throw mismatch(`${path}.${key}`, 'present')
    }
    const read: { [key: string]: unknown } = {}
    for (const [key, member] of members) {
      const shape = shapes.get(key)
      if (shape === undefined) throw mismatch(path, 'without unknown members')
      read[key] = shape(member, `${path}.${key}`)
    }
    return read as Read<R> & ReadIfAny<O>
  }
}

/** An object from ids to values. */
export function recordOf<T>(
  key: RegExp,
  shape: Shape<T>,
  max: number,
): Shape<{ readonly [key: string]: T }> {
  return (value, path) => {
    const members = readMembers(value, path)
    if (members.size > max) throw mismatch(path, `at most ${max} members`)
    const read: { [key: string]: T } = {}
    for (const [name, member] of members) {
      if (!key.test(name)) throw mismatch(path, 'members named by ids')
      read[name] = shape(member, `${path}.${name}`)
    }
    return read
  }
}

/** Chooses the shape by the value of `kind`. */
export function byKind<T>(shapes: { readonly [kind: string]: Shape<T> }): Shape<T> {
  return (value, path) => {
    const kind = readMembers(value, path).get('kind')
    const shape = new Map(Object.entries(shapes)).get(typeof kind === 'string' ? kind : '')
    if (shape === undefined) throw mismatch(`${path}.kind`, Object.keys(shapes).join(' or '))
    return shape(value, path)
  }
}

function readMembers(value: unknown, path: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(path, 'object')
  }
  return new Map(Object.entries(value))
}

function mismatch(path: string, expected: string): ShapeMismatch {
  return new ShapeMismatch(`${path}: expected ${expected}`)
}

// JSON.parse, the decoder and the checks of single values throw their own errors; whoever called
// a parser of ours sees one class and one code, the reason kept as the cause.
function rethrow<T>(code: DeclarationErrorCode, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const reason = cause instanceof ShapeMismatch ? cause.message : 'not the expected JSON'
    throw new DeclarationError(code, reason, cause)
  }
}
