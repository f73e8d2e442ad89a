import { type TinyOptions, type TinyPerson, TinyRegister } from './tiny-register.ts'

/** Persons `first` to `end` of a series in which four share a text, and every fifth keeps the name. */
export function somePersons(first: number, end: number): TinyPerson[] {
  return Array.from({ length: end - first }, (_, i) => person(first + i))
}

function person(i: number): TinyPerson {
  return {
    text:
      i % 3 === 0
        ? { kind: 'standard', language: 'en', id: 'plain' }
        : {
            kind: 'own',
            language: 'en',
            text: `I have thought about it ${Math.floor(i / 4)} times.`,
          },
    name: `Person ${i}`,
    ...(i % 5 === 4 ? { hidden: ['name'] as const } : {}),
  }
}

/** Nine declarations in three publications, on the first three days of 2026. */
export async function standardRegister(options?: TinyOptions): Promise<TinyRegister> {
  const register = await new TinyRegister(options).publish('2026-01-01')
  await register.declare(...somePersons(0, 5)).publish('2026-01-02')
  return register.declare(...somePersons(5, 9)).publish('2026-01-03')
}
