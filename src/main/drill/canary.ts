import { randomInt } from 'node:crypto'

/** What can stand nowhere by chance, planted where a promise says it leaves no readable trace. */
export type Canary =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly bytes: Uint8Array }

/** Three Han characters that GB2312 and Big5 both have, then digits. */
export function plantedText(name: string): { readonly name: string; readonly text: string } {
  return { name, text: `山水木${randomInt(10 ** 9, 10 ** 10)}` }
}

/** For what can carry ASCII only. */
export function plantedWord(name: string): { readonly name: string; readonly text: string } {
  return { name, text: `canary-${randomInt(10 ** 9, 10 ** 10)}` }
}
