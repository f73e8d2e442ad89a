import { parseReceipt } from '../../declaration/receipt.ts'
import { wordlists } from '../../intake/channels/web/wordlists.ts'
import { type Canary, plantedText, plantedWord } from './canary.ts'

/** What was planted, by what may be found of it on the disk. */
export class Plants {
  /** Must be found in the public files. */
  readonly published: Canary[] = []
  /** Was public and was taken back: may stand nowhere once the erasure is finished. */
  readonly erased: Canary[] = []
  /** May never stand anywhere in clear. */
  readonly sealed: Canary[] = []

  publish(name: string): string {
    return plant(this.published, plantedText(name))
  }

  erase(name: string): string {
    return plant(this.erased, plantedText(name))
  }

  seal(name: string): string {
    return plant(this.sealed, plantedText(name))
  }

  /** For what can carry ASCII only. */
  sealWord(name: string): string {
    return plant(this.sealed, plantedWord(name))
  }

  /** Exactly what the service or a volunteer's browser handed out. */
  sealGiven(name: string, text: string): void {
    this.sealed.push({ name, text })
  }

  sealReceipt(words: string): string {
    const name = `receipt ${this.sealed.length}`
    this.sealed.push({ name, text: words })
    this.sealed.push({ name: `${name} as bytes`, bytes: parseReceipt(words, wordlists) })
    return words
  }
}

function plant(list: Canary[], canary: { readonly name: string; readonly text: string }): string {
  list.push(canary)
  return canary.text
}
